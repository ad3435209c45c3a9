"""Loading templates, finding every mistake in them, and filling them in."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from maild.errors import ConfigError, RenderError
from maild.model.rendering import Lines
from maild.render.template import SHIPPED_FOLDER, load
from tests.unit.render.samples import NOBODY, VALUES, write, write_both


def mistakes(folder: Path) -> list[str]:
    """What is said of the templates there, with the file's name alone."""
    with pytest.raises(ConfigError) as told:
        load([folder])
    return [str(problem).replace(f"{folder}/", "") for problem in told.value.problems]


@pytest.mark.parametrize(
    ("body", "head", "expected"),
    [
        pytest.param(
            "x", {"purpose": ""}, "1: purpose is missing (add purpose: to the head)", id="missing key"
        ),
        pytest.param(
            "x", {"subjct": "y"}, "7: unknown key 'subjct' (did you mean 'subject'?)", id="unknown key"
        ),
        pytest.param("x", {"version": "[1]"}, "3: version must be text (put it in quotes)", id="a list"),
        pytest.param("x", {"version": "'  '"}, "3: version must be text (put it in quotes)", id="blank"),
        pytest.param("x", {"version": "true"}, "3: version must be text (put it in quotes)", id="a truth"),
        pytest.param(
            "x", {"version": "1.10"}, "3: version must be text (put it in quotes)", id="1.10 would be 1.1"
        ),
        pytest.param(
            "x", {"name": "other"}, "2: name is 'other', but the file's name says 'note'", id="another name"
        ),
        pytest.param(
            "x",
            {"language": "en"},
            "5: language is 'en', but the file's name says 'zh'",
            id="another language",
        ),
        pytest.param(
            "one\n{{ case_nmber }}",
            {},
            "9: there is no variable 'case_nmber' (did you mean 'case_number'?)",
            id="variable",
        ),
        pytest.param(
            "x",
            {"subject": "'{{ nmber }}'"},
            "6: there is no variable 'nmber' (did you mean 'case_number'?)",
            id="variable in the subject",
        ),
        pytest.param(
            "{{ range(3) }}", {}, "8: there is no variable 'range'", id="no function of Jinja's own"
        ),
        pytest.param(
            "a\n\n{% if %}", {}, "10: Expected an expression, got 'end of statement block'", id="syntax"
        ),
        pytest.param("x\n{{ case_number | shout }}", {}, "9: No filter named 'shout'.", id="filter"),
        pytest.param("{{ case_number.foo }}", {}, "8: 'str object' has no attribute 'foo'", id="attribute"),
        pytest.param(
            "a\n{{ 1 // (case_subject | length) }}",
            {},
            "9: integer division or modulo by zero",
            id="empty value",
        ),
        pytest.param(
            "a\n{{ case_number.__class__.__mro__ }}",
            {},
            "9: access to attribute '__class__' of 'str' object is unsafe.",
            id="reaching into Python",
        ),
        pytest.param(
            "{% include 'x' %}",
            {},
            "8: include cannot be used in a mail template (use if, for and set)",
            id="include",
        ),
        pytest.param(
            "{% filter upper %}x{% endfilter %}",
            {},
            "8: filterblock cannot be used in a mail template (use if, for and set)",
            id="filter block",
        ),
        pytest.param(
            "x",
            {"subject": "'{{ contact_name }}'"},
            "6: nothing is left once it is filled in",
            id="empty subject",
        ),
        pytest.param("", {}, "6: nothing is left once it is filled in", id="empty body"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, body: str, head: dict[str, str], expected: str
) -> None:
    write(tmp_path, language="en")
    path = write(tmp_path, body=body)
    keys = path.read_text("utf-8")
    for key, value in head.items():
        keys = _with_key(keys, key, value)
    path.write_text(keys, "utf-8")
    (told,) = mistakes(tmp_path)
    assert told.startswith(f"note.zh.md:{expected}")


def _with_key(text: str, key: str, value: str) -> str:
    """The file with a key of its head changed, added, or (value "") taken out."""
    head, fence, body = text.rpartition("---")
    lines = [line for line in head.splitlines() if value or not line.startswith(f"{key}:")]
    changed = [f"{key}: {value}" if line.startswith(f"{key}:") else line for line in lines]
    if value and changed == lines:
        changed.append(f"{key}: {value}")
    return "\n".join(changed) + "\n" + fence + body


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "no head", "1: a template begins with a line ---, its keys, and another line ---", id="none"
        ),
        pytest.param("---\nname: x\n", "1: a template begins with a line ---", id="not closed"),
        pytest.param("x\n---\n---\n", "1: a template begins with a line ---", id="not at the start"),
        pytest.param("---\nname: a\nname: b\n---\n", "3: found duplicate key", id="twice"),
        pytest.param("---\nname: 'a\n---\n", "2: found unexpected end of stream", id="open quote"),
        pytest.param("---\nname: a: b\n---\n", "2: mapping values are not allowed here", id="not YAML"),
        pytest.param("---\nname: \x01\n---\n", "1: ", id="a control character"),
        pytest.param("---\njust words\n---\n", "1: no keys between the lines ---", id="words"),
        pytest.param("---\n---\n", "1: no keys between the lines ---", id="empty"),
    ],
)
def test_a_head_that_cannot_be_read(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "note.zh.md").write_text(text, "utf-8")
    (told,) = mistakes(tmp_path)
    assert told.startswith(f"note.zh.md:{expected}")


def test_every_mistake_of_every_file_is_told(tmp_path: Path) -> None:
    write(tmp_path, body="{{ a }} {{ b }}\n\n{{ a }}")
    write(tmp_path, language="en", subject="'{{ c }}'", body="{{ d }}")
    assert [told.partition(" (")[0] for told in mistakes(tmp_path)] == [
        "note.en.md:6: there is no variable 'c'",
        "note.en.md:8: there is no variable 'd'",
        "note.zh.md:8: there is no variable 'a'",
        "note.zh.md:8: there is no variable 'b'",
        "note.zh.md:10: there is no variable 'a'",
    ]


def test_a_language_that_is_missing(tmp_path: Path) -> None:
    write_both(tmp_path)
    write(tmp_path, name="lonely", language="de")
    assert mistakes(tmp_path) == [
        "lonely.de.md: template 'lonely' is not there in zh (add lonely.zh.md)",
        "lonely.de.md: template 'lonely' is not there in en (add lonely.en.md)",
    ]


@pytest.mark.parametrize("name", ["note.md", "Note.zh.md", "note.zh-CN.md", "note.x.zh.md"])
def test_a_file_with_another_sort_of_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x", "utf-8")
    expected = f"{name}: a template's file is named NAME.LANGUAGE.md (such as acknowledgement.zh.md)"
    assert mistakes(tmp_path) == [expected]


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "note.zh.md").write_bytes("---\nname: 客户\n".encode("gb18030"))
    assert mistakes(tmp_path) == ["note.zh.md: is not UTF-8 (save it as UTF-8)"]


def test_windows_line_ends_and_a_byte_order_mark_are_fine(tmp_path: Path) -> None:
    write_both(tmp_path, body="one\n\ntwo")
    for path in tmp_path.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load([tmp_path]).render("note", "zh", VALUES).text == "one\n\ntwo\n"


def test_an_admins_file_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    write(tmp_path, name="acknowledgement", version="mine-7", body="own words")
    (tmp_path / "README.md").write_text("about these files", "utf-8")
    templates = load([SHIPPED_FOLDER, tmp_path, tmp_path / "none"])
    own = templates.render("acknowledgement", "zh", VALUES)
    assert (own.text, own.template_version) == ("own words\n", "mine-7")
    assert templates.render("acknowledgement", "en", VALUES).template_version == "1"


@pytest.mark.parametrize(
    ("asked", "fallback", "got"),
    [
        pytest.param("zh", "en", "zh", id="asked for"),
        pytest.param("zh-CN", "en", "zh", id="a tag"),
        pytest.param("ZH-Hant-TW", "en", "zh", id="another tag"),
        pytest.param("fr", "zh", "zh", id="fallback"),
        pytest.param("", "en", "en", id="unknown language"),
    ],
)
def test_language(tmp_path: Path, asked: str, fallback: str, got: str) -> None:
    write_both(tmp_path)
    assert load([tmp_path]).render("note", asked, VALUES, fallback=fallback).language == got


def test_a_language_that_is_nowhere(tmp_path: Path) -> None:
    write_both(tmp_path)
    with pytest.raises(RenderError, match="'note' is not there in fr or de, only in en, zh"):
        load([tmp_path]).render("note", "fr", VALUES, fallback="de")


def test_a_template_that_is_nowhere(tmp_path: Path) -> None:
    write_both(tmp_path)
    with pytest.raises(RenderError, match=r"there is no mail template 'nte' \(did you mean 'note'\?\)"):
        load([tmp_path]).render("nte", "zh", VALUES)


def test_values_that_break_a_template_are_an_error_that_names_it(tmp_path: Path) -> None:
    write_both(tmp_path, body="{{ 1 // (company_name | length) }}")
    templates = load([tmp_path])
    with pytest.raises(RenderError, match=r"note\.zh\.md: integer division or modulo by zero"):
        templates.render("note", "zh", replace(VALUES, company_name=""))


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("*a* _b_ `c` **d**", id="emphasis"),
        pytest.param("<script>alert(1)</script>", id="script"),
        pytest.param("[x](javascript:alert(1))", id="link"),
        pytest.param("{{ mailbox_address }} {% raw %}", id="Jinja"),
        pytest.param("1. a", id="list"),
        pytest.param("# a", id="heading"),
        pytest.param("> a", id="quotation"),
        pytest.param("---", id="rule"),
        pytest.param("===", id="underline"),
        pytest.param("&lt;b&gt; &#42;", id="entities"),
        pytest.param("a\\", id="backslash"),
        pytest.param("![x](http://example.com/x.png)", id="picture"),
        pytest.param("<https://example.com>", id="autolink"),
        pytest.param("| a | b |", id="table"),
    ],
)
def test_a_customers_subject_is_shown_as_it_was_written(tmp_path: Path, hostile: str) -> None:
    write_both(
        tmp_path,
        body="关于\n{{ case_subject }}\n\n**{{ case_subject }}**",
        subject="'关于 {{ case_subject }}'",
    )
    rendered = load([tmp_path]).render("note", "zh", replace(VALUES, case_subject=hostile))
    shown = hostile.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert rendered.subject == f"关于 {hostile}"
    assert rendered.text == f"关于\n{hostile}\n\n{hostile}\n"
    assert f"关于<br>\n{shown}</p>" in rendered.html
    assert f"<strong>{shown}</strong>" in rendered.html


def test_a_value_of_many_lines_is_one_line(tmp_path: Path) -> None:
    write_both(tmp_path, body="关于 {{ case_subject }}", subject="'关于 {{ case_subject }}'")
    rendered = load([tmp_path]).render("note", "zh", replace(VALUES, case_subject="a\r\nBcc: x\n\n# b"))
    assert rendered.subject == "关于 a Bcc: x # b"
    assert rendered.text == "关于 a Bcc: x # b\n"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_message_is_quoted_whole(language: str) -> None:
    values = replace(VALUES, message_from="王强", message_text=Lines("第一行\n> *第二行*\n\n\n1. 第三行\n"))
    rendered = load([SHIPPED_FOLDER]).render("new_message", language, values)
    assert "\n\n> 第一行\n> > *第二行*\n>\n> 1. 第三行\n\n" in rendered.text
    quoted = re.findall(r"<blockquote.*?</blockquote>", rendered.html, re.DOTALL)
    assert [re.findall(r"第.行", each) for each in quoted] == [["第一行", "第二行", "第三行"]]
    assert "&gt; *第二行*" in quoted[0]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        pytest.param("zh", "（来信没有正文。）", id="zh"),
        pytest.param("en", "(The message has no text.)", id="en"),
    ],
)
def test_a_message_without_text_says_so(language: str, told: str) -> None:
    rendered = load([SHIPPED_FOLDER]).render("new_message", language, replace(VALUES, message_from="王强"))
    assert f"\n\n{told}\n\n" in rendered.text
    assert "<blockquote" not in rendered.html


def test_a_template_that_takes_a_subject_for_granted(tmp_path: Path) -> None:
    write_both(tmp_path, subject="'{{ message_subject }}'")
    assert mistakes(tmp_path) == [
        f"note.{language}.md:6: nothing is left once it is filled in" for language in ("en", "zh")
    ]


def test_a_long_subject_is_cut(tmp_path: Path) -> None:
    write_both(tmp_path, subject="'[{{ case_number }}] {{ case_subject }}'")
    subject = load([tmp_path]).render("note", "zh", replace(VALUES, case_subject="长" * 500)).subject
    assert len(subject) == 200
    assert subject.startswith("[KF-2026-00042] 长长")
    assert subject.endswith("长…")


def test_the_chinese_acknowledgement_reads_well() -> None:
    rendered = load([SHIPPED_FOLDER]).render("acknowledgement", "zh", VALUES)
    assert rendered.subject == "[KF-2026-00042] 已收到您的来信：轴承 3 号批次异响"
    assert rendered.text.startswith(
        "尊敬的王强：\n\n您好！\n\n我们已于2026年9月30日 16:40收到您关于“轴承 3 号批次异响”的来信，"
    )
    assert "1 个工作日内" in rendered.text
    assert rendered.text.endswith("此致\n敬礼\n\n示例科技有限公司\n客户服务中心\nservice@example.com\n")


@pytest.mark.parametrize(
    ("language", "subject", "opening"),
    [
        pytest.param("zh", "[KF-2026-00042] 已收到您的来信", "尊敬的客户：\n\n您好！\n\n我们已于", id="zh"),
        pytest.param(
            "en", "[KF-2026-00042] We have received your message", "Dear Sir or Madam,\n\nThank you", id="en"
        ),
    ],
)
def test_the_acknowledgement_reads_well_to_somebody_unknown(
    language: str, subject: str, opening: str
) -> None:
    rendered = load([SHIPPED_FOLDER]).render("acknowledgement", language, NOBODY)
    assert rendered.subject == subject
    assert rendered.text.startswith(opening)
    assert "“”" not in rendered.text
    assert '""' not in rendered.text


def test_every_line_of_the_english_acknowledgement_fits() -> None:
    values = replace(VALUES, company_name="Example Ltd", mailbox_name="Service", contact_name="Wang Qiang")
    values = replace(values, case_subject="Noise in bearing, lot 3", received_at="30 September 2026, 16:40")
    rendered = load([SHIPPED_FOLDER]).render("acknowledgement", "en", values)
    assert max(map(len, rendered.text.splitlines())) <= 78
    assert "within 1 working day" in " ".join(rendered.text.split())
