"""What a dead process left open is taken up by one that lives, while it runs."""

from maild.model.delivery import OutboxEntry, OutboxState
from maild.store import outbox
from tests.integration.daemon.conftest import Installing, box, wait_for_answer, working
from tests.integration.intake.conftest import letter
from tests.servers.dovecot import DovecotServer
from tests.servers.program import free_port, wait_until
from tests.servers.sink import Sink, SinkSetup


def test_the_attempt_of_a_dead_process_is_made_again(install: Installing, dovecot: DovecotServer) -> None:
    port = free_port()
    service = box("service", port)
    with install(service, outbox={"settle_after_s": 1}).opened() as context, working(context):

        def tried_once() -> list[OutboxEntry]:
            queued = context.store.read(lambda conn: outbox.listing(conn, {OutboxState.QUEUED}, 10))
            return [mail for mail in queued if mail.attempts == 1]

        dovecot.deliver(service.address, letter(61))
        wait_until(lambda: bool(tried_once()), "a first try, in vain")
        (mail,) = tried_once()
        due_at, new_id = mail.next_attempt_at, context.ids.new_id
        context.store.write(
            lambda conn: outbox.claim_due(conn, now=due_at, owner="dead", limit=1, new_id=new_id)
        )
        with Sink(SinkSetup(port=port)) as sink:
            wait_for_answer(sink, 61)
