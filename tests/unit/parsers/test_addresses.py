"""Address fields, well-formed and not."""

import pytest

from maild.model.mail import Address
from maild.parsers import addresses, bounds


def _read(raw: bytes) -> list[tuple[str, str]]:
    return [(each.name, each.address) for each in addresses.read(raw)[0]]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(b"a@b.example", [("", "a@b.example")], id="bare"),
        pytest.param(b"Li Wei <a@b.example>", [("Li Wei", "a@b.example")], id="name"),
        pytest.param(b'"Wei, Li" <a@b.example>', [("Wei, Li", "a@b.example")], id="quoted comma"),
        pytest.param(b'"a \\" b" <a@b.example>', [('a " b', "a@b.example")], id="escaped quote"),
        pytest.param(b"Wei, Li <a@b.example>", [("Wei, Li", "a@b.example")], id="unquoted comma"),
        pytest.param(b"a@b.example, c@d.example", [("", "a@b.example"), ("", "c@d.example")], id="two"),
        pytest.param(
            b"a@b.example; c@d.example;", [("", "a@b.example"), ("", "c@d.example")], id="semicolons"
        ),
        pytest.param(b"a@b.example (Li Wei)", [("Li Wei", "a@b.example")], id="name in a comment"),
        pytest.param(b"x(c)y <a(c)@b(c).example>", [("xy", "a@b.example")], id="comments inside"),
        pytest.param(
            b"a@b.example ((nested) \\) c)", [("(nested) \\) c", "a@b.example")], id="nested comment"
        ),
        pytest.param(
            b"Team: a@b.example, c@d.example;", [("", "a@b.example"), ("", "c@d.example")], id="group"
        ),
        pytest.param(b"unlisted-recipients:;", [], id="empty group"),
        pytest.param(b"<@a.example,@b.example:c@d.example>", [("", "c@d.example")], id="route"),
        pytest.param(b". <x@y.example>", [(".", "x@y.example")], id="a dot for a name"),
        pytest.param(b"mailto:a@b.example", [("", "a@b.example")], id="mailto"),
        pytest.param(b"<mailto:a@b.example>", [("", "a@b.example")], id="mailto in brackets"),
        pytest.param(b"a@b.example <c@d.example>", [("a@b.example", "c@d.example")], id="address for a name"),
        pytest.param(
            b"A <a@b.example> C <c@d.example>", [("A", "a@b.example"), ("C", "c@d.example")], id="no comma"
        ),
        pytest.param(
            b"A <a@b.example, C <c@d.example>", [("A", "a@b.example"), ("C", "c@d.example")], id="unclosed"
        ),
        pytest.param(b"Li Wei a@b.example", [("Li Wei", "a@b.example")], id="no brackets"),
        pytest.param(b"a@b . example", [("", "a@b.example")], id="blanks around the dot"),
        pytest.param(b"a:b@c.example", [("", "b@c.example")], id="a group without an end"),
        pytest.param(b"a@b.example:x", [("", "a@b.example:x")], id="a colon behind the address"),
        pytest.param(b"postmaster", [("", "postmaster")], id="no domain"),
        pytest.param(b"Li Wei", [], id="only a name"),
        pytest.param(b"Li Wei <>", [], id="empty brackets"),
        pytest.param(b"Li <'\"'>", [], id="nothing but quotes"),
        pytest.param(b"a b@c d@e.example", [("", "d@e.example")], id="two at signs, no comma"),
        pytest.param(b'"unclosed <a@b.example>', [("unclosed", "a@b.example")], id="unclosed quote"),
        pytest.param(b"a (unclosed <a@b.example>", [("a (unclosed", "a@b.example")], id="unclosed comment"),
        pytest.param(b") <a@b.example>", [(")", "a@b.example")], id="a parenthesis that was never opened"),
        pytest.param(
            b"A <a,b>, <c@d.example>", [("A", "a,b"), ("", "c@d.example")], id="a comma in the brackets"
        ),
        pytest.param(b"", [], id="empty"),
        pytest.param(b" , ,", [], id="nothing said"),
        pytest.param(b"mailto:<a@b.example>", [("", "a@b.example")], id="mailto before the brackets"),
        pytest.param(b"mailto@x:b@c.example", [("", "mailto@x:b@c.example")], id="a colon in an address"),
        pytest.param(
            b"=?utf-8?B?5p2O?= <a@b.example>, \xe6\x9d\x8e <c@d.example>",
            [("李", "a@b.example"), ("李", "c@d.example")],
            id="encoded and raw names",
        ),
        pytest.param(
            b'"=?utf-8?B?5p2O?=" <a@b.example>', [("李", "a@b.example")], id="encoded word in quotes"
        ),
        pytest.param(
            b"=?utf-8?Q?evil=40x.example=3E=2C_<?= <a@b.example>",
            [("evil@x.example>, <", "a@b.example")],
            id="no address out of an encoded name",
        ),
        pytest.param(
            b"\x1b$B\x3c\x2c\x1b(B <a@b.example>", [("\x1b$B<,\x1b(B", "a@b.example")], id="ISO-2022-JP, raw"
        ),
    ],
)
def test_read(raw: bytes, expected: list[tuple[str, str]]) -> None:
    if b"\x1b" in raw:
        assert [address for _, address in _read(raw)] == ["a@b.example"]
    else:
        assert _read(raw) == expected


@pytest.mark.parametrize(
    ("raw", "defect"),
    [
        pytest.param(b"postmaster", "address without a domain", id="no domain"),
        pytest.param(b"Li Wei", "name without an address", id="only a name"),
        pytest.param(b"Li a@b.example", "address without brackets", id="no brackets"),
        pytest.param(b"A <a@b.example> C <c@d.example>", "no comma between two addresses", id="no comma"),
    ],
)
def test_defects(raw: bytes, defect: str) -> None:
    assert defect in addresses.read(raw)[1]


def test_as_many_as_a_field_may_hold() -> None:
    found, defects = addresses.read(b"a@b.example," * (bounds.MAX_ADDRESSES + 10))
    assert len(found) == bounds.MAX_ADDRESSES
    assert defects == ("too many addresses, the last are left out",)


@pytest.mark.parametrize("raw", [b"(" * 800 + b")" * 800 + b" a@b.example", b"a@b.example" + b"(" * 100_000])
def test_nested_comments_cost_linear_time(raw: bytes) -> None:
    assert any("a@b.example" in each.address for each in addresses.read(raw)[0])


def test_unclosed_quotes_cost_linear_time() -> None:
    addresses.read(b'"\\' * 50_000)


def test_an_address_compares_without_case() -> None:
    (found,), _ = addresses.read(b"A.B@Example.COM")
    assert found == Address(address="A.B@Example.COM")
    assert found.key == "a.b@example.com"
