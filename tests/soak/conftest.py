"""The long runs use what the short ones use."""

from tests.integration.intake.conftest import opened

__all__ = ["opened"]
