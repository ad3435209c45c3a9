"""What the cast writes, in its order, and what each letter should lead to.

A letter that answers takes its subject and its thread from the newest mail that its author has from us.
"""

from collections.abc import Callable
from dataclasses import dataclass

from maild.demo import letters
from maild.demo.cast import BROWN, CHEN, DAEMON, LI, NEWS, SMITH, SUN, WANG, ZHANG, ZHAO, Person
from maild.demo.letters import Answered, Heading
from maild.model.case import JoinReason

Write = Callable[[Heading, Answered], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter. `subject` may hold {subject} and {number}, of the mail of ours that it answers."""

    key: str
    author: Person
    subject: str
    write: Write
    answers: bool = False
    from_machine: bool = False  # sent with the null reverse-path (RFC 5321 §4.5.5)
    without_id: bool = False
    join: JoinReason | None = JoinReason.OPENED
    language: str = ""  # of the acknowledgement that it should get; empty: none

    @property
    def message_id(self) -> str:
        """Its Message-ID without brackets; empty when it has none."""
        return "" if self.without_id else f"{self.key}@{self.author.domain}"


_PDF = b"%PDF-1.4\n% a page that the demo has no need to draw\n%%EOF\n"


def _inquiry(heading: Heading, _: Answered) -> bytes:
    text = (
        "您好！\n\n我司需采购 DN50 不锈钢球阀 120 台，请报含税单价，并告知最快交期。\n"
        "另请附上密封等级的检测报告。\n\n谢谢！\n王芳\n蓝天化工采购部\n"
    )
    return letters.plain(heading, text)


def _complaint(heading: Heading, _: Answered) -> bytes:
    text = (
        "客服：\n\n三月到货的 40 件法兰中，有 6 件密封面划痕明显，无法安装，产线已停工半天。\n"
        "请尽快安排换货，并说明原因和整改措施。\n\n华信石化 李明\n"
    )
    return letters.gb18030_8bit(heading, text)


def _contract(heading: Heading, _: Answered) -> bytes:
    text = "您好：\n\n合同我方已盖章，扫描件见附件，请贵司回签后寄回一份。\n\n张伟\n东方机械有限公司\n"
    return letters.gb18030_with_file(heading, text, "采购合同（盖章扫描件）.pdf", _PDF)


def _order(heading: Heading, _: Answered) -> bytes:
    html = (
        "<html><body style='font-family:Calibri'><p>Hello,</p>"
        "<p>What is your current <b>lead time</b> for 200 pcs of the FV-20 valve, shipped to Rotterdam?</p>"
        "<p>Best regards,<br>John Smith<br>Northwind Trading</p></body></html>"
    )
    return letters.html_only(heading, html)


def _delay(heading: Heading, _: Answered) -> bytes:
    text = (
        "Dear colleagues,\n\nthe castings of your purchase order PO-4417 will leave our works a week later\n"
        "than we promised. We are sorry. Please confirm the new date, 24 April.\n\n"
        "Kind regards\nEmma Brown\nSteelworks Ltd.\n"
    )
    return letters.plain(heading, text)


def _away(heading: Heading, answered: Answered) -> bytes:
    text = "I am out of the office until Monday and will answer your mail then.\n\nEmma Brown\n"
    return letters.out_of_office(heading, text, answered)


def _repair(heading: Heading, _: Answered) -> bytes:
    text = "您好：\n\n三号离心泵今早出现故障，轴承温度过高，需要维修。请安排工程师联系我。\n\n盛达设备 陈静\n"
    return letters.plain(heading, text)


def _leaving(heading: Heading, _: Answered) -> bytes:
    return letters.plain(heading, "您好，请把上月的对账单发给我，谢谢。\n\n远景贸易 孙丽\n")


def _bounce(heading: Heading, answered: Answered) -> bytes:
    return letters.bounce(heading, answered)


def _mistyped(heading: Heading, _: Answered) -> bytes:
    return letters.plain(heading, "你好，请问 25 公斤装的密封脂还有现货吗？价格多少？\n\n恒通五金 赵强\n")


def _newsletter(heading: Heading, _: Answered) -> bytes:
    text = "This week: prices of stainless steel, and three trade fairs in May.\n"
    return letters.newsletter(heading, text, f"<h1>This week</h1><p>{text}</p>")


def _detail(heading: Heading, answered: Answered) -> bytes:
    text = f"补充一点：球阀请按法兰连接报价，压力等级 PN16。\n\n王芳\n\n> {answered.subject}\n> 您好！\n"
    return letters.answer(heading, text, answered)


def _drawing(heading: Heading, _: Answered) -> bytes:
    return letters.plain(heading, "Please quote the version with the long stem, if you can.\n\nJohn Smith\n")


SCENARIO = (
    Letter(key="inquiry", author=WANG, subject="询问 DN50 球阀的报价与交期", write=_inquiry, language="zh"),
    Letter(
        key="complaint", author=LI, subject="投诉：三月批次法兰密封面有划痕", write=_complaint, language="zh"
    ),
    Letter(key="contract", author=ZHANG, subject="采购合同盖章扫描件", write=_contract, language="zh"),
    Letter(key="order", author=SMITH, subject="Lead time for 200 FV-20 valves", write=_order, language="en"),
    Letter(key="delay", author=BROWN, subject="PO-4417: new delivery date", write=_delay, language="en"),
    Letter(
        key="away",
        author=BROWN,
        subject="Automatic reply: {subject}",
        write=_away,
        answers=True,
        from_machine=True,
        join=JoinReason.TOKEN,
    ),
    Letter(key="weekly", author=NEWS, subject="Valve prices, week 14", write=_newsletter, join=None),
    Letter(
        key="repair", author=CHEN, subject="三号泵故障报修", write=_repair, without_id=True, language="zh"
    ),
    Letter(key="statement", author=SUN, subject="索取上月对账单", write=_leaving, language="zh"),
    Letter(
        key="undelivered",
        author=DAEMON,
        subject="Undelivered Mail Returned to Sender",
        write=_bounce,
        answers=True,
        from_machine=True,
        join=JoinReason.REPORT,
    ),
    Letter(key="stock", author=ZHAO, subject="密封脂现货咨询", write=_mistyped, language="zh"),
    Letter(
        key="detail",
        author=WANG,
        subject="回复：{subject}",
        write=_detail,
        answers=True,
        join=JoinReason.TOKEN,
    ),
    Letter(
        key="stem",
        author=SMITH,
        subject="One more wish for {number}",
        write=_drawing,
        answers=True,
        join=JoinReason.NUMBER,
    ),
)
