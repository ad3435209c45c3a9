"""What a server's answer means for a recipient (RFC 5321 §4.2.1): sent, tried again, or given up.

Decides from the reply code alone. Whether a mail is in doubt is decided by submission.py, which knows
how far the dialogue had come.
"""

from maild.model.delivery import RecipientOutcome, RecipientState

LONGEST_REPLY = 500  # characters kept: enough for every server seen, too short to fill a database

SETUP_CODES = frozenset({530, 534, 535, 538})
"""Login or TLS is wanted, or is too weak (RFC 4954 §6, RFC 3207 §4): the settings are wrong, not the mail."""


def outcome(address: str, state: RecipientState, *, code: int = 0, reply: str = "") -> RecipientOutcome:
    """The outcome for one recipient; `reply` is one line, at most 500 characters, that any database takes."""
    line = " ".join(reply.encode("utf-8", "replace").decode("utf-8").split())
    return RecipientOutcome(address=address, state=state, code=max(code, 0), reply=line[:LONGEST_REPLY])


def refusal(code: int) -> RecipientState:
    """What a refusal before DATA means: REFUSED for a 5xx, DEFERRED for anything else."""
    final = 500 <= code <= 599 and code not in SETUP_CODES
    return RecipientState.REFUSED if final else RecipientState.DEFERRED


def data_refusal(code: int) -> RecipientState:
    """What a refusal of DATA means; an answer that is neither 4xx nor 5xx tells nothing: IN_DOUBT."""
    return refusal(code) if 400 <= code <= 599 else RecipientState.IN_DOUBT
