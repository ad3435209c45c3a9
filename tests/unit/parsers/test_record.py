"""The JSON object of `maild parse`."""

import json

from maild.parsers.record import to_record
from tests.unit.parsers.mails import read, report

KEYS = (
    "file message_id date from sender reply_to to cc subject base_subject in_reply_to references text"
    " html new_text"
    " quoted_text attachments automatic delivery_report authentication defects"
)


def test_the_object() -> None:
    found = read(
        "Date: Mon, 02 Mar 2026 09:30:00 +0800\nIn-Reply-To: <1@x> <2@x>\n"
        "Content-Type: a/b; name=x.bin\nAuthentication-Results: mx.example; spf=pass smtp.mailfrom=b.example",
        "abc",
    )
    row = to_record(found, "a.eml")
    assert list(row) == KEYS.split()
    assert row["date"] == "2026-03-02T01:30:00+00:00"
    assert row["from"] == [{"name": "Li", "address": "li@customer.example"}]
    assert row["in_reply_to"] == "1@x"
    assert row["automatic"] == {"is": False, "kind": "none", "reason": ""}
    assert isinstance(row["attachments"], list)
    assert row["attachments"][0].keys() == {"filename", "content_type", "size", "sha256", "inline"}
    assert json.loads(json.dumps(row)) == row


def test_what_is_missing_is_null() -> None:
    row = to_record(read(), "a.eml")
    assert (row["date"], row["message_id"], row["in_reply_to"]) == (None, None, None)


def test_reports() -> None:
    row = to_record(report("Final-Recipient: rfc822;a@b.example\nAction: failed\nStatus: 5.1.1"), "a.eml")
    assert row["delivery_report"] == [
        {
            "recipient": "a@b.example",
            "action": "failed",
            "status": "5.1.1",
            "reason": "userunknown",
            "diagnostic": "",
        }
    ]
