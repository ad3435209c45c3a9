"""What rules settle, from the mail to the case: owners in turn, labels, fields, review, another template."""

from pathlib import Path

import pytest

from maild.app.explain import explain_bytes
from maild.app.explain_words import headings, in_words, rule_row
from maild.app.review import finish_review, list_review
from maild.app.rule_tests import run_rule_tests
from maild.errors import NotFound
from maild.model.people import SHELL
from tests.sim.rig import Rig, a_mail, subject_of

PEOPLE = """\
departments: [sales]
people:
  - {name: 李娜, address: li.na@example.com, department: sales}
  - {name: Wu, address: wu@example.com, department: sales}
"""
RULES = """\
rules:
  - name: pumps
    when: {subject: {matches: '水泵\\s*(?P<pump_no>\\d+)'}}
    then: {kind: request, owner: {round_robin: sales}, department: sales, labels: [pump], confidential: true,
           template: thanks, stop: true}
  - name: junk
    when: {subject: {contains: junk}}
    then: {spam: true, stop: true}
  - name: hurry
    when: {has_case: true, text: {contains: 加急}}
    then: {priority: urgent, labels: [hurry]}
"""


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    rig = Rig(tmp_path)
    (rig.config / "people.yaml").write_text(PEOPLE, "utf-8")
    (rig.config / "rules" / "aaa.yaml").write_text(RULES, "utf-8")
    toml = rig.config / "maild.toml"
    toml.write_text(
        toml.read_text("utf-8").replace('default_kind = "request"', 'default_kind = "review"'), "utf-8"
    )
    shipped = Path(__file__).parents[2] / "maild" / "templates" / "mail"
    for path in shipped.glob("acknowledgement*"):
        text = (
            path.read_text("utf-8")
            .replace("已收到您的来信", "感谢来信")
            .replace("name: acknowledgement", "name: thanks")
        )
        (rig.config / "templates" / path.name.replace("acknowledgement", "thanks")).write_text(text, "utf-8")
    return rig


def _deliver(rig: Rig, subject: str, number: int, body: str = "请报价。", **headers: str) -> None:
    raw = a_mail(subject=subject, body=body, Message_ID=f"<m{number}@customer.example>", **headers)
    rig.imap.deliver(raw, rig.clock.now())


def test_owners_take_turns_and_mail_that_joins_adds_to_the_case(rig: Rig) -> None:
    with rig.running() as running:
        for number in (1, 2, 3):
            _deliver(rig, f"水泵 {number}", number)
        running.work()
        _deliver(rig, "Re: 水泵 1", 9, "请加急。", In_Reply_To="<m1@customer.example>")
        running.work()
        third, second, first = running.cases()
    assert [case.traits.owner for case in (first, second, third)] == [
        "li.na@example.com",
        "wu@example.com",
        "li.na@example.com",
    ]
    assert (first.priority, first.traits.labels, first.traits.fields) == (
        "urgent",
        ("hurry", "pump"),
        (("pump_no", "1"),),
    )
    assert (second.priority, second.traits.confidential, second.traits.department) == (
        "normal",
        True,
        "sales",
    )
    assert [mail for mail in rig.smtp.taken if "感谢来信" in subject_of(mail.raw)]


def test_what_no_rule_decides_waits_for_a_person(rig: Rig) -> None:
    with rig.running() as running:
        _deliver(rig, "你好", 1)
        _deliver(rig, "junk", 2)
        running.work()
        assert running.cases() == ()
        (entry,) = list_review(running.context, SHELL, limit=10)
        assert (entry.message.subject, entry.reason) == ("你好", "no rule matched: a person looks at it")
        finish_review(running.context, entry.message.key, "handed on")
        assert list_review(running.context, SHELL, limit=10) == ()
        with pytest.raises(NotFound, match="waits for review"):
            finish_review(running.context, entry.message.key, "again")


@pytest.mark.parametrize(
    ("subject", "chinese", "english"),
    [
        pytest.param(
            "水泵 7", "开立事项 C-2026-00001：类别 request，优先级 normal", "confidential: yes", id="opens"
        ),
        pytest.param("你好", "不立事项，待人工查看", "a person looks at it", id="review"),
        pytest.param("junk", "按垃圾邮件归档，不立事项", "spam: rule 'junk'", id="spam"),
    ],
)
def test_an_explanation_in_two_languages(rig: Rig, subject: str, chinese: str, english: str) -> None:
    with rig.running() as running:
        told = explain_bytes(running.context, SHELL, a_mail(subject=subject), "service")
    assert chinese in dict(in_words(told, "zh"))["决定"]
    assert english in " ".join(text for _, text in in_words(told, "en"))
    for language in ("zh", "en"):
        assert len(headings("zh")[1]) == len(rule_row(told.trace[0], "zh" if language == "zh" else "en"))


def test_an_explanation_of_mail_that_joins_or_is_archived(rig: Rig) -> None:
    with rig.running() as running:
        _deliver(rig, "水泵 1", 1)
        running.work()
        reply = a_mail(subject="Re: 水泵 1", Message_ID="<r@x>", In_Reply_To="<m1@customer.example>")
        told = dict(in_words(explain_bytes(running.context, SHELL, reply, "service"), "zh"))
        assert told["决定"] == "归入事项 C-2026-00001"
        assert told["规则"] == "邮件归入已有事项，没有针对它的规则"
        stranger = a_mail(
            "x@stranger.example", "Re: 水泵", Message_ID="<s@x>", In_Reply_To="<m1@customer.example>"
        )
        assert (
            "未经核实"
            in dict(in_words(explain_bytes(running.context, SHELL, stranger, "service"), "zh"))["决定"]
        )
        machine = a_mail(subject="x", Message_ID="<a@x>", Auto_Submitted="auto-replied")
        told = dict(in_words(explain_bytes(running.context, SHELL, machine, "service"), "zh"))
        assert (told["决定"], told["来信"][:4]) == ("只归档，不立事项", "自动回复")


def test_tests_beside_the_rules_say_what_was_not_as_expected(rig: Rig) -> None:
    tests = """
tests:
  - {name: right, message: {from: a@b.example, subject: 水泵 7}, expect: {fields: {pump_no: "7"},
     labels: pump, owner: [li.na@example.com, WU@example.com], rules: pumps}}
  - {name: wrong, message: {from: a@b.example, subject: 水泵 7}, expect: {kind: contract,
     spam: true, labels: [], fields: {a: b}}}
  - {name: nowhere, message: {from: a@b.example, mailbox: sales}, expect: {kind: contract}}
  - {name: broken, message: {from: a@b.example, headers: {X-A: "a\\nb"}}, expect: {kind: contract}}
"""
    (rig.config / "rules" / "aaa.yaml").write_text(RULES + tests, "utf-8")
    with rig.running() as running:
        tried = run_rule_tests(running.context.configuration, rig.config / "rules")
    first, second, third, fourth = tried[:4]
    assert first.wrong == ()
    assert second.wrong == (
        "kind: expected contract, got request",
        "labels: expected none, got pump",
        "fields: expected a=b, got pump_no=7",
        "spam: expected true, got false",
    )
    assert third.wrong == ("the message cannot be written: there is no mailbox 'sales'",)
    assert fourth.wrong[0].startswith("the message cannot be written: ")
