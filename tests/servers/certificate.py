"""A self-signed certificate for localhost and 127.0.0.1, made anew for each run."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers.program import program


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """PEM files; who trusts `certificate_file` trusts the server."""

    certificate_file: Path
    key_file: Path


def make_certificate(folder: Path, names: str = "DNS:localhost,IP:127.0.0.1") -> Certificate:
    """A certificate for `names` (as in subjectAltName), valid for two days, in `folder`."""
    made = Certificate(certificate_file=folder / "certificate.pem", key_file=folder / "key.pem")
    command: list[str | Path] = [program("openssl", "openssl"), "req", "-x509", "-nodes", "-days", "2"]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=maild test"]
    command += ["-addext", f"subjectAltName={names}"]
    command += ["-out", made.certificate_file, "-keyout", made.key_file]
    subprocess.run(command, check=True, capture_output=True)
    return made
