"""Debian's Dovecot 2.3 on free loopback ports, everything of its own in one temporary folder.

Runs as root (mail then belongs to nobody) or as any user. Accounts are lines of a passwd-file, mail is
Maildir, so that thousands of messages can be delivered by writing files.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

from imapclient import IMAPClient

from tests.servers.certificate import make_certificate
from tests.servers.program import free_port, greets, program, stop, wait_until

PASSWORD = "correct horse"

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = {protocols}
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_chars =
auth_failure_delay = 0
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
recipient_delimiter = +
{capability}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/accounts/%u
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
  }}
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""

_LMTP = """
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
"""


@dataclass(slots=True, kw_only=True)
class DovecotServer:
    """A running Dovecot; made by `start`, ended by `stop`."""

    folder: Path
    imap_port: int
    imaps_port: int
    lmtp_port: int | None
    uid: int
    gid: int
    host: str = "127.0.0.1"
    _process: subprocess.Popen[bytes] | None = None
    _numbers: "count[int]" = field(default_factory=count)

    @classmethod
    def start(cls, capability: str = "") -> "DovecotServer":
        """A server that answers; `capability` replaces what it says it can do after login.

        Raises: ServerMissing, TimeoutError with the server's log.
        """
        dovecot = program("dovecot", "dovecot-imapd")
        program("imap", "dovecot-imapd", "/usr/lib/dovecot")
        folder = Path(tempfile.mkdtemp(prefix="maild-dovecot-"))
        folder.chmod(0o755)  # the mail's owner has to pass
        owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        server = cls(
            folder=folder,
            imap_port=free_port(),
            imaps_port=free_port(),
            lmtp_port=free_port() if Path("/usr/lib/dovecot/lmtp").exists() else None,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
        )
        server._write_configuration(capability)
        server._launch(dovecot)
        return server

    @property
    def ca_file(self) -> Path:
        """The certificate to trust."""
        return self.folder / "certificate.pem"

    @property
    def lmtp(self) -> str | None:
        """Where Postfix delivers to (`virtual_transport`), None without the package dovecot-lmtpd."""
        return f"lmtp:inet:{self.host}:{self.lmtp_port}" if self.lmtp_port else None

    def stop(self) -> None:
        """End the server and remove its folder."""
        if self._process is not None:
            stop(self._process)
            self._process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        """What the server has logged."""
        file = self.folder / "dovecot.log"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def add_account(self, name: str, password: str = PASSWORD) -> str:
        """Make an empty mailbox for `name` (an address, when mail is to come by LMTP); its password."""
        for part in ("cur", "new", "tmp"):
            (self._maildir(name) / part).mkdir(parents=True)
        for made in (self._maildir(name).parent, *self._maildir(name).parent.rglob("*")):
            os.chown(made, self.uid, self.gid)
        return self.change_password(name, password)

    def change_password(self, name: str, password: str = PASSWORD) -> str:
        """Let an account be entered by this password alone, from now on; the password."""
        # A file for each: one for all is looked at only once a second.
        written = self.folder / "accounts" / f".{name}"
        written.write_text(f"{name}:{{PLAIN}}{password}\n", "utf-8")
        written.rename(self.folder / "accounts" / name)
        return password

    def deliver(self, account: str, raw: bytes, received_at: datetime | None = None) -> None:
        """Put one message into the INBOX at once, as a delivery agent does; INTERNALDATE `received_at`."""
        name = f"{1_000_000_000 + next(self._numbers)}.M1P{os.getpid()}.test"
        written = self._maildir(account) / "tmp" / name
        written.write_bytes(raw)
        os.chown(written, self.uid, self.gid)
        if received_at is not None:
            os.utime(written, (received_at.timestamp(), received_at.timestamp()))
        written.rename(self._maildir(account) / "new" / name)

    def append(self, account: str, folder: str, raw: bytes, internal_date: datetime | None = None) -> None:
        """Put one message into any folder by IMAP, as a mail program does; the folder is made if need be."""
        with self.client(account) as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            client.append(folder, raw, msg_time=internal_date)

    def client(self, account: str) -> IMAPClient:
        """A plain client of its own, logged in, to look at or change a mailbox from the side."""
        client = IMAPClient(self.host, self.imap_port, ssl=False, timeout=20)
        client.login(f'"{account}"', self._password(account))
        return client

    def _password(self, account: str) -> str:
        return (self.folder / "accounts" / account).read_text("utf-8").strip().partition(":{PLAIN}")[2]

    def _maildir(self, account: str) -> Path:
        return self.folder / "mail" / account / "Maildir"

    def _write_configuration(self, capability: str) -> None:
        make_certificate(self.folder)
        for part in ("accounts", "mail"):
            (self.folder / part).mkdir()
        me = pwd.getpwuid(os.getuid()).pw_name
        root = os.getuid() == 0
        text = _CONFIGURATION + (_LMTP if self.lmtp_port else "")
        (self.folder / "dovecot.conf").write_text(
            text.format(
                folder=self.folder,
                protocols="imap lmtp" if self.lmtp_port else "imap",
                internal_user="dovecot" if root else me,
                internal_group="dovecot" if root else "",
                login_user="dovenull" if root else me,
                chroot="" if root else "chroot =",
                capability=f"imap_capability = {capability}" if capability else "",
                uid=self.uid,
                gid=self.gid,
                imap_port=self.imap_port,
                imaps_port=self.imaps_port,
                lmtp_port=self.lmtp_port,
            )
        )

    def _launch(self, dovecot: Path) -> None:
        command: list[str | Path] = [dovecot, "-F", "-c", self.folder / "dovecot.conf"]
        with (self.folder / "start.log").open("wb") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until(lambda: greets(self.imap_port, b"* OK"), "Dovecot's greeting")
        except TimeoutError as exc:
            told = self.log() + (self.folder / "start.log").read_text()
            self.stop()
            raise TimeoutError(f"Dovecot did not start:\n{told}") from exc
