"""A Postfix for tests, with folders of its own: one smtpd on a free loopback port.

It looks nothing up in DNS and hands every mail to `next_hop` on the loopback, so nothing leaves the machine.
`reject...@` is refused for good (550), `defer...@` for now (450). Wants root, as Postfix itself does.
"""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.servers.program import free_port, greets, program, stop, wait_until

DAEMONS = Path("/usr/lib/postfix/sbin")
QUEUES: tuple[str, ...] = (
    "active",
    "bounce",
    "corrupt",
    "defer",
    "deferred",
    "flush",
    "hold",
    "incoming",
    "maildrop",
)
QUEUES += ("pid", "private", "public", "saved", "trace")

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
maillog_file_prefixes = {folder}
maillog_file = {folder}/mail.log
myhostname = mail.example.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
append_dot_mydomain = no
biff = no
notify_classes =
disable_dns_lookups = yes
smtp_host_lookup = native
smtpd_peername_lookup = no
smtp_tls_security_level = none
default_transport = {next_hop}
relay_transport = {next_hop}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access regexp:{folder}/etc/refusals, permit_mynetworks, reject
smtpd_error_sleep_time = 0
message_size_limit = {size_limit_bytes}
mailbox_size_limit = 0
{transport}_destination_recipient_limit = {recipients_per_delivery}
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""

MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

REFUSALS = """\
/^reject/ 550 5.1.1 No such mailbox
/^defer/ 450 4.2.0 Try again later
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostfixSetup:
    """`next_hop` as in transport(5), such as `smtp:[127.0.0.1]:2525` or `lmtp:inet:127.0.0.1:24`.

    `recipients_per_delivery` 1 hands each recipient a copy of its own, differing in its trace headers.
    """

    next_hop: str
    size_limit_bytes: int = 10_240_000
    recipients_per_delivery: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PostfixServer:
    """A running Postfix; `stop` ends it and removes its folder."""

    host: str
    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, setup: PostfixSetup) -> "PostfixServer":
        """A Postfix that takes mail. Raises: ServerMissing, naming the Debian package; TimeoutError."""
        program("postfix", "postfix", "/usr/sbin")
        # Not 0700, as pytest's own folders are: Postfix's processes run as another user.
        folder = Path(tempfile.mkdtemp(prefix="maild-postfix-"))
        folder.chmod(0o755)
        port = free_port()
        _write_folders(folder)
        _write_config(folder, port, setup)
        server = cls(host="127.0.0.1", port=port, folder=folder, process=_start_master(folder))
        try:
            wait_until(lambda: greets(port, b"220 "), f"Postfix on port {port}")
        except TimeoutError as too_late:
            log = server.log()
            server.stop()
            raise TimeoutError(f"{too_late}\n{log}") from too_late
        return server

    def stop(self) -> None:
        """End the master, and with it every process it started; remove the folder."""
        stop(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        """What Postfix logged so far."""
        file = self.folder / "mail.log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""


def _write_folders(folder: Path) -> None:
    for name in ("etc", "data", "queue", *(f"queue/{queue}" for queue in QUEUES)):
        (folder / name).mkdir()
    for owned in (folder / "data", *(folder / "queue" / queue for queue in QUEUES if queue != "pid")):
        shutil.chown(owned, "postfix")


def _write_config(folder: Path, port: int, setup: PostfixSetup) -> None:
    etc = folder / "etc"
    main = MAIN.format(
        folder=folder,
        daemons=DAEMONS,
        next_hop=setup.next_hop,
        transport=setup.next_hop.partition(":")[0],
        size_limit_bytes=setup.size_limit_bytes,
        recipients_per_delivery=setup.recipients_per_delivery,
    )
    (etc / "main.cf").write_text(main)
    (etc / "master.cf").write_text(MASTER.format(port=port))
    (etc / "refusals").write_text(REFUSALS)


def _start_master(folder: Path) -> subprocess.Popen[bytes]:
    """The master in a session of its own: on SIGTERM it ends its whole process group."""
    command: list[Path | str] = [DAEMONS / "master", "-d", "-c", folder / "etc"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
