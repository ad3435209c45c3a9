"""What servers on the way found out about the sender (Authentication-Results, RFC 8601), by authres.

Whom to believe is not decided here: whoever asks names the authserv-id of the own server, and takes
the topmost results only (RFC 8601 §5).
"""

import re

import authres

from maild.model.mail import AuthenticationResult
from maild.parsers import headers

_MAX_RESULTS = 50
_MAX_VALUE_BYTES = 8_000
_DOMAIN_OF = {"spf": ("mailfrom", "helo"), "dkim": ("d", "i"), "dmarc": ("from",), "arc": ("d",)}
_DOMAIN = re.compile(r"[\w.-]+\.[\w-]+\Z")


def results(values: tuple[bytes, ...]) -> tuple[AuthenticationResult, ...]:
    """Every verdict of every Authentication-Results field, the topmost field first; at most 50."""
    found: list[AuthenticationResult] = []
    for value in values:
        if len(found) >= _MAX_RESULTS:
            break
        found += _read(headers.text_of(value[:_MAX_VALUE_BYTES]))
    return tuple(found[:_MAX_RESULTS])


def _read(value: str) -> list[AuthenticationResult]:
    """The verdicts of one field; none when it is not of RFC 8601's form, for then nobody vouches for it."""
    try:
        parsed = authres.AuthenticationResultsHeader.parse_value(value)
    except (authres.AuthResError, ValueError, IndexError, RecursionError):
        return []
    server = str(parsed.authserv_id or "").casefold()
    return [
        AuthenticationResult(
            authserv_id=server,
            method=str(each.method).casefold(),
            result=str(each.result).casefold(),
            domain=_domain(str(each.method).casefold(), each.properties),
        )
        for each in parsed.results
        if getattr(each, "method", None)
    ]


def _domain(method: str, properties: list[authres.core.AuthenticationResultProperty]) -> str:
    """The domain that the verdict is about (RFC 8601 §2.7), '' when none is named."""
    by_name = {str(each.name).casefold(): str(each.value) for each in properties}
    for name in _DOMAIN_OF.get(method, ()):
        domain = by_name.get(name, "").rpartition("@")[2].strip("<>").casefold()
        if _DOMAIN.match(domain):
            return domain
    return ""
