"""`maild run` as a process of its own: it ends when told, and lets no second one at its database."""

import signal
from pathlib import Path

from tests.integration.daemon.conftest import Installing, box
from tests.servers.program import stop, wait_until


def test_sigterm_ends_it_with_0_and_a_second_one_is_refused_with_2(
    install: Installing, tmp_path: Path
) -> None:
    installation, elsewhere = install(box("service")), install(box("service"))
    elsewhere.use_database(installation.database)
    log = tmp_path / "maild.log"
    first = installation.start(log)
    try:
        wait_until(lambda: "service: reading" in log.read_text("utf-8"), "the mailbox read")
        second = elsewhere.run("run")
        first.send_signal(signal.SIGTERM)
        assert first.wait(10) == 0
    finally:
        stop(first)
    assert second.returncode == 2
    assert second.stderr == (
        f"maild: another maild is at work on this database ({installation.database.with_name('maild.lock')} "
        "is locked); stop it first, or use PostgreSQL\n"
    )
    assert "Traceback" not in log.read_text("utf-8")
