"""One word for why."""

import pytest

from maild.parsers.reasons import command_of, reason_of


@pytest.mark.parametrize(
    ("said", "status", "command", "word"),
    [
        pytest.param("550 5.1.1 <a@b.example>: user unknown", "5.1.1", "", "userunknown", id="unknown user"),
        pytest.param("550 no such user here", "", "rcpt", "userunknown", id="answer to RCPT"),
        pytest.param("550 no such user here", "", "data", "filtered", id="answer to DATA"),
        pytest.param("Unknown user: x", "", "", "userunknown", id="words of our own server"),
        pytest.param("550 domain does not exist", "", "mail", "rejected", id="answer to MAIL"),
        pytest.param("552 mailbox full", "", "", "mailboxfull", id="full"),
        pytest.param("whatever", "5.2.2", "", "mailboxfull", id="a code that is certain"),
        pytest.param("550 blocked using zen.spamhaus.org", "5.7.1", "", "blocked", id="block list"),
        pytest.param("554 message identified as spam", "5.7.1", "", "spamdetected", id="spam"),
        pytest.param("550 SPF check failed", "5.7.1", "", "authfailure", id="authentication"),
        pytest.param("554 relay access denied", "5.7.1", "", "norelaying", id="relay"),
        pytest.param("host not found", "5.4.4", "", "hostunknown", id="host"),
        pytest.param("message size exceeds the limit", "", "", "mesgtoobig", id="size"),
        pytest.param("account disabled", "", "", "suspend", id="suspended"),
        pytest.param("retry timeout exceeded", "", "", "expired", id="expired"),
        pytest.param("nothing to be learnt", "4.4.1", "", "expired", id="by the code"),
        pytest.param("nothing to be learnt", "", "connect", "blocked", id="by the command"),
        pytest.param("553 xyz", "", "", "filtered", id="by the reply"),
        pytest.param("xyz", "", "", "", id="untold"),
        pytest.param(
            "<spamdetected@x.example> https://x.example/#virus", "", "", "", id="names are no words"
        ),
    ],
)
def test_reason_of(said: str, status: str, command: str, word: str) -> None:
    assert reason_of(said, status, "failed", command) == word


def test_a_delay_has_expired_when_nothing_else_is_told() -> None:
    assert reason_of("xyz", "", "delayed") == "expired"


@pytest.mark.parametrize(
    ("prose", "command"),
    [
        pytest.param("(in reply to end of DATA command)", "data", id="postfix"),
        pytest.param("SMTP error from remote server after\n RCPT TO:<a@b>", "rcpt", id="exim"),
        pytest.param(">>> MAIL From:<a@b>\n<<< 550", "mail", id="sendmail"),
        pytest.param("after initial connection", "connect", id="connection"),
        pytest.param("none", "", id="untold"),
    ],
)
def test_command_of(prose: str, command: str) -> None:
    assert command_of(prose) == command
