"""What the pages are told and say, as one JSON Schema; ``python -m protocol.schema`` prints it for ``make types``.

Only what a page speaks stands here: the other words of the protocol never reach TypeScript.
"""

import json
import sys
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from protocol.console import ScoreLine, TimelineLine, ToConsole
from protocol.page import FromPage, Stage, ToPage
from protocol.paper import ItemKind

SPOKEN: Final[dict[str, Any]] = {
    "Stage": Stage,
    "ItemKind": ItemKind,
    "ToPage": ToPage,
    "FromPage": FromPage,
    "ToConsole": ToConsole,
    "TimelineLine": TimelineLine,
    "ScoreLine": ScoreLine,
}
"""The roots by their names in TypeScript; every model they reach comes along under its own name."""


class _ForTypes(GenerateJsonSchema):
    """A schema read for its types only: no titles or lengths, which would become types of their own."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:
        # Messages travel whole: a default is what the sender fills in, not what the receiver may miss.
        return True

    def list_schema(self, schema: core_schema.ListSchema) -> JsonSchemaValue:
        said = super().list_schema(schema)
        return {word: value for word, value in said.items() if word not in ("minItems", "maxItems")}


def schema() -> dict[str, Any]:
    """The schema as JSON values: nothing at the root, every root and every model it reaches under ``$defs``."""
    roots, shared = TypeAdapter.json_schemas(
        [(name, "serialization", TypeAdapter(kind)) for name, kind in SPOKEN.items()],
        ref_template="#/$defs/{model}",
        schema_generator=_ForTypes,
    )
    named = {name: root for (name, _), root in roots.items()}
    # A model is its own root: what it says wins over the mere reference to it.
    return {"title": "Protocol", "type": "object", "$defs": {**named, **shared["$defs"]}}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n")
