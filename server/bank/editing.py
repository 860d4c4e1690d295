"""An item as it comes from an editor: checked field by field, its HTML read as strictly as a foreign file's."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session

from question_bank.importing.markup import Resolver, TextReader
from question_bank.importing.problems import Findings
from question_bank.importing.tables import whole_row
from question_bank.importing.wordings import WORDINGS
from question_bank.items import Item
from question_bank.pictures import Picture
from server.bank import queries
from server.bank.actions import ImportProblems
from server.bank.open_bank import OpenBank
from server.bank.sealing import unseal

_TEXTS = ("stem", "options", "premises", "reference", "solution")


@dataclass(frozen=True, slots=True)
class Edited:
    """An item as it can be kept, and the pictures its texts brought along."""

    item: Item
    pictures: tuple[Picture, ...]


def read_item(given: dict[str, Any]) -> Item:
    """The item that was sent, as version 1; raises ImportProblems with every field at fault."""
    try:
        return Item.model_validate_json(json.dumps({**given, "version": 1}))
    except ValidationError as error:
        raise ImportProblems(field_problems(error)) from error


def field_problems(error: ValidationError) -> list[dict[str, object]]:
    """What a model refused, as problems with the field's place."""
    return [
        {
            "file": "item",
            "row": 0,
            "column": ".".join(map(str, each["loc"])),
            "found": "",
            "expected": each["msg"].removeprefix("Value error, "),
            "expected_en": each["msg"].removeprefix("Value error, "),
            "code": each["type"],
        }
        for each in error.errors(include_url=False, include_input=False, include_context=False)
    ]


def made_safe(db: Session, bank: OpenBank, item: Item, key: bytes) -> Edited:
    """The item with every changed text of HTML sanitised; raises ImportProblems.

    Texts that stand as they are in the newest version were read when they came in, and stay to the letter.
    """
    newest = bank.newest.get(item.code)
    known = set() if newest is None else set(_texts_of(bank.item(db, (item.code, newest))))
    findings = Findings(WORDINGS)
    reader = TextReader(findings, _resolver(db, bank.code, key))
    safe = _safe(item, "", reader, known)
    if findings.problems:
        raise ImportProblems(
            [{"file": "item", **asdict(each)} for each in findings.problems], findings.unlisted
        )
    try:
        checked = Item.model_validate_json(safe.model_dump_json())
    except ValidationError as error:
        raise ImportProblems(field_problems(error)) from error
    return Edited(checked, tuple(reader.pictures.values()))


def _safe(item: Item, place: str, reader: TextReader, known: set[str]) -> Item:
    values: dict[str, Any] = {}
    if item.markup == "html":
        for field in _TEXTS:
            value = getattr(item, field)
            if isinstance(value, str):
                values[field] = _read(value, f"{place}{field}", reader, known)
            else:
                values[field] = tuple(
                    _read(text, f"{place}{field}.{number}", reader, known)
                    for number, text in enumerate(value)
                )
    if item.parts:
        values["parts"] = tuple(
            _safe(part, f"{place}parts.{number}.", reader, known) for number, part in enumerate(item.parts)
        )
    return item.model_copy(update=values)


def _read(text: str, place: str, reader: TextReader, known: set[str]) -> str:
    return text if not text or text in known else reader.of_html(text, whole_row(0), place).html


def _texts_of(item: Item) -> Iterator[str]:
    if item.markup == "html":
        yield from (item.stem, *item.options, *item.premises, item.reference, item.solution)
    for part in item.parts:
        yield from _texts_of(part)


def _resolver(db: Session, bank: str, key: bytes) -> Resolver:
    def resolve(address: str) -> bytes | None:
        name = address.removeprefix("picture:")
        rows: Sequence[Any] = queries.pictures(db, bank, [name])
        return unseal(key, rows[0].sealed, "picture", bank, name) if rows else None

    return resolve
