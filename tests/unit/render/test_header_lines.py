"""Header fields: ASCII, folded, read back by the standard library as they were meant."""

import email
import email.policy
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.errors import RenderError
from maild.model.mail import Address, MessageId
from maild.render.header_lines import address_line, bounded_references, id_line, is_id, text_line
from maild.render.literal import one_line

LONG_NAME = "示例科技有限公司客户服务中心（售后与技术支持热线）"


def value_of(line: str) -> str:
    """The field's value, unfolded and decoded, as a mail program would show it."""
    raw = email.message_from_string(line, policy=email.policy.compat32)
    ((_, value),) = raw.items()
    return str(make_header(decode_header(value.replace("\r\n", ""))))


def addresses_of(line: str) -> list[tuple[str, str]]:
    """Names and addresses, decoded."""
    value = line.partition(": ")[2].replace("\r\n", "")
    return [(str(make_header(decode_header(name))), address) for name, address in getaddresses([value])]


@pytest.mark.parametrize(
    ("value", "line"),
    [
        pytest.param("Hello", "Subject: Hello\r\n", id="plain"),
        pytest.param("投诉", "Subject: =?utf-8?b?5oqV6K+J?=\r\n", id="Chinese"),
        pytest.param("", "Subject: \r\n", id="empty"),
        pytest.param("=?utf-8?q?x?=", "Subject: =?utf-8?b?PT91dGYtOD9xP3g/PQ==?=\r\n", id="looks encoded"),
        pytest.param("a\r\nBcc: x@example.test", "Subject: a Bcc: x@example.test\r\n", id="injection"),
        pytest.param("a\x00\x0b\u2028b", "Subject: a b\r\n", id="controls"),
        pytest.param(
            "word " * 20,
            "Subject: " + " ".join(["word"] * 13) + "\r\n " + " ".join(["word"] * 7) + "\r\n",
            id="folded",
        ),
    ],
)
def test_text_line(value: str, line: str) -> None:
    assert text_line("Subject", value) == line


@given(st.text(max_size=300))
def test_text_is_ascii_folded_and_reads_back(value: str) -> None:
    line = text_line("Subject", value)
    assert line.isascii()
    assert line.endswith("\r\n")
    assert all(len(each) <= 76 for each in line.split("\r\n"))
    assert all(each[0] in " \t" for each in line.split("\r\n")[1:-1])
    assert value_of(line) == one_line(value)


@pytest.mark.parametrize(
    ("address", "line"),
    [
        pytest.param(Address(address="a@example.test"), "To: a@example.test\r\n", id="bare"),
        pytest.param(
            Address(name="Wang Qiang", address="a@example.test"),
            "To: Wang Qiang <a@example.test>\r\n",
            id="name",
        ),
        pytest.param(
            Address(name='Q, "W"', address="a@example.test"),
            'To: "Q, \\"W\\"" <a@example.test>\r\n',
            id="quoted",
        ),
        pytest.param(
            Address(name="王强", address="a@example.test"),
            "To: =?utf-8?b?546L5by6?= <a@example.test>\r\n",
            id="Chinese",
        ),
        pytest.param(
            Address(name="x\r\nBcc: b@example.test", address="a@example.test"),
            'To: "x Bcc: b@example.test" <a@example.test>\r\n',
            id="injection",
        ),
        pytest.param(Address(address="a@例子.cn"), "To: a@xn--fsqu00a.cn\r\n", id="domain in Chinese"),
        pytest.param(Address(address="a@[127.0.0.1]"), "To: a@[127.0.0.1]\r\n", id="host by number"),
        pytest.param(
            Address(address='"a b"@example.test'), 'To: "a b"@example.test\r\n', id="quoted local part"
        ),
        pytest.param(
            Address(address="service+k1.A_b-c@example.test"),
            "To: service+k1.A_b-c@example.test\r\n",
            id="token",
        ),
    ],
)
def test_address_line(address: Address, line: str) -> None:
    assert address_line("To", (address,)) == line


def test_several_addresses_one_a_line() -> None:
    some = (
        Address(name=LONG_NAME, address="service@example.test"),
        Address(name="B", address="b@example.test"),
    )
    line = address_line("To", some)
    assert all(len(each) <= 76 for each in line.split("\r\n"))
    assert addresses_of(line) == [(LONG_NAME, "service@example.test"), ("B", "b@example.test")]


@given(st.text(max_size=120))
def test_a_name_is_ascii_folded_and_reads_back(name: str) -> None:
    line = address_line("From", (Address(name=name, address="service@example.test"),))
    assert line.isascii()
    assert all(len(each) <= 78 for each in line.split("\r\n"))
    assert addresses_of(line) == [(one_line(name), "service@example.test")]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@example.test",
        "a@example.test\r\nBcc: b@example.test",
        "a@exa mple.test",
        "a,b@example.test",
        "a<b@example.test",
        "a@b@example.test>",
        "(x)a@example.test",
        "a\x00@example.test",
        "王强@example.test",
        "a@" + "x" * 64 + ".test",
        "a@example..test",
    ],
)
def test_an_address_that_no_header_can_hold(address: str) -> None:
    with pytest.raises(RenderError, match="is not an address"):
        address_line("To", (Address(address=address),))


def test_ids_stand_one_a_line_and_are_never_broken() -> None:
    ids = (MessageId("a@example.test"), MessageId("b" * 200 + "@example.test"))
    assert id_line("References", ids) == f"References: <{ids[0]}>\r\n <{ids[1]}>\r\n"
    assert id_line("References", ()) == ""


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        pytest.param("a.b$c!{}/=@example.test", True, id="visible ASCII"),
        pytest.param("no-at-sign", True, id="seen in practice"),
        pytest.param("", False, id="empty"),
        pytest.param("a b@x", False, id="blank"),
        pytest.param("a\r\nBcc: x@x", False, id="injection"),
        pytest.param("a>b@x", False, id="bracket"),
        pytest.param("编号@x", False, id="Chinese"),
        pytest.param("a" * 901, False, id="too long for a line"),
    ],
)
def test_is_id(value: str, *, fits: bool) -> None:
    assert is_id(value) is fits


def ids(*numbers: int) -> tuple[MessageId, ...]:
    """Message-IDs by number."""
    return tuple(MessageId(f"{number}@x") for number in numbers)


@pytest.mark.parametrize(
    ("references", "parent", "expected"),
    [
        pytest.param((), None, (), id="none"),
        pytest.param(ids(1, 2), MessageId("3@x"), ids(1, 2, 3), id="the parent comes last"),
        pytest.param(ids(1, 2, 3), MessageId("3@x"), ids(1, 2, 3), id="once"),
        pytest.param(ids(1, 3, 2), MessageId("3@x"), ids(1, 2, 3), id="last, even if it was there before"),
        pytest.param((MessageId("a b"), *ids(1)), None, ids(1), id="what cannot be written is left out"),
        pytest.param(ids(*range(30)), None, ids(0, *range(10, 30)), id="the first and the last 20"),
        pytest.param(ids(*range(21)), None, ids(*range(21)), id="as many as are kept"),
    ],
)
def test_bounded_references(
    references: tuple[MessageId, ...], parent: MessageId | None, expected: tuple[MessageId, ...]
) -> None:
    assert bounded_references(references, parent) == expected
