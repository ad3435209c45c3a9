"""Every answer that a server may give, at every step, and what it means for each recipient."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from maild.model.delivery import Envelope, RecipientOutcome, RecipientState
from maild.settings import Secret, SmtpSettings, TlsMode
from maild.smtp.submission import deliver
from tests.fakes.scripted_smtp import CLOSE_AFTER, HANG_UP, SILENCE, ScriptedSmtp

SENT, DEFERRED = RecipientState.SENT, RecipientState.DEFERRED
REFUSED, IN_DOUBT = RecipientState.REFUSED, RecipientState.IN_DOUBT

Answers = Mapping[str, str | Sequence[str]]
RAW = b"Subject: x\r\n\r\nhello\r\n"


async def nothing() -> None:
    """A `before_data` with nothing to commit."""


def settings_for(server: ScriptedSmtp, timeout_s: float, login: tuple[str, str] = ("", "")) -> SmtpSettings:
    """Plain settings, impatient where a test waits for an answer that never comes."""
    return SmtpSettings(
        host=server.host,
        port=server.port,
        tls=TlsMode.NONE,
        username=login[0],
        password=Secret(login[1]),
        timeout_s=timeout_s,
        data_timeout_s=timeout_s,
        helo="maild.example.test",
    )


def play(
    answers: Answers,
    *recipients: str,
    raw: bytes = RAW,
    sender: str = "service@example.test",
    timeout_s: float = 5,
    login: tuple[str, str] = ("", ""),
) -> tuple[tuple[RecipientOutcome, ...], ScriptedSmtp]:
    """The outcomes of one delivery to a server that answers so, and the server."""

    async def delivery() -> tuple[tuple[RecipientOutcome, ...], ScriptedSmtp]:
        async with ScriptedSmtp(answers).running() as server:
            envelope = Envelope(sender=sender, recipients=recipients or ("a@example.test", "b@example.test"))
            settings = settings_for(server, timeout_s, login)
            told = await deliver(settings, envelope, raw, mailbox="service", before_data=nothing)
            await server.gone()
            return told, server

    return asyncio.run(delivery())


def states(outcomes: tuple[RecipientOutcome, ...]) -> list[RecipientState]:
    """What became of each."""
    return [each.state for each in outcomes]


@pytest.mark.parametrize(
    ("answers", "state", "code"),
    [
        pytest.param(
            {"GREETING": "554 no service"}, DEFERRED, 554, id="greeting 554: the host, not the mail"
        ),
        pytest.param({"GREETING": "421 busy"}, DEFERRED, 421, id="greeting 421"),
        pytest.param({"GREETING": HANG_UP}, DEFERRED, 0, id="hung up instead of a greeting"),
        pytest.param({"EHLO": "502 what"}, DEFERRED, 502, id="EHLO refused"),
        pytest.param({"EHLO": "xyz"}, DEFERRED, 0, id="EHLO answered with noise"),
        pytest.param({"MAIL": "550 not your address"}, REFUSED, 550, id="MAIL 550"),
        pytest.param({"MAIL": "451 later"}, DEFERRED, 451, id="MAIL 451"),
        pytest.param({"MAIL": "530 log in first"}, DEFERRED, 530, id="MAIL 530: our settings, not the mail"),
        pytest.param({"MAIL": HANG_UP}, DEFERRED, 0, id="hung up at MAIL"),
        pytest.param({"RCPT": "550 no"}, REFUSED, 550, id="RCPT 550"),
        pytest.param({"RCPT": "450 later"}, DEFERRED, 450, id="RCPT 450"),
        pytest.param({"RCPT": "251 will forward"}, SENT, 250, id="RCPT 251"),
        pytest.param({"RCPT": "xyz"}, DEFERRED, 0, id="RCPT answered with noise"),
        pytest.param({"RCPT": CLOSE_AFTER + "421 going down"}, DEFERRED, 421, id="RCPT 421 and gone"),
        pytest.param({"DATA": "451 later"}, DEFERRED, 451, id="DATA 451"),
        pytest.param({"DATA": "554 no"}, REFUSED, 554, id="DATA 554"),
        pytest.param({"DATA": "250 what"}, IN_DOUBT, 250, id="DATA answered as if it were over"),
        pytest.param({"DATA": HANG_UP}, IN_DOUBT, 0, id="hung up at DATA"),
        pytest.param({"DOT": "250 2.0.0 queued as 7"}, SENT, 250, id="taken"),
        pytest.param({"DOT": "452 disk full"}, DEFERRED, 452, id="dot 452"),
        pytest.param({"DOT": "554 spam"}, REFUSED, 554, id="dot 554"),
        pytest.param({"DOT": "xyz"}, IN_DOUBT, 0, id="dot answered with noise"),
        pytest.param({"DOT": HANG_UP}, IN_DOUBT, 0, id="hung up after the dot"),
        pytest.param({"QUIT": "500 what"}, SENT, 250, id="QUIT refused"),
        pytest.param({"QUIT": HANG_UP}, SENT, 250, id="hung up at QUIT"),
    ],
)
def test_an_answer_means_the_same_for_a_lone_recipient(
    answers: Answers, state: RecipientState, code: int
) -> None:
    (told,), _ = play(answers, "a@example.test")
    assert (told.state, told.code) == (state, code)
    assert told.reply


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param(
            {"RCPT": ["550 no", HANG_UP]}, [REFUSED, DEFERRED], id="a refusal outlives a lost connection"
        ),
        pytest.param(
            {"RCPT": ["250 OK", HANG_UP]}, [DEFERRED, DEFERRED], id="accepted, then lost before DATA"
        ),
        pytest.param(
            {"RCPT": ["250 OK", CLOSE_AFTER + "421 bye"]},
            [DEFERRED, DEFERRED],
            id="accepted, then told to go away",
        ),
        pytest.param({"RCPT": ["250 OK", "552 too many"]}, [SENT, DEFERRED], id="552 after others: too many"),
        pytest.param({"RCPT": ["552 full", "552 full"]}, [REFUSED, REFUSED], id="552 at once: for good"),
        pytest.param(
            {"RCPT": ["550 no", "250 OK"], "DOT": HANG_UP},
            [REFUSED, IN_DOUBT],
            id="doubt only for whom was accepted",
        ),
        pytest.param(
            {"RCPT": ["550 no", "250 OK"], "DOT": "554 spam"},
            [REFUSED, REFUSED],
            id="both refused, one at the dot",
        ),
    ],
)
def test_each_of_two_recipients_has_an_outcome_of_its_own(
    answers: Answers, expected: list[RecipientState]
) -> None:
    outcomes, _ = play(answers)
    assert states(outcomes) == expected


@pytest.mark.parametrize(
    ("silent", "state"),
    [
        pytest.param("GREETING", DEFERRED, id="greeting"),
        pytest.param("RCPT", DEFERRED, id="RCPT"),
        pytest.param("DATA", IN_DOUBT, id="DATA"),
        pytest.param("DOT", IN_DOUBT, id="after the dot"),
    ],
)
def test_an_answer_that_never_comes(silent: str, state: RecipientState) -> None:
    (told,), _ = play({silent: SILENCE}, "a@example.test", timeout_s=0.2)
    assert (told.state, told.code) == (state, 0)


def test_a_connection_that_ends_during_the_commit_is_no_doubt() -> None:
    async def delivery() -> tuple[RecipientOutcome, ...]:
        server = ScriptedSmtp({"RCPT": CLOSE_AFTER + "250 OK"})
        async with server.running():
            envelope = Envelope(sender="", recipients=("a@example.test",))
            settings = settings_for(server, 5)
            return await deliver(settings, envelope, RAW, mailbox="service", before_data=server.gone)

    (told,) = asyncio.run(delivery())
    assert told.state is DEFERRED
    assert told.reply.endswith("lost before DATA: the connection was closed")


def test_the_dialogue_asks_for_what_the_server_offers() -> None:
    raw = "Subject: 您好\r\n\r\n正文\r\n".encode()
    (told,), server = play({}, "王强@example.test", raw=raw)
    assert told.state is SENT
    assert server.commands == [
        "EHLO maild.example.test",
        f"MAIL FROM:<service@example.test> SIZE={len(raw)} BODY=8BITMIME SMTPUTF8",
        "RCPT TO:<王强@example.test>",
        "DATA",
        "QUIT",
    ]
    assert server.message == raw + b".\r\n"


def test_the_dialogue_asks_for_nothing_that_is_not_offered() -> None:
    _, server = play({"EHLO": "250 scripted.example.test"}, "a@example.test")
    assert server.commands[1] == "MAIL FROM:<service@example.test>"


def test_an_address_outside_ascii_is_refused_where_the_server_cannot_take_it() -> None:
    outcomes, _ = play({"EHLO": "250 scripted.example.test"}, "王强@example.test", "b@example.test")
    assert states(outcomes) == [REFUSED, SENT]
    assert "RFC 6531" in outcomes[0].reply


@pytest.mark.parametrize("sender", ["服务@example.test", "a@b.test> SIZE=1"])
def test_a_sender_that_cannot_be_said_is_our_mistake_and_waits(sender: str) -> None:
    outcomes, server = play({"EHLO": "250 scripted.example.test"}, sender=sender)
    assert states(outcomes) == [DEFERRED, DEFERRED]
    assert server.commands[-1] == "QUIT"


def test_the_reply_is_one_bounded_line_that_any_database_takes() -> None:
    noise = "550-" + "x" * 600 + "\r\n550 \udcff\udcfe"
    (told,), _ = play({"RCPT": noise}, "a@example.test")
    assert len(told.reply) == 500
    (told,), _ = play({"RCPT": "550-one\r\n550 \udcff"}, "a@example.test")
    assert told.reply == "one ?"


@pytest.mark.parametrize(
    ("offers", "answers", "said"),
    [
        pytest.param("PLAIN LOGIN", {}, "AUTH PLAIN AHVzZXIAc2VjcmV0", id="PLAIN before LOGIN"),
        pytest.param(
            "LOGIN",
            {"AUTH": "334 UGFzc3dvcmQ6", "c2VjcmV0": "235 OK"},
            "AUTH LOGIN dXNlcg==",
            id="LOGIN when alone",
        ),
        pytest.param(
            "PLAIN CRAM-MD5",
            {"AUTH": "334 PDEyMz4=", "dXNlciA1Mzg5YWI2": "235 OK"},
            "AUTH CRAM-MD5",
            id="CRAM-MD5 where nothing is encrypted",
        ),
    ],
)
def test_one_login_method_is_tried(offers: str, answers: Answers, said: str) -> None:
    ehlo = f"250-scripted.example.test\r\n250 AUTH {offers}"
    _, server = play({"AUTH": "235 OK", **answers, "EHLO": ehlo}, "a@example.test", login=("user", "secret"))
    assert server.commands[1] == said


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        pytest.param(
            {"AUTH": "535 5.7.8 bad credentials"},
            "the user or password is not accepted: 535 5.7.8 bad credentials",
            id="wrong password",
        ),
        pytest.param(
            {"AUTH": "454 try later"}, "does not take mail now: 454 try later", id="the server's trouble"
        ),
        pytest.param(
            {"EHLO": "250 scripted.example.test"},
            "cannot be used as it is set up: it offers no login; is tls set right?",
            id="no login offered",
        ),
    ],
)
def test_a_refused_login_waits_with_a_line_that_names_mailbox_and_host(answers: Answers, line: str) -> None:
    ehlo = "250-scripted.example.test\r\n250 AUTH PLAIN"
    (told,), server = play({"EHLO": ehlo, **answers}, "a@example.test", login=("user", "secret"))
    assert told.state is DEFERRED
    assert told.reply == f"mailbox service, 127.0.0.1:{server.port}: {line}"
    assert sum(command.startswith("AUTH") for command in server.commands) <= 1


def test_settings_that_cannot_work_wait_with_a_clear_line() -> None:
    settings = SmtpSettings(host="127.0.0.1", port=1, tls=TlsMode.NONE, helo="two words")
    envelope = Envelope(sender="", recipients=("a@example.test",))
    (told,) = asyncio.run(deliver(settings, envelope, RAW, mailbox="service", before_data=nothing))
    assert told.state is DEFERRED
    assert told.reply.startswith("mailbox service, 127.0.0.1:1: cannot be used as it is set up: ")
