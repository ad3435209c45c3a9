"""Values and files that the tests of render share."""

from dataclasses import replace
from pathlib import Path

from maild.model.rendering import MailValues

VALUES = MailValues(
    company_name="示例科技有限公司",
    mailbox_name="客户服务中心",
    mailbox_address="service@example.com",
    contact_name="王强",
    case_number="KF-2026-00042",
    case_subject="轴承 3 号批次异响",
    received_at="2026年9月30日 16:40",
)

NOBODY = replace(VALUES, contact_name="", case_subject="")

HEAD = {
    "name": "note",
    "version": "3",
    "purpose": "test",
    "language": "zh",
    "subject": "'[{{ case_number }}]'",
}


def write(folder: Path, *, body: str = "x", language: str = "zh", name: str = "note", **head: str) -> Path:
    """A template file with a good head, but for the keys given; a key given as "" is left out."""
    keys = HEAD | {"name": name, "language": language} | head
    lines = [f"{key}: {value}" for key, value in keys.items() if value]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.{language}.md"
    path.write_text("\n".join(["---", *lines, "---", body]) + "\n", encoding="utf-8")
    return path


def write_both(folder: Path, *, body: str = "x", name: str = "note", **head: str) -> None:
    """The same template in both house languages."""
    for language in ("zh", "en"):
        write(folder, body=body, language=language, name=name, **head)
