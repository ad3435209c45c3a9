"""Our own mails with pieces cut out, doubled, swapped and overwritten are read all the same."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from maild.parsers import message, quote, record, subject

MAIL = Path(__file__).parents[2] / "corpus" / "mail"
RAWS = tuple(path.read_bytes() for path in sorted(MAIL.glob("*.eml")))
PLACES = st.integers(min_value=0, max_value=10_000)
NOISE = st.binary(max_size=8) | st.sampled_from(
    [b"\n\n", b"\r", b"--", b"=?", b"?=", b"\xff", b"\x00", b'"', b"(", b"<", b"boundary=", b"\xe4\xbd"]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A mail of the corpus after up to six changes, some of them out of another mail."""
    raw = draw(st.sampled_from(RAWS))
    for _ in range(draw(st.integers(min_value=1, max_value=6))):
        start, end = sorted(draw(PLACES) % (len(raw) + 1) for _ in "ab")
        other = draw(st.sampled_from(RAWS))
        put = draw(st.sampled_from([b"", raw[start:end] * 2, other[start:end]]) | NOISE)
        raw = raw[:start] + put + raw[end:]
    return raw


def test_there_are_mails_to_change() -> None:
    assert len(RAWS) > 30


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_a_changed_mail_is_read_the_same_with_and_without_its_bulk(raw: bytes) -> None:
    whole, cut = message.read(raw, cut=False), message.read(raw)
    assert whole == cut
    assert [each.content for each in whole.attachments] == [each.content for each in cut.attachments]
    json.dumps(record.to_record(cut, "x.eml"), ensure_ascii=False).encode("utf-8")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_split_and_has_a_base_subject(text: str) -> None:
    base = subject.base_subject(text)
    assert subject.base_subject(base) == base
    parts = quote.split(text)
    assert len(parts.new_text) <= len(text)
