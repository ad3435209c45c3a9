"""What rules see."""

from maild.core.classify import TEXT_LIMIT, rule_input
from maild.model.mail import Address, Attachment
from tests.unit.core.builders import LI, MAILBOX, a_message


def test_every_field_by_its_name() -> None:
    message = a_message(
        to=(Address(address="Kefu@example.com"),),
        cc=(Address(address="boss@customer.example"),),
        subject="Re: 投诉",
        base_subject="投诉",
        new_text="坏了",
        language="zh",
        headers=(("X-Origin", "a"), ("x-origin", "b")),
        attachments=(
            Attachment(
                filename="照片.jpg", content_type="image/jpeg", size_bytes=1, sha256="0", inline=False
            ),
            Attachment(filename="", content_type="image/png", size_bytes=1, sha256="1", inline=True),
        ),
    )
    fields = dict(rule_input(message, MAILBOX).fields)
    assert fields == {
        "from": (LI.key,),
        "from_domain": ("customer.example",),
        "from_name": ("李雷",),
        "to": ("kefu@example.com", "boss@customer.example"),
        "mailbox": ("service",),
        "subject": ("Re: 投诉",),
        "base_subject": ("投诉",),
        "text": ("坏了",),
        "language": ("zh",),
        "automatic": ("none",),
        "attachment_name": ("照片.jpg",),
        "attachment_type": ("image/jpeg", "image/png"),
        "header:x-origin": ("a", "b"),
    }


def test_text_headers_and_their_number_are_bounded() -> None:
    headers = tuple((f"X-{number}", "v" * 5000) for number in range(500))
    fields = dict(rule_input(a_message(new_text="长" * 50_000, headers=headers, language=""), MAILBOX).fields)
    assert len(fields["text"][0]) == TEXT_LIMIT
    assert len([name for name in fields if name.startswith("header:")]) == 100
    assert len(fields["header:x-0"][0]) == 1000
    assert fields["language"] == ()
