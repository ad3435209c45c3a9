"""Which folder holds the sent mail."""

import pytest

from maild.imap.sent import ListedFolder, choose_sent


def folder(name: str, *flags: str, delimiter: str = "/") -> ListedFolder:
    return ListedFolder(name=name, flags=frozenset(flags), delimiter=delimiter)


@pytest.mark.parametrize(
    ("folders", "expected"),
    [
        pytest.param([], None, id="no folder"),
        pytest.param([folder("INBOX"), folder("Archive")], None, id="none looks like it"),
        pytest.param([folder("Sent"), folder("Gone", "\\sent")], "Gone", id="the mark wins"),
        pytest.param(
            [folder("Top", "\\sent", "\\noselect"), folder("Sent Items")], "Sent Items", id="cannot be opened"
        ),
        pytest.param([folder("Old", "\\nonexistent", "\\sent")], None, id="only subscribed"),
        pytest.param([folder("INBOX.Sent", delimiter=".")], "INBOX.Sent", id="below INBOX"),
        pytest.param([folder("[Gmail]/已发送邮件")], "[Gmail]/已发送邮件", id="Gmail in Chinese"),
        pytest.param([folder("草稿箱"), folder("已发送")], "已发送", id="163"),
        pytest.param([folder("Sent Messages")], "Sent Messages", id="QQ"),
        pytest.param([folder("SENT ITEMS")], "SENT ITEMS", id="any case"),
        pytest.param([folder("Sent Items"), folder("Sent")], "Sent", id="the likelier name"),
        pytest.param([folder("a/Sent", delimiter="")], None, id="flat names are whole"),
        pytest.param([folder("Presentation")], None, id="not part of a word"),
    ],
)
def test_choose_sent(folders: list[ListedFolder], expected: str | None) -> None:
    assert choose_sent(folders) == expected
