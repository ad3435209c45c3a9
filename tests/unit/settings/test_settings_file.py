"""maild.toml read: values, defaults, secrets, overrides, and every mistake with its line and mend."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.errors import ConfigError
from maild.settings import AfterAction, DoubtProof, ReplyToken, Secret, Settings, TlsMode, load_settings

GOOD = """\
database_url = "sqlite:///../var/maild.sqlite"
data_folder = "../var"
keys_file = "keys"
log_level = "info"
[company]
names = { zh = "示例", en = "Example" }
staff_domains = ["Example.com"]
[[mailbox]]
name = "service"
address = "kefu@example.com"
default_kind = "request"
act_since = 2026-01-31T00:00:00+08:00
[mailbox.after]
action = "flag"
[mailbox.imap]
host = "imap.example.com"
port = 143
tls = "starttls"
username = "kefu"
password_env = "PASSWORD"
[mailbox.smtp]
host = "smtp.example.com"
ca_file = "ca.pem"
[[mailbox]]
name = "sales"
address = "sales@example.com"
aliases = ["xiaoshou@example.com"]
default_kind = "request"
[mailbox.imap]
host = "imap.example.com"
username = "sales"
password_file = "secret"
[mailbox.smtp]
host = "smtp.example.com"
username = "sales"
password_file = "secret"
[outbox]
first_retry_s = 0.5
"""

ENVIRON = {"PASSWORD": "from the environment"}


def _load(folder: Path, text: str, overrides: Mapping[str, object] | None = None) -> Settings:
    folder.mkdir(exist_ok=True)
    (folder / "maild.toml").write_text(text, "utf-8")
    (folder / "secret").write_text("from a file\n", "utf-8")
    (folder / "empty").write_text("\n", "utf-8")
    return load_settings(folder / "maild.toml", ENVIRON, overrides)


def test_what_the_file_says(tmp_path: Path) -> None:
    settings = _load(tmp_path / "config", GOOD)
    service, sales = settings.mailboxes
    assert settings.company.names == {"zh": "示例", "en": "Example"}
    assert settings.company.staff_domains == {"example.com"}
    assert service.act_since == datetime(2026, 1, 30, 16, tzinfo=UTC)
    assert service.after.action is AfterAction.FLAG
    assert (service.imap.port, service.imap.tls) == (143, TlsMode.STARTTLS)
    assert service.imap.password.reveal() == "from the environment"
    assert service.smtp.password is None
    assert sales.imap.password == sales.smtp.password == Secret("from a file")
    assert settings.outbox.first_retry_s == 0.5
    assert settings.mailbox("sales") is sales


def test_what_it_does_not_say_has_a_default(tmp_path: Path) -> None:
    sales = _load(tmp_path / "config", GOOD).mailbox("sales")
    assert (sales.imap.port, sales.imap.tls, sales.imap.idle) == (993, TlsMode.IMPLICIT, True)
    assert (sales.language, sales.zone, sales.inbox, sales.sent_folder) == (
        "zh",
        "Asia/Shanghai",
        "INBOX",
        "auto",
    )
    assert (sales.act_since, sales.after.action) == (None, AfterAction.LEAVE)
    assert sales.reused_mail == "join"
    assert (sales.reply_token, sales.doubt_proof) == (ReplyToken.MESSAGE_ID, DoubtProof.NONE)


def test_paths_are_taken_from_the_config_folder(tmp_path: Path) -> None:
    settings = _load(tmp_path / "config", GOOD)
    assert settings.path == tmp_path / "config" / "maild.toml"
    assert settings.folder == tmp_path / "config"
    assert settings.data_folder == tmp_path / "var"
    assert settings.keys_file == tmp_path / "config" / "keys"
    assert settings.mailboxes[0].smtp.ca_file == tmp_path / "config" / "ca.pem"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/maild.sqlite"


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://db.example.com/maild", "sqlite:////var/lib/maild.sqlite", "sqlite://"]
)
def test_other_database_urls_stay_as_they_are(tmp_path: Path, url: str) -> None:
    assert _load(tmp_path, GOOD, {"database_url": url}).database_url == url


def test_a_database_url_may_come_from_the_environment(tmp_path: Path) -> None:
    text = GOOD.replace('database_url = "sqlite:///../var/maild.sqlite"', 'database_url_env = "PASSWORD"')
    assert _load(tmp_path, text).database_url == "from the environment"


def test_a_secret_does_not_show_itself(tmp_path: Path) -> None:
    settings = _load(tmp_path, GOOD, {"database_url": "postgresql://maild:from@db/maild"})
    assert "from" not in repr(settings)
    assert f"{settings.mailboxes[0].imap.password}" == "********"


def test_secrets_compare_and_hash_by_their_value() -> None:
    assert {Secret("a"), Secret("a"), Secret("b")} == {Secret("b"), Secret("a")}
    assert Secret("a") != "a"


def test_overrides_win(tmp_path: Path) -> None:
    overrides = {
        "mailbox.service.imap.port": 1143,
        "mailbox.service.imap.password": "given",
        "mailbox.sales.after.action": "leave",
        "intake.batch_size": 3,
        "log_format": "json",
    }
    settings = _load(tmp_path, GOOD, overrides)
    assert settings.mailboxes[0].imap.port == 1143
    assert settings.mailboxes[0].imap.password.reveal() == "given"
    assert settings.mailboxes[1].after.action is AfterAction.LEAVE
    assert (settings.intake.batch_size, settings.log_format) == (3, "json")


def test_an_override_of_all_mailboxes(tmp_path: Path) -> None:
    overrides = {"mailbox.*.imap.password": "given", "mailbox.*.language": "en"}
    text = GOOD.replace('password_env = "PASSWORD"', 'password_env = "NOT_SET"')
    settings = _load(tmp_path, text, overrides)
    assert [each.imap.password.reveal() for each in settings.mailboxes] == ["given", "given"]
    assert [each.language for each in settings.mailboxes] == ["en", "en"]


def test_an_override_of_all_mailboxes_leaves_a_missing_table_missing(tmp_path: Path) -> None:
    text = GOOD.replace("[mailbox.smtp]", "[mailbox.smtpp]", 1)
    with pytest.raises(ConfigError, match="smtp is missing"):
        _load(tmp_path, text, {"mailbox.*.smtp.password": "given"})


def test_an_override_may_replace_every_mailbox(tmp_path: Path) -> None:
    server = {"host": "127.0.0.1", "username": "a", "password_env": "PASSWORD"}
    box = {
        "name": "a",
        "address": "a@example.com",
        "default_kind": "request",
        "imap": server,
        "smtp": dict(server),
    }
    assert [each.name for each in _load(tmp_path, GOOD, {"mailbox": [box]}).mailboxes] == ["a"]


def test_an_override_for_an_unknown_mailbox(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no mailbox 'servise' .did you mean 'service'"):
        _load(tmp_path, GOOD, {"mailbox.servise.imap.port": 1})


WRONG = [
    pytest.param('log_level = "info"', 'log_levl = "info"', 4, "did you mean 'log_level'", id="unknown key"),
    pytest.param('log_level = "info"', 'log_level = "inf"', 4, "did you mean 'info'", id="unknown word"),
    pytest.param('log_level = "info"', "log_level = 3", 4, "known: debug, error", id="wrong type for a word"),
    pytest.param("[company]", "[compny]", 5, "did you mean 'company'", id="unknown table"),
    pytest.param("[company]\n", "", 5, "'names'", id="table header lost"),
    pytest.param('zh = "示例", en = "Example"', "", 6, "names must not be empty", id="no company name"),
    pytest.param('en = "Example"', "en = 1", 6, "en must be text, not 1", id="number for text"),
    pytest.param('["Example.com"]', '"Example.com"', 7, "must be a list", id="text for a list"),
    pytest.param(
        '[[mailbox]]\nname = "service"', '[mailbox]\nname = "service"', 24, "there already", id="one table"
    ),
    pytest.param('name = "service"', 'name = "Ser vice"', 9, "small letters, digits", id="bad name"),
    pytest.param('name = "sales"', 'name = "service"', 25, "by the mailbox in line 8", id="name twice"),
    pytest.param("sales@example.com", "Kefu@example.com", 26, "by the mailbox in line 8", id="address twice"),
    pytest.param("xiaoshou@", "kefu@", 27, "'kefu@example.com' is taken", id="alias of another mailbox"),
    pytest.param('"kefu@example.com"', '"kefu"', 10, "such as kefu@example.com", id="no address"),
    pytest.param('"kefu@example.com"', "kefu@example.com", 10, "double quotes", id="no quotes"),
    pytest.param("2026-01-31T00:00:00+08:00", "2026-01-31", 12, "with its zone", id="date for an instant"),
    pytest.param(
        "2026-01-31T00:00:00+08:00", "2026-01-31T00:00:00", 12, "with its zone", id="instant without zone"
    ),
    pytest.param('action = "flag"', 'action = "delete"', 14, "known: flag, leave, move", id="unknown action"),
    pytest.param(
        'action = "flag"', 'action = "move"', 14, 'write folder = "Archive"', id="move without folder"
    ),
    pytest.param(
        'host = "imap.example.com"\nport', "port", 15, "host is missing (add it to imap)", id="missing key"
    ),
    pytest.param(
        "port = 143", 'port = "143"', 17, "port must be a whole number, not '143'", id="text for a number"
    ),
    pytest.param("port = 143", "port = 1.5", 17, "port must be a whole number", id="fraction"),
    pytest.param("port = 143", "port = 70000", 17, "less than or equal to 65535", id="port too large"),
    pytest.param('"starttls"', '"start_tls"', 18, "did you mean 'starttls'", id="nearest word"),
    pytest.param('password_env = "PASSWORD"', 'password = "x"', 20, "password_env = ", id="literal password"),
    pytest.param(
        'password_env = "PASSWORD"', 'password_env = "NO"', 20, "'NO' is not set", id="variable not set"
    ),
    pytest.param(
        'password_env = "PASSWORD"',
        'pasword_env = "X"',
        20,
        "did you mean 'password_env'",
        id="key of a secret",
    ),
    pytest.param(
        'password_env = "PASSWORD"\n', "", 15, "password_env or password_file is missing", id="no password"
    ),
    pytest.param(
        '"secret"\n[mailbox.smtp]', '"none"\n[mailbox.smtp]', 32, "'none' is missing or empty", id="no secret"
    ),
    pytest.param(
        '"secret"\n[mailbox.smtp]', '"empty"\n[mailbox.smtp]', 32, "missing or empty", id="empty secret"
    ),
    pytest.param(
        'password_env = "PASSWORD"',
        'password_env = "PASSWORD"\npassword_file = "secret"',
        21,
        "keep one of them",
        id="two secrets",
    ),
    pytest.param(
        'username = "sales"\npassword_file = "secret"\n[outbox]',
        'username = "sales"\n[outbox]',
        35,
        "a username needs a password",
        id="username alone",
    ),
    pytest.param(
        'ca_file = "ca.pem"', 'pasword_env = "X"', 23, "did you mean 'password_env'", id="secret of smtp"
    ),
    pytest.param(
        '[mailbox.after]\naction = "flag"',
        'sent_folder = ""\ndoubt_proof = "sent_folder"\n[mailbox.after]',
        14,
        'write sent_folder = "auto"',
        id="proof without its folder",
    ),
    pytest.param('name = "sales"', 'name = "sales"\nzone = "Asia/Shangai"', 26, "'Asia/Shanghai'", id="zone"),
    pytest.param('name = "sales"', 'name = "sales"\nimap = 3', 30, "there already", id="table and value"),
    pytest.param("first_retry_s = 0.5", "first_retry_s = 0", 38, "greater than 0", id="zero seconds"),
    pytest.param("first_retry_s = 0.5", "idle = true", 38, "known: first_retry_s", id="key of another table"),
    pytest.param(
        "first_retry_s = 0.5",
        "first_retry_s = true",
        38,
        "must be a number, not true",
        id="true for a number",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "line", "words"), WRONG)
def test_each_mistake_is_named_with_its_line(
    tmp_path: Path, right: str, wrong: str, line: int, words: str
) -> None:
    assert right in GOOD
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, GOOD.replace(right, wrong, 1))
    problems = caught.value.problems
    assert [str(each) for each in problems if each.line == line and words in str(each)], problems
    assert {each.file for each in problems} == {str(tmp_path / "maild.toml")}


def test_all_mistakes_are_told_at_once_in_order(tmp_path: Path) -> None:
    text = (
        GOOD.replace('"info"', '"loud"')
        .replace("port = 143", "prt = 143")
        .replace('name = "sales"', 'name = "service"')
    )
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, text)
    assert [problem.line for problem in caught.value.problems] == [4, 17, 25]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("mailbox = 3", id="a number"),
        pytest.param("mailbox = [3]", id="a list of numbers"),
        pytest.param(
            "mailbox = [{imap = 3, smtp = 3, after = 3, aliases = 3, name = 3}]", id="numbers inside"
        ),
        pytest.param("mailbox = []", id="an empty list"),
        pytest.param("", id="nothing"),
    ],
)
def test_mailboxes_of_a_wrong_shape(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConfigError, match="mailbox"):
        _load(tmp_path, wrong + '\n[company]\nnames = {zh = "示例"}\n')
