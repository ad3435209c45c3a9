"""Rule files read: what they compile into, and every wrong edit with its line and mend."""

from pathlib import Path

import pytest

from maild.errors import ConfigError
from maild.model.rule import Action, AllOf, AnyOf, Condition, Not, Operator, Rule, Test
from maild.rules.load import load_rules

GOOD = """\
# who writes what
rules:
  - name: newsletters are only archived
    when:
      automatic: {is: list}
    then: {archive: true, stop: true}
  - name: complaints
    when:
      any:
        - subject: {contains: [投诉, complaint]}
        - text:
            contains:
              - 投诉
              - not happy
      not:
        from_domain: example.com
      header:X-Priority: {matches: "^[12]"}
    then:
      kind: complaint
      priority: high
      stop: true
"""


def _load(folder: Path, *texts: str) -> tuple[Rule, ...]:
    rules = folder / "rules"
    rules.mkdir(exist_ok=True)
    for at, text in enumerate(texts):
        (rules / f"{at}.yaml").write_text(text, "utf-8")
    return load_rules(rules)


def _condition(folder: Path, when: str) -> Condition:
    (rule,) = _load(folder, f"rules: [{{name: one, when: {when}, then: {{stop: true}}}}]")
    return rule.when


def test_what_a_file_compiles_into(tmp_path: Path) -> None:
    first, second = _load(tmp_path, GOOD)
    assert first == Rule(
        name="newsletters are only archived",
        place="rules/0.yaml:3:5",
        when=Test(field="automatic", operator=Operator.IS, values=("list",)),
        then=Action(archive_only=True, stop=True),
    )
    assert (second.place, second.then) == (
        "rules/0.yaml:7:5",
        Action(case_kind="complaint", priority="high", stop=True),
    )
    assert second.when == AllOf(
        parts=(
            AnyOf(
                parts=(
                    Test(field="subject", operator=Operator.CONTAINS, values=("投诉", "complaint")),
                    Test(field="text", operator=Operator.CONTAINS, values=("投诉", "not happy")),
                )
            ),
            Not(part=Test(field="from_domain", operator=Operator.IS, values=("example.com",))),
            Test(field="header:x-priority", operator=Operator.MATCHES, values=("^[12]",)),
        )
    )


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param(
            "{to: a@b.c}", Test(field="to", operator=Operator.IS, values=("a@b.c",)), id="bare word"
        ),
        pytest.param(
            "{to: [a, b]}", Test(field="to", operator=Operator.IS, values=("a", "b")), id="bare list"
        ),
        pytest.param(
            "{from: on}", Test(field="from", operator=Operator.IS, values=("on",)), id="on is a word"
        ),
        pytest.param(
            "{text: 10:30}", Test(field="text", operator=Operator.IS, values=("10:30",)), id="time is text"
        ),
        pytest.param(
            "{subject: {starts: a, ends: b}}",
            AllOf(
                parts=(
                    Test(field="subject", operator=Operator.STARTS, values=("a",)),
                    Test(field="subject", operator=Operator.ENDS, values=("b",)),
                )
            ),
            id="two operators",
        ),
        pytest.param(
            "{all: [{language: zh}, {not: {mailbox: a}}]}",
            AllOf(
                parts=(
                    Test(field="language", operator=Operator.IS, values=("zh",)),
                    Not(part=Test(field="mailbox", operator=Operator.IS, values=("a",))),
                )
            ),
            id="all",
        ),
    ],
)
def test_conditions(tmp_path: Path, when: str, expected: Condition) -> None:
    assert _condition(tmp_path, when) == expected


@pytest.mark.parametrize("text", ["", "# all of it commented out\n", "\ufeffrules: []\n"])
def test_a_file_without_rules(tmp_path: Path, text: str) -> None:
    assert _load(tmp_path, text) == ()


def test_a_folder_that_is_not_there_has_no_rules(tmp_path: Path) -> None:
    assert load_rules(tmp_path / "rules") == ()


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    one = "rules: [{name: %s, when: {to: a}, then: {stop: true}}]"
    assert [rule.name for rule in _load(tmp_path, one % "first", one % "second")] == ["first", "second"]


def test_a_list_may_be_written_once_and_named(tmp_path: Path) -> None:
    condition = _condition(
        tmp_path, "{any: [{text: {contains: &words [a, b]}}, {subject: {contains: *words}}]}"
    )
    assert isinstance(condition, AnyOf)
    assert [part.values for part in condition.parts if isinstance(part, Test)] == [("a", "b"), ("a", "b")]


WRONG = [
    pytest.param("  - name: complaints", " - name: complaints", 7, 2, "indent", id="indent of a list"),
    pytest.param("      any:", "     any:", 15, 7, "look at the indent", id="indent moves a key out"),
    pytest.param("      kind:", "\tkind:", 19, 1, "spaces, not with tabs", id="tab"),
    pytest.param("kind: complaint", "kind: complaint: x", 19, 22, "in quotes", id="colon in a text"),
    pytest.param("kind: complaint", "kind: @complaint", 19, 13, "in quotes", id="text that begins with @"),
    pytest.param(
        "kind: complaint", "kind: *complaint", 19, 13, "text that begins with *", id="text that begins with *"
    ),
    pytest.param("kind: complaint", "kind: !complaint x", 19, 13, "text that begins with !", id="tag"),
    pytest.param("kind: complaint", "kind: 'complaint", 22, 1, "not closed", id="quote not closed"),
    pytest.param("complaint]}", "complaint}", 10, 45, "brackets", id="bracket not closed"),
    pytest.param("kind: complaint", "kind: complaint\n      kind: x", 20, 7, "keep one", id="key twice"),
    pytest.param("# who", "---\n---\n# who", 2, 1, "take the --- out", id="two documents"),
    pytest.param("rules:", "rule:", 2, 1, "did you mean 'rules'", id="unknown top key"),
    pytest.param("rules:", "- rules:", 2, 1, "not a list", id="list at the top"),
    pytest.param("    when:\n      automatic: {is: list}\n", "", 3, 5, "when is missing", id="no condition"),
    pytest.param(
        "    when:\n      automatic: {is: list}\n",
        "    when:\n",
        4,
        5,
        "nothing stands",
        id="empty condition",
    ),
    pytest.param(
        "      automatic: {is: list}", "      {}", 4, 5, "default_kind", id="condition without a test"
    ),
    pytest.param(
        "      automatic: {is: list}",
        "      list",
        4,
        5,
        "must be a table of keys, not 'list'",
        id="word for a condition",
    ),
    pytest.param("automatic", "automtic", 5, 7, "did you mean 'automatic'", id="unknown field"),
    pytest.param(
        "{is: list}", "{is: lists}", 5, 19, "did you mean 'list'", id="unknown sort of automatic mail"
    ),
    pytest.param(
        "{is: list}", "{contains: list}", 5, 19, "unknown key 'contains'", id="operator of another field"
    ),
    pytest.param("{is: list}", "{}", 5, 7, "is is missing", id="no operator"),
    pytest.param("{archive: true,", "{archive: yes,", 6, 12, "true or false, not 'yes'", id="yes for true"),
    pytest.param("{archive: true, stop: true}", "{}", 6, 5, "write one of kind", id="rule that does nothing"),
    pytest.param("name: complaints", "name: 5", 7, 5, "put it in quotes", id="number for a name"),
    pytest.param("name: complaints", "nam: complaints", 7, 5, "did you mean 'name'", id="misspelt name"),
    pytest.param("name: complaints", "name:", 7, 5, "nothing stands behind", id="no name"),
    pytest.param(
        "any:\n        - subject",
        "any:\n          subject",
        11,
        9,
        "expected <block end>",
        id="no list item",
    ),
    pytest.param("any:", "either:", 9, 7, "unknown key 'either'", id="unknown combination"),
    pytest.param(
        "{contains: [投诉, complaint]}", "{contain: [投诉]}", 10, 21, "'contains'", id="unknown operator"
    ),
    pytest.param(
        "{contains: [投诉, complaint]}", "{contains: []}", 10, 21, "must not be empty", id="empty list"
    ),
    pytest.param(
        "{contains: [投诉, complaint]}", "{contains: [投诉, 12315]}", 10, 36, "quotes", id="number in a list"
    ),
    pytest.param(
        "{contains: [投诉, complaint]}",
        "{contains: {a: b}}",
        10,
        21,
        "must be a list",
        id="mapping for a list",
    ),
    pytest.param(
        "{contains: [投诉, complaint]}", "{contains: ''}", 10, 21, "must not be empty", id="empty word"
    ),
    pytest.param(
        "{contains: [投诉, complaint]}", "{}", 10, 11, "write one of is", id="test without operator"
    ),
    pytest.param(
        "              - 投诉\n              - not happy\n", "", 12, 13, "nothing stands", id="missing list"
    ),
    pytest.param("from_domain: example.com", "from_domain:", 16, 9, "nothing stands", id="missing word"),
    pytest.param(
        "header:X-Priority", "header:", 17, 7, "'' is no name of a header", id="header without name"
    ),
    pytest.param(
        "header:X-Priority", "header:X Priority", 17, 7, "is no name of a header", id="space in a header"
    ),
    pytest.param("header:X-Priority", "headers:X-Priority", 17, 7, "header:NAME", id="headers"),
    pytest.param("{matches: ", "{match: ", 17, 27, "did you mean 'matches'", id="operator of a header"),
    pytest.param('"^[12]"', '"^[12"', 17, 27, "bad pattern: missing ]", id="bad pattern"),
    pytest.param('"^[12]"', '"(?=1)"', 17, 27, "look-around", id="look-ahead"),
    pytest.param('"^[12]"', '["^1", "(2"]', 17, 43, "bad pattern: missing )", id="bad pattern in a list"),
    pytest.param("priority: high", "priority: hihg", 20, 7, "did you mean 'high'", id="unknown priority"),
    pytest.param("priority: high", "prio: high", 20, 7, "did you mean 'priority'", id="unknown action"),
    pytest.param(
        "      stop: true", "      stop: 1", 21, 7, "must be true or false, not 1", id="number for true"
    ),
    pytest.param(
        "name: complaints", "name: newsletters are only archived", 7, 5, "choose another", id="name twice"
    ),
]


@pytest.mark.parametrize(("right", "wrong", "line", "column", "words"), WRONG)
def test_each_wrong_edit_is_named_with_its_place(
    tmp_path: Path, right: str, wrong: str, line: int | None, column: int | None, words: str
) -> None:
    assert right in GOOD
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, GOOD.replace(right, wrong, 1))
    problems = caught.value.problems
    assert {problem.file for problem in problems} == {str(tmp_path / "rules" / "0.yaml")}
    assert any((each.line, each.column) == (line, column) and words in str(each) for each in problems), (
        problems
    )


def test_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _load(
            tmp_path,
            GOOD.replace("any:", "some:").replace("stop: true}", "halt: true}"),
            GOOD,
            GOOD,
            "rules: [",
        )
    places = [(Path(each.file).name, each.line) for each in caught.value.problems]
    assert places == [("0.yaml", 6), ("0.yaml", 9), ("2.yaml", 3), ("2.yaml", 7), ("3.yaml", 1)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(
            "rules: [] # 中".encode("gb18030"), "a.yaml:1:13: is not UTF-8 (save it as UTF-8)", id="GB18030"
        ),
        pytest.param(b"rules: \x01", "not YAML: a character", id="control character"),
        pytest.param(b"? [a]\n: b", "a key must be text", id="list as a key"),
        pytest.param(b"&a rules: &b [*b]", "", id="list within itself"),
    ],
)
def test_what_is_no_rule_file(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.yaml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_rules(tmp_path)
    assert words in str(caught.value)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    with pytest.raises(ConfigError, match=r"a\.yaml: cannot be read"):
        load_rules(tmp_path)
