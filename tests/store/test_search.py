"""Search finds the same on both databases: every expectation here holds on each."""

from collections.abc import Iterator
from datetime import timedelta, timezone
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from maild.errors import UsageError
from maild.model.archive import SearchText
from maild.model.case import CaseId, Direction, JoinReason
from maild.store import cases, search
from maild.store.engine import Store
from maild.store.search import SearchScope
from maild.store.search_tokens import CHUNK_MAX_TOKENS, PHRASE_MAX_TOKENS
from maild.store.tables import case_row, message, search_chunk
from tests.servers.postgres import PostgresServer
from tests.store.samples import HOUR, NOW, put_case, put_message

TEXTS = {
    "zh": SearchText(
        subject="关于A4打印纸质量的投诉",
        from_text="王伟 wang.wei@example.com",
        to_text="客服 service@ours.example",
        filenames=("报价单_v2.pdf", "照片.jpg"),
        body="您好，批号20261008的产品有质量问题，请尽快处理。电话联系我。",
    ),
    "en": SearchText(
        subject="Quotation for 500 units",
        from_text="Anna Smith Anna.Smith@Example.COM",
        to_text="sales@ours.example, wang.wei@example.com",
        body="Please find the quotation attached. It's for the café in Straße 5. C:\\temp \"quoted\" o'neil",
    ),
    "mixed": SearchText(
        subject="Re: 投诉 complaint", from_text="bo@example.org", body="iPhone15手机坏了👍🏽 ＡＢＣ１２３"
    ),
    "others": SearchText(
        subject="ประกาศราคาสินค้า",
        from_text="x@y.example",
        body="हिन्दी में संदेश; Ελλάδα; สวัสดีครับ; 한국어 문장; ｶﾀｶﾅ",
    ),
    "bare": SearchText(),
}


@pytest.fixture
def both(tmp_path: Path, postgres: PostgresServer, postgres_template: str) -> Iterator[tuple[Store, Store]]:
    """A store on each database."""
    name = postgres.create(postgres_template)
    stores = Store.open(f"sqlite:///{tmp_path}/maild.db"), Store.open(postgres.url(name))
    yield stores
    for store in stores:
        store.close()
    postgres.drop(name)


def fill(store: Store, **texts: SearchText) -> None:
    for hours, (key, text) in enumerate(texts.items()):
        store.write(partial(put_message, key=key, text=text, received_at=NOW + hours * HOUR))


def find(store: Store, query: str, limit: int = 100) -> list[str]:
    return [hit.message_key for hit in store.read(partial(search.search, query=query, limit=limit))]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("投", {"zh", "mixed"}, id="1 character"),
        pytest.param("诉", {"zh", "mixed"}, id="1 character at the end of a run"),
        pytest.param("投诉", {"zh", "mixed"}, id="2 characters"),
        pytest.param("打印纸质量", {"zh"}, id="5 characters"),
        pytest.param("打印质量", set(), id="not adjacent"),
        pytest.param("质量问题", {"zh"}, id="4 characters in the body"),
        pytest.param("批号20261008的产品", {"zh"}, id="letters within a run"),
        pytest.param("A4打印纸", {"zh"}, id="mixed word"),
        pytest.param("于A4打", {"zh"}, id="mixed word from the middle"),
        pytest.param("的A4", set(), id="mixed word that is not there"),
        pytest.param("投诉*", {"zh", "mixed"}, id="Chinese prefix"),
        pytest.param("quotation", {"en"}, id="word"),
        pytest.param("QUOTATION", {"en"}, id="any case"),
        pytest.param("quot", set(), id="part of a word"),
        pytest.param("quot*", {"en"}, id="prefix"),
        pytest.param("ｑｕｏｔａｔｉｏｎ", {"en"}, id="full-width"),
        pytest.param("abc123", {"mixed"}, id="full-width in the text"),
        pytest.param("café", {"en"}, id="accent"),
        pytest.param("cafe", set(), id="an accent counts"),
        pytest.param("cafe\u0301", {"en"}, id="accent put together"),
        pytest.param("STRASSE", {"en"}, id="sharp s"),
        pytest.param("o'neil", {"en"}, id="apostrophe"),
        pytest.param("C:\\temp", {"en"}, id="backslash"),
        pytest.param("wang.wei@example.com", {"zh", "en"}, id="address"),
        pytest.param("from:wang.wei@example.com", {"zh"}, id="from"),
        pytest.param("to:wang.wei@example.com", {"en"}, id="to"),
        pytest.param("from:王", {"zh"}, id="from 1 character"),
        pytest.param("subject:投诉", {"zh", "mixed"}, id="subject"),
        pytest.param("subject:电话", set(), id="not in the subject"),
        pytest.param("filename:报价单", {"zh"}, id="file name"),
        pytest.param("filename:pdf", {"zh"}, id="file extension"),
        pytest.param("filename:v2", {"zh"}, id="underscore parts words"),
        pytest.param('"单_v2.pdf 照片"', set(), id="no phrase over two file names"),
        pytest.param("subject：投诉", {"zh", "mixed"}, id="full-width colon"),
        pytest.param("投诉 电话", {"zh"}, id="subject and body"),
        pytest.param("subject:500 from:anna", {"en"}, id="two fields"),
        pytest.param("投诉 -complaint", {"zh"}, id="without"),
        pytest.param("-投诉", {"en", "others", "bare"}, id="only without"),
        pytest.param("电话 OR complaint", {"zh", "mixed"}, id="or"),
        pytest.param("(电话 OR complaint) 投诉 -iphone15", {"zh"}, id="group"),
        pytest.param(
            "（电话 OR complaint） subject:(re complaint)", {"mixed"}, id="full-width group, field of a group"
        ),
        pytest.param('"find the quotation"', {"en"}, id="phrase"),
        pytest.param("“find the quotation”", {"en"}, id="Chinese quotation marks"),
        pytest.param('"quotation find"', set(), id="phrase in another order"),
        pytest.param('"find the', {"en"}, id="open quotation"),
        pytest.param('"units Anna"', set(), id="no phrase over two fields"),
        pytest.param("👍", {"mixed"}, id="emoji"),
        pytest.param("👎", set(), id="another emoji"),
        pytest.param("ราคา", {"others"}, id="Thai"),
        pytest.param("हिन्दी", {"others"}, id="Hindi"),
        pytest.param("हिन्", set(), id="part of a Hindi word"),
        pytest.param("ΕΛΛΆΔΑ", {"others"}, id="Greek"),
        pytest.param("국어", {"others"}, id="Korean"),
        pytest.param("カタ", {"others"}, id="half-width katakana"),
        pytest.param("", set(), id="nothing"),
        pytest.param("!!! ***", set(), id="only signs"),
        pytest.param("nosuch:word", set(), id="unknown operator"),
    ],
)
def test_what_a_query_finds(store: Store, query: str, found: set[str]) -> None:
    fill(store, **TEXTS)
    assert set(find(store, query)) == found


def test_messages_indexed_together_are_each_found_by_their_own_text(store: Store) -> None:
    long = SearchText(body=" ".join(f"w{n}" for n in range(2 * CHUNK_MAX_TOKENS)))
    texts = {"m1": SearchText(body="alpha"), "m2": long, "m3": SearchText(body="omega")}
    for key in texts:
        store.write(partial(put_message, key=key))
    store.write(lambda conn: search.index(conn, texts, NOW))
    store.write(lambda conn: search.index(conn, {}, NOW))
    assert find(store, "alpha") == ["m1"]
    assert find(store, "w0") == find(store, f"w{2 * CHUNK_MAX_TOKENS - 1}") == ["m2"]
    assert find(store, "omega") == ["m3"]


def test_hits_come_newest_first_in_pages(store: Store) -> None:
    fill(store, **{f"m{n}": SearchText(body="投诉") for n in range(5)})
    pages = [
        store.read(lambda conn: search.search(conn, "投诉", limit=2, offset=offset))  # noqa: B023 -- runs at once
        for offset in (0, 2, 4)
    ]
    assert [[hit.message_key for hit in page] for page in pages] == [["m4", "m3"], ["m2", "m1"], ["m0"]]


def test_properties_of_the_case_and_of_the_message(store: Store) -> None:
    text = SearchText(body="投诉")
    fill(store, alone=text)
    for number, stage in ((1, "open"), (2, "solved")):
        case_id, key = CaseId(f"case-{number}"), f"m{number}"
        store.write(partial(put_case, case_id=case_id, stage=stage))
        store.write(partial(put_message, key=key, text=text, has_attachments=number == 1))
        join = partial(
            cases.add_message, message_key=key, direction=Direction.INCOMING, join=JoinReason.OPENED
        )
        store.write(partial(join, case_id=case_id, reason="", verified=True, at=NOW))
    store.write(partial(put_case, case_id="case-7", merged_into=CaseId("case-2")))
    store.write(partial(put_case, case_id="case-9", merged_into=CaseId("case-7")))
    expected = {
        "kind:complaint": {"m1", "m2"},
        "kind:Complaint stage:open": {"m1"},
        "-stage:open": {"alone", "m2"},
        "case:kf-2026-00002": {"m2"},
        "case：ＫＦ-2026-00007": {"m2"},
        "case:kf-2026-00009 OR case:KF-2026-00001": {"m1", "m2"},
        "has:attachment 投诉": {"m1"},
        "-has:attachment": {"alone", "m2"},
        "has:wings": set(),
        "kind:(complaint OR other) stage:(open)": {"m1"},
    }
    assert {query: set(find(store, query)) for query in expected} == expected
    (hit,) = store.read(lambda conn: search.search(conn, "stage:open", limit=1))
    assert (hit.case_id, hit.case_number, hit.message.key) == ("case-1", "KF-2026-00001", "m1")


def test_days_begin_where_the_viewer_is(store: Store) -> None:
    fill(store, m1=SearchText(), m2=SearchText())
    store.write(partial(put_message, key="late", text=SearchText(), received_at=NOW.replace(hour=16)))
    china = SearchScope(zone=timezone(timedelta(hours=8)))
    assert find(store, "after:2026-10-08 before:2026-10-09") == ["late", "m2", "m1"]
    hits = store.read(lambda conn: search.search(conn, "after:2026-10-09", limit=9, scope=china))
    assert [hit.message_key for hit in hits] == ["late"]
    assert find(store, "after:2026-10-09") == []
    assert find(store, "before:2026-10-08") == []


def test_a_day_that_is_none(store: Store) -> None:
    with pytest.raises(UsageError, match="after:2026-10-08"):
        find(store, "after:2026-02-30")


def test_only_what_the_viewer_may_see(store: Store) -> None:
    fill(store, m1=SearchText(body="投诉"), m2=SearchText(body="投诉"))
    for visible, found in (
        (message.c.mailbox == "service", ["m2", "m1"]),
        (message.c.key == "m1", ["m1"]),
        (case_row.c.kind == "complaint", []),
    ):
        scope = SearchScope(visible=visible)
        hits = store.read(partial(search.search, query="投诉", limit=9, scope=scope))
        assert [hit.message_key for hit in hits] == found


def test_a_long_text_is_found_over_the_whole_of_it(store: Store) -> None:
    words = [f"w{n}" for n in range(100_000)]
    fill(store, long=SearchText(subject="标题", body=" ".join(words)))
    border = CHUNK_MAX_TOKENS
    for start in (0, border - PHRASE_MAX_TOKENS, border - 30, border, 2 * border - 40, 60_000):
        assert find(store, '"' + " ".join(words[start : start + 20]) + '"') == ["long"]
    assert find(store, "标题 w5 w50000") == ["long"]
    assert find(store, '"w5 w7"') == []


def test_a_word_repeated_beyond_the_positions_that_are_kept(store: Store) -> None:
    fill(store, many=SearchText(body="投诉 " * 20_000 + "尽头"), none=SearchText(body="投诉"))
    assert find(store, '"投诉 尽头"') == ["many"]
    assert find(store, '"投诉 投诉 投诉"') == ["many"]
    assert (
        store.read(lambda conn: conn.execute(select(func.count()).select_from(search_chunk)).scalar_one())
        > 10
    )


def test_the_widest_tokens_fit_into_a_chunk(store: Store) -> None:
    wide = " ".join(chr(0x10400 + n % 40) * 70 + str(n) for n in range(5000))
    fill(store, wide=SearchText(body=wide))
    assert find(store, chr(0x10428) * 70) == ["wide"]


_ODD = st.text(
    st.sampled_from(
        list(
            "ab1 _-'\"\\:|&!<>()*投诉电话，。（）：“”éßกำह्ि👍\u200d\u0301\ue000\ue001\x00\ud800\U0001f3fd가ｱ"
        )
    ),
    max_size=25,
)
_KEYS = (f"m{number}" for number in count())
_MEANS_SOMETHING = set('"“”()（）:：-*')


def _words(text: str) -> list[str]:
    """The words of a text that a query takes as they are."""
    spoken = [word for word in text.split() if any(char.isalnum() for char in word)]
    return [word for word in spoken if not set(word) & _MEANS_SOMETHING]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=_ODD, other=_ODD, query=_ODD)
def test_any_text_is_found_by_its_words_and_both_databases_agree(
    both: tuple[Store, Store], content: str, other: str, query: str
) -> None:
    key = next(_KEYS)
    text = SearchText(subject=content, body=other, filenames=(query,))
    for store in both:
        store.write(partial(put_message, key=key, text=text))
    for asked in (query, f"-({query})", f"subject:{query}", *_words(content), *_words(other)):
        answers = [find(store, asked, limit=1000) for store in both]
        assert answers[0] == answers[1], asked
        assert key in answers[0] or asked not in _words(content) + _words(other), asked
