"""What is wrong with a scheme file: pydantic's findings in an office's words, and every contradiction."""

import json
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from config.coherence import contradictions
from config.problems import Problem

FOUND_CHARS_MAX = 80
"""How much of a faulty value a problem repeats."""

_EXPECTED = {
    "missing": "必填 a value",
    "extra_forbidden": "没有这一项 no such field",
    "string_type": "文字 text in quotes",
    "int_type": "整数 a whole number",
    "int_from_float": "整数 a whole number",
    "bool_type": "true | false",
    "tuple_type": "列表 a list [..]",
    "model_type": "一节 a table",
    "model_attributes_type": "一节 a table",
}


def scheme_problems(model: type[BaseModel], json_text: str | bytes, error: ValidationError) -> list[Problem]:
    """Every field fault of `error`, then every contradiction among the sections that are well formed."""
    details = [detail for detail in error.errors(include_url=False) if detail["loc"]]
    fields = [detail for detail in details if not _is_shadow(detail, details)]
    document = json.loads(json_text)
    problems = [_problem(detail) for detail in fields]
    return problems + contradictions(_well_formed(model, document, {str(d["loc"][0]) for d in fields}))


def _is_shadow(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether a list is called too short only because its faulty elements were not counted."""
    if detail["type"] != "too_short":
        return False
    loc = detail["loc"]
    return any(len(d["loc"]) > len(loc) and d["loc"][: len(loc)] == loc for d in details)


def _well_formed(model: type[BaseModel], document: dict[str, Any], faulty: set[str]) -> dict[str, Any]:
    sections = {}
    for name, info in model.model_fields.items():
        if name in document and name not in faulty:
            adapter: TypeAdapter[Any] = TypeAdapter(info.rebuild_annotation())
            sections[name] = adapter.validate_json(json.dumps(document[name]), strict=True)
    return sections


def _problem(detail: ErrorDetails) -> Problem:
    place = ""
    for step in detail["loc"]:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else step
    found = "空 nothing" if detail["type"] == "missing" else repr(detail["input"])
    return Problem(place, found[:FOUND_CHARS_MAX], _expected(detail))


def _expected(detail: ErrorDetails) -> str:
    """What belongs there, from the kind of fault; pydantic's own words where there is no shorter way."""
    kind, limits = detail["type"], detail.get("ctx", {})
    if kind in _EXPECTED:
        return _EXPECTED[kind]
    if kind == "value_error":
        return str(limits["error"])
    if kind in ("enum", "literal_error"):
        return str(limits["expected"]).replace(" or ", " | ").replace(", ", " | ")
    if kind == "too_short":
        return f"至少 {limits['min_length']} 项 entries or more"
    if kind == "too_long":
        return f"至多 {limits['max_length']} 项 entries or fewer"
    if kind == "string_pattern_mismatch":
        return f"形如 of the form {limits['pattern']}"
    if kind == "greater_than_equal":
        return f">= {limits['ge']}"
    if kind == "less_than_equal":
        return f"<= {limits['le']}"
    return detail["msg"]
