"""JSON Schemas of the YAML files, for editors: what may be written, short forms included.

pydantic's own schemas know neither that one value stands for a list of one, nor that a bare value means `is`.
"""

import json
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from maild.mistakes import Schema
from maild.model.mail import AutomaticKind
from maild.model.people import PartyKind
from maild.rules.calendar_schema import CALENDAR_SCHEMA
from maild.rules.list_schema import LIST_SCHEMA, PEOPLE_SCHEMA
from maild.rules.playbook_schema import PLAYBOOK_SCHEMA
from maild.rules.rehearsal_schema import SCENARIO_SCHEMA
from maild.rules.schema import HEADER, RULE_SCHEMA


def _words_of(known: Iterable[str]) -> Schema:
    one = {"enum": [str(word) for word in known]}
    return {"anyOf": [one, {"type": "array", "items": one}]}


_WORDS: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_NUMBERS: Schema = {
    "anyOf": [{"type": ["string", "number"]}, {"type": "array", "items": {"type": ["string", "number"]}}]
}
_SHORT: dict[str, Schema] = {
    "TextTest": _WORDS,
    "HeaderTest": _WORDS,
    "AutomaticTest": _words_of(AutomaticKind),
    "PartyKindTest": _words_of(PartyKind),
    "NumberTest": _NUMBERS,
    "FlagTest": {"type": "boolean"},
    "OwnerEntry": {"type": "string"},
}
"""What stands for `{is: ...}`, or for the one owner."""


def editor_schemas() -> dict[str, str]:
    """Each schema as JSON, by its file name."""
    schemas = {
        "rules": _for_editors(RULE_SCHEMA),
        "list": deepcopy(LIST_SCHEMA),
        "people": deepcopy(PEOPLE_SCHEMA),
        "playbook": _with_single_proof(deepcopy(PLAYBOOK_SCHEMA)),
        "calendar": deepcopy(CALENDAR_SCHEMA),
        "scenario": deepcopy(SCENARIO_SCHEMA),
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        f"{name}.schema.json": json.dumps(head | schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in schemas.items()
    }


def _for_editors(schema: Schema) -> Schema:
    shown: Schema = _short_forms(deepcopy(schema))
    when = shown["$defs"]["When"]
    header = when["properties"].pop(HEADER)
    when["patternProperties"] = {f"^{HEADER}": _short_forms({"$ref": "#/$defs/HeaderTest"})}
    when["patternProperties"][f"^{HEADER}"]["description"] = header["description"]
    return shown


def _with_single_proof(schema: Schema) -> Schema:
    """The schema of playbooks, with one proof allowed where a list of them is asked for."""
    fields = schema["$defs"]["DeadlineEntry"]["properties"]
    proofs = fields["met_by"]
    fields["met_by"] = {
        "anyOf": [proofs["items"], proofs],
        "description": proofs.pop("description"),
        "title": proofs.pop("title"),
    }
    return schema


def _short_forms(node: Any) -> Any:
    """The node, with everything that may be written shorter allowed so."""
    if isinstance(node, list):
        return [_short_forms(each) for each in node]
    if not isinstance(node, dict):
        return node
    name = str(node.get("$ref", "")).rpartition("/")[2]
    if name in _SHORT:
        return {"anyOf": [node, _SHORT[name]]}
    opened = {key: _short_forms(value) for key, value in node.items()}
    items = opened.get("items")
    if opened.get("type") == "array" and isinstance(items, dict) and items.get("type") == "string":
        described = {key: opened.pop(key) for key in ("title", "description", "default") if key in opened}
        single = {"type": ["string", "number"]} if "minItems" not in opened else items
        return {"anyOf": [single, opened], **described}
    return opened
