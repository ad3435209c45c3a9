"""Text to tokens: words, bigrams, fields, chunks."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model.archive import SearchText
from maild.store import search_tokens
from maild.store.search_tokens import (
    BREAK,
    CHUNK_MAX_TOKENS,
    PHRASE_MAX_TOKENS,
    REPEATS_MAX,
    TOKEN_MAX_CHARS,
    Phrase,
    SearchField,
    chunks,
    phrase,
    tokens,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("The QUICK fox's", ["the", "quick", "fox", "s"], id="words"),
        pytest.param("a_b-c.d@e", ["a", "b", "c", "d", "e"], id="signs part words"),
        pytest.param("投", ["投"], id="1 character"),
        pytest.param("投诉", ["投诉", "诉"], id="2 characters"),
        pytest.param("投诉电话", ["投诉", "诉电", "电话", "话"], id="4 characters"),
        pytest.param("投诉，电话", ["投诉", "诉", "电话", "话"], id="a sign parts runs"),
        pytest.param("A4纸2号", ["a4", "纸", "2", "号"], id="letters within a run"),
        pytest.param("Ｑ１：ｶﾀ", ["q1", "カタ", "タ"], id="compatibility forms"),
        pytest.param("Café Straße ﬁn", ["café", "strasse", "fin"], id="accents and ligatures"),
        pytest.param("हिन्दी में", ["हिन्दी", "में"], id="vowel signs belong to the word"),
        pytest.param("ครับ", ["คร", "รั", "ับ", "บ"], id="Thai"),
        pytest.param("ok👍🏽!", ["ok", "👍", "🏽"], id="emoji"),
        pytest.param("a\ue000b\x00c\ud800d", ["a", "b", "c", "d"], id="private, NUL, surrogate"),
        pytest.param("x" * 100, ["x" * TOKEN_MAX_CHARS], id="long ASCII word"),
        pytest.param("é" * 100, ["é" * TOKEN_MAX_CHARS], id="long word"),
        pytest.param("𠮷野", ["𠮷野", "野"], id="beyond the first plane"),
    ],
)
def test_tokens(text: str, found: list[str]) -> None:
    assert tokens(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("!!", None, id="nothing"),
        pytest.param("word", Phrase(tokens=("word",), prefix=True), id="word"),
        pytest.param("诉", Phrase(tokens=("诉",), prefix=True), id="1 character"),
        pytest.param("投诉", Phrase(tokens=("投诉",), prefix=False), id="2 characters"),
        pytest.param("投诉电", Phrase(tokens=("投诉", "诉电"), prefix=False), id="3 characters"),
        pytest.param("A4纸", Phrase(tokens=("a4", "纸"), prefix=True), id="letters, then 1 character"),
        pytest.param("纸张A4", Phrase(tokens=("纸张", "张", "a4"), prefix=True), id="a run that ends"),
        pytest.param("投诉 诉", Phrase(tokens=("投诉", "诉", "诉"), prefix=True), id="two runs"),
    ],
)
def test_phrase(text: str, found: Phrase | None) -> None:
    assert phrase(text, prefix=True) == found


def test_a_phrase_is_as_long_as_chunks_overlap() -> None:
    found = phrase(" ".join(map(str, range(100))))
    assert found is not None
    assert len(found.tokens) == PHRASE_MAX_TOKENS


def test_fields_come_plain_and_marked_and_do_not_touch() -> None:
    text = SearchText(subject="a b", from_text="c", filenames=("d", "e"), body="f")
    (found,) = chunks(text)
    subject, from_, filename = SearchField.SUBJECT, SearchField.FROM, SearchField.FILENAME
    plain = ["a", "b", BREAK, "c", BREAK, BREAK, "d", BREAK, "e", BREAK]
    marked = [subject + "a", subject + "b", BREAK, from_ + "c", BREAK, BREAK]
    files = [filename + "d", BREAK, filename + "e", BREAK]
    assert found == [*plain, *marked, *files, "f"]


def test_an_empty_message_has_one_chunk() -> None:
    assert len(list(chunks(SearchText()))) == 1


def test_breaks_may_repeat_since_nobody_looks_for_them() -> None:
    assert len(list(chunks(SearchText(filenames=("报价.pdf",) * 60, body="a " * 200)))) == 1
    assert len(list(chunks(SearchText(filenames=tuple(f"{n}" for n in range(300)))))) == 1


def _repeats(chunk: list[str]) -> int:
    return max(chunk.count(token) for token in set(chunk) - {BREAK})


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(" ".join(map(str, range(20_000))), id="all different"),
        pytest.param("a " * 3_000, id="all the same"),
        pytest.param(" ".join(f"a {n}" for n in range(5_000)), id="one often"),
        pytest.param("x " * 2_000_000, id="too long"),
    ],
)
def test_chunks_are_bounded_and_overlap(body: str) -> None:
    found = [list(chunk) for chunk in chunks(SearchText(body=body))]
    assert max(map(len, found)) <= CHUNK_MAX_TOKENS
    assert max(map(_repeats, found)) <= REPEATS_MAX
    for before, after in pairwise(found):
        assert before[-PHRASE_MAX_TOKENS:] == after[:PHRASE_MAX_TOKENS]
    assert sum(map(len, found)) < 2 * search_tokens.BODY_MAX_CHARS


@given(st.text(max_size=200))
def test_a_token_holds_nothing_that_a_database_would_read_as_its_own(text: str) -> None:
    for token in tokens(text):
        assert 1 <= len(token) <= TOKEN_MAX_CHARS
        categories = {unicodedata.category(char)[0] for char in token}
        assert categories <= {"L", "M", "N", "S"} or len(token) <= 2, token
        assert not any(char.isascii() and not char.isalnum() for char in token)
        assert token == search_tokens.fold(token)
