"""kill -9 at 50 random moments during 500 messages: nothing is lost, nobody is answered twice."""

from pathlib import Path

import pytest

from maild.ids import new_secret
from tests.integration.daemon.killing import Plan, prove_with_copies, prove_without_copies
from tests.servers.dovecot import DovecotServer

pytestmark = pytest.mark.soak


def plan_for(doubt_proof: str) -> Plan:
    """Another seed each time; it is printed, and put here to see the same run again."""
    return Plan(
        kills=50,
        messages=500,
        seed=int(new_secret(4), 16),
        doubt_proof=doubt_proof,
        account=f"{doubt_proof}@soak.example.test",
    )


def test_with_a_copy_as_proof(dovecot: DovecotServer, tmp_path: Path) -> None:
    prove_with_copies(tmp_path, dovecot, plan_for("bcc_self"))


def test_without_proof(dovecot: DovecotServer, tmp_path: Path) -> None:
    prove_without_copies(tmp_path, dovecot, plan_for("none"))
