"""kill -9 at random moments loses nothing and answers nobody twice; `make soak` has the long run."""

from pathlib import Path

from tests.integration.daemon.killing import Plan, prove_with_copies, prove_without_copies
from tests.servers.dovecot import DovecotServer

SEED = 20260930


def test_with_a_copy_as_proof(dovecot: DovecotServer, tmp_path: Path) -> None:
    plan = Plan(kills=5, messages=60, seed=SEED, doubt_proof="bcc_self", account="killed@daemon.example.test")
    prove_with_copies(tmp_path, dovecot, plan)


def test_without_proof(dovecot: DovecotServer, tmp_path: Path) -> None:
    plan = Plan(kills=2, messages=20, seed=SEED, doubt_proof="none", account="doubtful@daemon.example.test")
    prove_without_copies(tmp_path, dovecot, plan)
