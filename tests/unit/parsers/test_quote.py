"""What a person newly wrote, by mailer and habit."""

import pytest

from maild.parsers import bounds, quote

QUOTED = "> Which batch?\n> Service"


@pytest.mark.parametrize(
    ("text", "new"),
    [
        pytest.param("Only text.\n", "Only text.", id="no quotation"),
        pytest.param(f"Yes.\n\nOn Mon, 2 Mar 2026 at 9:00, Service wrote:\n{QUOTED}\n", "Yes.", id="Gmail"),
        pytest.param(
            f"Yes.\n\nOn Mon, Mar 2, 2026 at 9:00 AM Service Desk <\nservice@x.example> wrote:\n\n{QUOTED}\n",
            "Yes.",
            id="attribution over two lines",
        ),
        pytest.param(
            f"Yes.\n\nOn Mon, Mar 2, 2026 at 9:00 Service\n\n<\nmailto:S <s@x.example>\n> wrote:\n{QUOTED}",
            "Yes.",
            id="attribution over many lines",
        ),
        pytest.param(
            "Yes.\n\nOn 2 March 2026 Service wrote:\nWhich batch?\n", "Yes.", id="quoted without marks"
        ),
        pytest.param(
            f"同意。\n\n在 2026年3月2日，上午9:00，客服 写道：\n{QUOTED}\n", "同意。", id="Apple Mail, zh"
        ),
        pytest.param(
            f"同意。\n\n客服 <s@x.example> 于2026年3月2日周一 写道：\n\n{QUOTED}", "同意。", id="Gmail, zh"
        ),
        pytest.param(f"Ja.\n\nAm 02.03.2026 um 09:00 schrieb Service:\n{QUOTED}\n", "Ja.", id="german"),
        pytest.param(f"Oui.\n\nLe 2 mars 2026 à 09:00, Service a écrit :\n{QUOTED}\n", "Oui.", id="french"),
        pytest.param(
            f"Yes.\n2026-03-02 9:00 GMT+01:00 Service <s@x.example>:\n{QUOTED}\n", "Yes.", id="no verb"
        ),
        pytest.param(f"Yes.\n\n---- Service wrote ----\n{QUOTED}\n", "Yes.", id="between dashes"),
        pytest.param(
            "Yes.\n\nFrom: Service <s@x.example>\nSent: Monday\nTo: Li\nSubject: Batch\n\nWhich batch?\n",
            "Yes.",
            id="Outlook",
        ),
        pytest.param(
            "同意\n\n发件人： 客服\n发送时间： 2026年3月2日\n收件人： 李伟\n主题： 批次\n\n哪一批？",
            "同意",
            id="Outlook, zh",
        ),
        pytest.param(
            "同意\n\n寄件者: 客服\n日期: 2026年3月2日\n\n哪一批？", "同意", id="traditional chinese"
        ),
        pytest.param(
            "收到\n\n------------------ 原始邮件 ------------------\n发件人: 客服\n\n哪一批？",
            "收到",
            id="QQ Mail",
        ),
        pytest.param("收到\n\n-----邮件原件-----\n哪一批？", "收到", id="original mail, zh"),
        pytest.param("收到\n---- 回复的原邮件 ----\n| 发件人 | 客服 |\n", "收到", id="NetEase Mail Master"),
        pytest.param("FYI\n\n---------- Forwarded message ----------\nFrom: a\n\nText", "FYI", id="forward"),
        pytest.param("FYI\n\nBegin forwarded message:\n\n> From: a\n", "FYI", id="Apple Mail's forward"),
        pytest.param(
            "---------- Forwarded message ----------\nFrom: a\nDate: b\nSubject: c\n on two lines\n\nText",
            "Text",
            id="forwarded without a word",
        ),
        pytest.param(
            "Yes.\n\n________________\nFrom: a@x.example\nSent: b\n\nText", "Yes.", id="a rule before"
        ),
        pytest.param("Yes.\n\n*From:* a@x.example\n*Sent:* b\n*To:* c\n\nText", "Yes.", id="bold labels"),
        pytest.param(
            "Yes.\nbla--- On 2 March 2026, Service wrote:\n> x", "Yes.\nbla", id="glued to the text"
        ),
        pytest.param("From: one label\nis no header.", "From: one label\nis no header.", id="one label only"),
        pytest.param(
            "Date: a\nfolded\nfolded\nfolded\nTo: b", "Date: a\nfolded\nfolded\nfolded\nTo: b", id="too far"
        ),
        pytest.param(f"On 2 March 2026, Service wrote:\n{QUOTED}\n\nA-17.\n", "A-17.", id="answer below"),
        pytest.param(
            "On 2 March 2026, S wrote:\n> Which?\n\nA-17, as the label says.\n\n> When?\n\nMonday morning.",
            "> Which?\n\nA-17, as the label says.\n\n> When?\n\nMonday morning.",
            id="answers between",
        ),
        pytest.param(
            f"Hello,\n\nOn 2 March 2026, S wrote:\n{QUOTED}\n\nSee the label\nand the\nphoto.",
            f"Hello,\n\n{QUOTED}\n\nSee the label\nand the\nphoto.",
            id="answer below a greeting",
        ),
        pytest.param(
            f"A-17.\n\nOn 2 March 2026, S wrote:\n{QUOTED}\n\nRegards, Li",
            "A-17.\n\nRegards, Li",
            id="wrapped",
        ),
        pytest.param(
            "On 2 March 2026, S wrote:\n\nNew text, unquoted.", "New text, unquoted.", id="nothing before"
        ),
        pytest.param(f"{QUOTED}\n\nA-17.", f"{QUOTED}\n\nA-17.", id="quotes that no mailer announced"),
        pytest.param("A-17.\n> trailing\n", "A-17.", id="quotes at the end"),
        pytest.param(QUOTED, QUOTED, id="nothing but quotes"),
        pytest.param("> On 2 March 2026, S wrote:\n>> x", "", id="nothing but an old mail"),
        pytest.param("Yes.\n\n-- \nLi Wei\nTel. 1\n", "Yes.", id="signature"),
        pytest.param(
            f"Yes.\n\n--\nLi\n\nOn 2 March 2026, S wrote:\n{QUOTED}", "Yes.", id="signature above the quote"
        ),
        pytest.param("Yes.\n\nSent from my iPhone\n", "Yes.", id="telephone"),
        pytest.param("好的\n\n发自我的iPhone", "好的", id="telephone, zh"),
        pytest.param("Yes.\n____________\nlist mailing list\n", "Yes.", id="list footer"),
        pytest.param("Ja.\n\nMit freundlichen Grüßen\nLi Wei\n", "Ja.", id="closing"),
        pytest.param("好的。\n\n此致\n敬礼\n李伟", "好的。", id="closing, zh"),
        pytest.param("Tak.\n\n-Anders\n", "Tak.", id="dashed name"),
        pytest.param("Hilsen\nx\n", "Hilsen\nx", id="a closing is not the first line"),
        pytest.param(
            "a\n\nmvh\n1\n2\n3\n4\n5\n6",
            "a\n\nmvh\n1\n2\n3\n4\n5\n6",
            id="too much stands behind the closing",
        ),
        pytest.param("a\n\nmvh\n" + "x" * 61, "a\n\nmvh\n" + "x" * 61, id="a long line behind the closing"),
        pytest.param(
            f"a\n\nmvh\nLi\n\nOn 2 March 2026, S wrote:\n{QUOTED}", "a", id="closing above the quote"
        ),
        pytest.param("```\n--\n```\nafter", "```\n--\n```\nafter", id="code"),
        pytest.param(
            "Yes.\n\nOn 2 March 2026, S wrote:\n> see https://x.example/a\n_b=1)\n> end",
            "Yes.",
            id="a broken link",
        ),
        pytest.param(
            "Visit\n>>> >>>  http://x.example <<<\nnow",
            "Visit\n>>> >>>  http://x.example <<<\nnow",
            id="arrows",
        ),
        pytest.param("On this day\n\nI wrote something.", "On this day\n\nI wrote something.", id="no date"),
        pytest.param("On 1 May " + "x" * 600 + " wrote:", "On 1 May " + "x" * 600 + " wrote:", id="too long"),
        pytest.param("See\n\non 3 May <x\n\n", "See\n\non 3 May <x", id="begins like an attribution"),
        pytest.param("a\u200bb\u00a0c", "ab c", id="unseen characters"),
        pytest.param("", "", id="empty"),
    ],
)
def test_new_text(text: str, new: str) -> None:
    assert quote.split(text).new_text == new


def test_the_parts_are_kept() -> None:
    parted = quote.split("Yes.\n\n-- \nLi\n\nOn 2 March 2026, S wrote:\n> x\n")
    assert parted.signature == "-- \nLi".replace("-- ", "--")
    assert parted.quoted_text == "On 2 March 2026, S wrote:\n> x"


def test_lines_past_the_bound_count_as_quoted() -> None:
    parted = quote.split("a\n" * (bounds.MAX_QUOTE_LINES + 2))
    assert parted.quoted_text == "a\na"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("> > >\nOn 1 Jan x wrote:\n" * 5_000, id="attributions"),
        pytest.param("text\n\n-Name\n" * 5_000, id="dashed names"),
        pytest.param("text\n--\nx\n> q\n" * 5_000, id="signatures"),
        pytest.param(("1 wrote " * 60 + ":\n") * 1_000, id="verbs"),
    ],
)
def test_hostile_text_is_read(text: str) -> None:
    parted = quote.split(text)
    assert len(parted.new_text) + len(parted.quoted_text) <= len(text)
