"""Authentication-Results."""

import pytest

from maild.parsers import auth


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            b"MX.company.example; spf=pass smtp.mailfrom=a@b.example; dkim=fail header.i=@c.example;"
            b" dmarc=pass (p=none) header.from=d.example",
            [("spf", "pass", "b.example"), ("dkim", "fail", "c.example"), ("dmarc", "pass", "d.example")],
            id="three methods",
        ),
        pytest.param(b"mx.company.example; none", [], id="none"),
        pytest.param(
            b"mx.company.example; spf=pass smtp.mailfrom=localhost", [("spf", "pass", "")], id="no domain"
        ),
        pytest.param(
            b"mx.company.example; iprev=pass", [("iprev", "pass", "")], id="a method without a domain"
        ),
        pytest.param(b"spf=pass (without a server)", [], id="not of the form"),
        pytest.param(b"", [], id="empty"),
    ],
)
def test_results(value: bytes, expected: list[tuple[str, str, str]]) -> None:
    found = auth.results((value,))
    assert [(each.method, each.result, each.domain) for each in found] == expected
    assert {each.authserv_id for each in found} <= {"mx.company.example"}


def test_at_most_fifty() -> None:
    assert len(auth.results((b"x.example; spf=pass smtp.mailfrom=b.example",) * 60)) == 50
