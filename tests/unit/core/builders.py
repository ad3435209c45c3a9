"""Values to decide on, with what a test does not care about filled in."""

from dataclasses import replace
from datetime import UTC, datetime

from maild.core.evolve import evolve
from maild.model.case import Case, CaseId, Direction
from maild.model.delivery import DoubtPolicy
from maild.model.events import CaseOpened
from maild.model.facts import Joining, MailArrived, Routing
from maild.model.happening import Happening, Occurrence
from maild.model.mail import Address, Automatic, AutomaticKind, Identity, Message, MessageId
from maild.model.people import Company, MailboxProfile
from maild.model.playbook import Guard, Playbook, Reaction
from maild.model.world import ReservedCase, World
from tests.unit.core.calendars import CHINA

NOW = datetime(2026, 9, 30, 8, 40, tzinfo=UTC)
LI = Address(name="李雷", address="Li@Customer.example")

COMPANY = Company(
    names=(("zh", "示例公司"), ("en", "Example Ltd")),
    staff_domains=frozenset({"example.com"}),
    shared_domains=frozenset({"qq.com"}),
)
MAILBOX = MailboxProfile(
    name="service",
    address="kefu@example.com",
    display_name="客服",
    aliases=("service@example.com",),
    language="zh",
    default_kind="request",
    zone="Asia/Shanghai",
)
ON_OPENED = Happening(Occurrence.CASE_OPENED)
ON_JOINED = Happening(Occurrence.MESSAGE_JOINED)
ACKNOWLEDGE = Reaction(
    on=(ON_OPENED,),
    unless=(Guard.AUTOMATIC, Guard.STAFF, Guard.OURSELVES),
    send="acknowledgement",
    move_to=None,
    place="customer.yaml:8",
)
PLAYBOOK = Playbook(
    name="customer",
    version="1",
    number_prefix="C",
    kinds=("request",),
    stages=("open", "answered", "closed"),
    closing_stages=frozenset({"closed"}),
    reactions=(ACKNOWLEDGE,),
    doubt_policy=DoubtPolicy.RESEND,
    place="customer.yaml:1",
)
WORLD = World(
    playbook=PLAYBOOK,
    mailbox=MAILBOX,
    company=COMPANY,
    our_addresses=MAILBOX.keys,
    config_hash="c" * 64,
    reserved=ReservedCase(case_id=CaseId("case-1"), serial=7, number="C-2026-00007"),
    answers_lately=0,
    answer_limit=20,
    calendar=CHINA,
)
OPENED = CaseOpened(
    case_id=CaseId("case-1"),
    serial=7,
    number="C-2026-00007",
    case_kind="request",
    stage="open",
    priority="normal",
    subject="询价",
    base_subject="询价",
    contact=LI,
    mailbox="service",
    language="zh",
    playbook="customer",
    config_hash="c" * 64,
)
UNTIED = Joining(case_id=None, join=None, reason="nothing ties it to a case", verified=False)
ROUTING = Routing(opens_case=True, case_kind="request", priority="normal", reason="rule `default`")
MACHINE = Automatic(kind=AutomaticKind.AUTO_REPLY, reason="Auto-Submitted: auto-replied")


def a_case(**changes: object) -> Case:
    """An open case of 李雷."""
    return replace(evolve(None, OPENED, NOW), **changes)  # type: ignore[arg-type]  # fields by name


def a_message(**changes: object) -> Message:
    """A message from 李雷."""
    message = Message(
        identity=Identity("1" * 64), size_bytes=10, message_id=MessageId("m1@customer.example"), from_=(LI,)
    )
    return replace(message, **changes)  # type: ignore[arg-type]  # fields by name


def an_arrival(**changes: object) -> MailArrived:
    """A first message from 李雷 to the service mailbox."""
    fact = MailArrived(
        message_key="key-1",
        message_id=MessageId("m1@customer.example"),
        references=(MessageId("m0@customer.example"),),
        direction=Direction.INCOMING,
        author=LI,
        reply_address=LI,
        recipients=(Address(address="kefu@example.com"), Address(address="Wang@customer.example")),
        subject="询价",
        base_subject="询价",
        language="zh",
        automatic=Automatic(),
        mailbox="service",
        received_at=NOW,
        joining=UNTIED,
        routing=ROUTING,
        duplicate_id=False,
    )
    return replace(fact, **changes)  # type: ignore[arg-type]  # fields by name
