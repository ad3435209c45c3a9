"""A message as the JSON object that `maild parse` prints a line."""

from dataclasses import asdict

from maild.model.mail import Address, Attachment, Message


def to_record(message: Message, file: str) -> dict[str, object]:
    """The fields of `message` by their public names, ready for JSON; `file` says where it was read."""
    automatic = message.automatic
    return {
        "file": file,
        "message_id": message.message_id,
        "date": message.date.isoformat() if message.date else None,
        "from": _people(message.from_),
        "sender": _people(message.sender),
        "reply_to": _people(message.reply_to),
        "to": _people(message.to),
        "cc": _people(message.cc),
        "subject": message.subject,
        "base_subject": message.base_subject,
        "in_reply_to": next(iter(message.in_reply_to), None),
        "references": list(message.references),
        "text": message.text,
        "html": message.html,
        "new_text": message.new_text,
        "quoted_text": message.quoted_text,
        "attachments": [_attachment(each) for each in message.attachments],
        "automatic": {
            "is": automatic.is_automatic,
            "kind": automatic.kind.value,
            "reason": automatic.reason,
        },
        "delivery_report": [asdict(each) for each in message.delivery_report],
        "authentication": [asdict(each) for each in message.authentication],
        "defects": list(message.defects),
    }


def _people(people: tuple[Address, ...]) -> list[dict[str, str]]:
    return [{"name": each.name, "address": each.address} for each in people]


def _attachment(attachment: Attachment) -> dict[str, object]:
    return {
        "filename": attachment.filename,
        "content_type": attachment.content_type,
        "size": attachment.size_bytes,
        "sha256": attachment.sha256,
        "inline": attachment.inline,
    }
