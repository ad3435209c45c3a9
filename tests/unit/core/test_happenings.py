"""What a fact is to a playbook, and from when it counts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.happenings import of_delivery, of_joining, of_opening
from maild.model.case import Direction
from maild.model.delivery import RecipientState
from maild.model.facts import DeliverySettled
from maild.model.mail import Address
from tests.unit.core.builders import LI, MACHINE, NOW, WORLD, a_case, an_arrival

LATER = NOW + timedelta(hours=1)
COLLEAGUE = Address(address="wang@example.com")


def test_opening_counts_from_when_it_reached_our_server() -> None:
    (happened,) = of_opening(an_arrival(received_at=LATER))
    assert (str(happened.happening), happened.happened_at) == ("case_opened", LATER)


@pytest.mark.parametrize(
    ("changes", "happenings"),
    [
        pytest.param({}, ["message_joined", "contact_wrote"], id="contact"),
        pytest.param({"only_thanks": True}, ["message_joined", "contact_thanked"], id="thanks"),
        pytest.param({"automatic": MACHINE}, ["message_joined"], id="machine"),
        pytest.param({"author": None}, ["message_joined", "contact_wrote"], id="nobody named"),
        pytest.param({"author": COLLEAGUE}, ["message_joined"], id="colleague among colleagues"),
        pytest.param(
            {"author": COLLEAGUE, "recipients": (LI,)},
            ["message_joined", "reply_sent"],
            id="colleague to him",
        ),
        pytest.param(
            {"direction": Direction.OUTGOING, "recipients": (LI,)}, ["reply_sent"], id="from the Sent folder"
        ),
        pytest.param({"direction": Direction.OUTGOING}, [], id="sent to somebody else"),
        pytest.param({"direction": Direction.OUTGOING, "automatic": MACHINE}, [], id="our own machine"),
    ],
)
def test_joining(changes: dict[str, object], happenings: list[str]) -> None:
    happened = of_joining(a_case(), an_arrival(**changes), WORLD)
    assert [str(each.happening) for each in happened] == happenings


SENT = DeliverySettled(
    effect_key="k", recipient="li@x", state=RecipientState.SENT, detail="250", template="reply"
)


@pytest.mark.parametrize(
    ("state", "answered", "happenings"),
    [
        pytest.param(RecipientState.SENT, False, [("sent reply", LATER)], id="our own mail left"),
        pytest.param(
            RecipientState.SENT, True, [("sent reply", NOW), ("reply_sent", NOW)], id="a colleague's left"
        ),
        pytest.param(RecipientState.REFUSED, True, [("refused reply", LATER)], id="came back"),
        pytest.param(RecipientState.IN_DOUBT, True, [], id="in doubt"),
    ],
)
def test_delivery(state: RecipientState, answered: bool, happenings: list[tuple[str, object]]) -> None:
    happened = of_delivery(replace(SENT, state=state), NOW if answered else None, LATER)
    assert [(str(each.happening), each.happened_at) for each in happened] == happenings
    assert {each.effect_key for each in happened} <= {"k"}
