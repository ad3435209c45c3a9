"""Use cases: each is one transaction, with the decision made in core and the doing done by the adapters."""
