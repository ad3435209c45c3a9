"""What all YAML shapes have in common: no unknown key, and no key with nothing behind it."""

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic_core import PydanticCustomError


class Shape(BaseModel):
    """A mapping in a file of config/rules or config/playbooks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _something(cls, value: object) -> object:
        """YAML reads `stop:` with nothing behind it as null, which an admin never means."""
        if value is None:
            hint = "write its value, or take the key out"
            raise PydanticCustomError("nothing", "nothing stands behind the key", {"hint": hint})
        return value
