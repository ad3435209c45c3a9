"""What a person types, to a tree."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.errors import UsageError
from maild.store.search_query import (
    All,
    Either,
    HasAttachment,
    Node,
    Property,
    Received,
    Text,
    Without,
    parse,
)
from maild.store.search_tokens import Phrase, SearchField


def word(*tokens: str, prefix: bool = False, field: SearchField | None = None) -> Text:
    return Text(phrase=Phrase(tokens=tuple((field or "") + token for token in tokens), prefix=prefix))


A, B, C = word("a"), word("b"), word("c")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        pytest.param("", None, id="nothing"),
        pytest.param("!! -- ()", None, id="only signs"),
        pytest.param("a", A, id="word"),
        pytest.param("a b", All(parts=(A, B)), id="both"),
        pytest.param("a AND b", All(parts=(A, B)), id="and"),
        pytest.param("a OR b", Either(parts=(A, B)), id="or"),
        pytest.param("a or b", All(parts=(A, word("or"), B)), id="small or is a word"),
        pytest.param("a b OR c", Either(parts=(All(parts=(A, B)), C)), id="and binds closer"),
        pytest.param("a (b OR c)", All(parts=(A, Either(parts=(B, C)))), id="group"),
        pytest.param("-a", Without(part=A), id="not"),
        pytest.param("--a", Without(part=A), id="not, twice said"),
        pytest.param("-(a b)", Without(part=All(parts=(A, B))), id="not a group"),
        pytest.param("－a", Without(part=A), id="full-width minus"),
        pytest.param("a-b", word("a", "b"), id="hyphen within a word"),
        pytest.param("- a", A, id="minus alone"),
        pytest.param("-", None, id="minus at the end"),
        pytest.param("a -!", A, id="minus before nothing"),
        pytest.param('"a b"', word("a", "b"), id="phrase"),
        pytest.param('-"a b"', Without(part=word("a", "b")), id="not a phrase"),
        pytest.param('"a b', word("a", "b"), id="open quotation"),
        pytest.param("“a b”", word("a", "b"), id="Chinese quotation marks"),
        pytest.param("「a b」", word("a", "b"), id="corner brackets"),
        pytest.param("(a", A, id="open group"),
        pytest.param("a) b", All(parts=(A, B)), id="group that nothing opened"),
        pytest.param("((((a))))", A, id="groups in groups"),
        pytest.param("OR a", A, id="or before"),
        pytest.param("a OR", A, id="or after"),
        pytest.param("a OR OR b", Either(parts=(A, B)), id="or twice"),
        pytest.param("a*", word("a", prefix=True), id="prefix"),
        pytest.param('"a*"', A, id="no prefix within quotation marks"),
        pytest.param("from:a", word("a", field=SearchField.FROM), id="from"),
        pytest.param("TO：a", word("a", field=SearchField.TO), id="to, full-width"),
        pytest.param('subject:"a b"', word("a", "b", field=SearchField.SUBJECT), id="subject phrase"),
        pytest.param("filename:a*", word("a", prefix=True, field=SearchField.FILENAME), id="file name"),
        pytest.param(
            "from:(a OR to:b)",
            Either(parts=(word("a", field=SearchField.FROM), word("b", field=SearchField.TO))),
            id="field of a group",
        ),
        pytest.param("from:-a", Without(part=word("a", field=SearchField.FROM)), id="field, then minus"),
        pytest.param("from: a", All(parts=(word("from"), A)), id="field of nothing"),
        pytest.param("from:)", word("from"), id="field before a bracket"),
        pytest.param("from:AND", None, id="field before and"),
        pytest.param("color:a", word("color", "a"), id="unknown operator"),
        pytest.param("case:KF-1", Property(name="case", value="KF-1"), id="case"),
        pytest.param('kind:"a b"', Property(name="kind", value="a b"), id="kind"),
        pytest.param("stage:a", Property(name="stage", value="a"), id="stage"),
        pytest.param("has:Attachment", HasAttachment(), id="attachment"),
        pytest.param("has:附件", HasAttachment(), id="attachment in Chinese"),
        pytest.param("has:a", A, id="has something else"),
        pytest.param("before:2026-10-08", Received(day=date(2026, 10, 8), before=True), id="before"),
        pytest.param("after：２０２６-10-08", Received(day=date(2026, 10, 8), before=False), id="after"),
    ],
)
def test_parse(query: str, tree: Node | None) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "20261008", "2026-10", "(2026-10-08 b)"])
def test_a_day_that_is_none(day: str) -> None:
    with pytest.raises(UsageError, match="before:2026-10-08"):
        parse(f"before:{day}")


def test_groups_deeper_than_anybody_writes_are_passed_over() -> None:
    assert parse("(" * 400 + "a" + ")" * 400) == A


def test_a_query_of_any_length_is_cut() -> None:
    found = parse("a " * 100_000)
    assert isinstance(found, All)
    assert len(found.parts) == 500


@given(st.lists(st.sampled_from([*"ab诉 ：:-()\"“”*'\\", "from:", "has:", "OR ", "AND "])).map("".join))
def test_nothing_typed_is_a_mistake(query: str) -> None:
    parse(query)


@given(st.text())
def test_no_text_breaks_the_parser(query: str) -> None:
    try:
        parse(query)
    except UsageError as exc:
        assert "takes a day" in str(exc)  # noqa: PT017 -- only days may be refused
