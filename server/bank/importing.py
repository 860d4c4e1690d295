"""Files into a bank, all or nothing: read, compared with what is there, sealed, and handed to the writer in pieces."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from sqlmodel import Session

from question_bank.blueprint import Blueprint, BlueprintError, read_blueprint
from question_bank.importing import BankReading, Problem, read_bank, read_outline
from question_bank.items import Item, folded
from question_bank.near_duplicates import near_duplicates
from question_bank.outline import ContentOutline
from question_bank.papers import ItemRef
from question_bank.pictures import Picture
from server.bank import queries
from server.bank.actions import Change, ImportProblems
from server.bank.open_bank import OpenBank
from server.bank.preparing import clean_tags, overtaken, prepare_outline, sealed_row
from server.bank.rules import ItemState
from server.bank.sealing import seal
from server.errors import Refused

PIECE_ROWS = 500
"""Items handed to the writer in one verb, so that no answer waits behind a whole bank."""

PIECE_BYTES = 4 * 1_048_576
"""Bytes of pictures handed to the writer in one verb."""

ITEMS_MAX = 50_000
"""Items of one bank, those of retired ones included: what one server searches in memory."""

BANK_PICTURES_BYTES_MAX = 2 * 1024 * 1_048_576
"""Bytes of all pictures of one bank."""

ALIKE_MAX = 1_000
"""Warnings of items like others in the bank that one import lists."""

T = TypeVar("T")


class BankFull(Refused):
    """More than one bank holds."""

    code = "bank_full"
    zh = "题库容量已满：{what} 不能超过 {limit}。"
    en = "The bank is full: no more than {limit} {what}."


@dataclass(frozen=True)
class Files:
    """What was uploaded, read without a problem."""

    items: tuple[Item, ...]
    pictures: Mapping[str, Picture]
    warnings: tuple[dict[str, object], ...]
    unlisted: int
    format: str
    outline: ContentOutline | None
    blueprints: tuple[Blueprint, ...]


@dataclass
class Prepared:
    """An import worked out: the change of its last piece, and what arrives before."""

    change: Change
    arriving: list[dict[str, Any]] = field(default_factory=list)
    pictures: list[dict[str, Any]] = field(default_factory=list)
    retagged: list[ItemRef] = field(default_factory=list)
    alike: list[dict[str, object]] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0


def read_files(
    code: str,
    title: str,
    items: tuple[str, bytes] | None,
    outline: bytes | None,
    blueprints: Sequence[tuple[str, bytes]],
) -> Files:
    """All files of one import; raises :class:`ImportProblems` with everything that is wrong in any of them."""
    problems: list[dict[str, object]] = []
    reading = BankReading((), 0, (), ()) if items is None else read_bank(items[1], items[0])
    problems += [_problem("items", each) for each in reading.problems]
    problems += _twice(reading.items)
    read = None
    if outline is not None:
        read = read_outline(outline, code, title)
        problems += [_problem("outline", each) for each in read.problems]
    plans = []
    for name, raw in blueprints:
        try:
            plans.append(read_blueprint(raw))
        except BlueprintError as error:
            problems.append(_said(name or "blueprint", "", str(error)))
    problems += [
        _said(plan.code, plan.outline, f"细目表代码应为 {code} · the outline's code is {code}")
        for plan in plans
        if plan.outline != code
    ]
    if problems:
        raise ImportProblems(problems, reading.unlisted)
    return Files(
        reading.items,
        reading.pictures,
        tuple(_problem("items", each) for each in reading.warnings),
        reading.unlisted,
        reading.format,
        None if read is None else read.outline,
        tuple(plans),
    )


def prepare_import(db: Session, bank: OpenBank, files: Files, key: bytes, by: str) -> Prepared:
    """What the files change in the bank as it is committed."""
    prepared = Prepared(Change(bank.code, bank.change, "imported", []))
    for item in files.items:
        _compare(db, bank, prepared, item, key, by)
    change = prepared.change
    prepared.alike = _alike(db, bank, files.items)
    change.moved |= overtaken(bank, [code for code, _ in change.named])
    if len(bank.newest) + prepared.new > ITEMS_MAX:
        raise BankFull(what="items", limit=ITEMS_MAX)
    there = queries.picture_names(db, bank.code)
    coming = sum(len(each.data) for name, each in files.pictures.items() if name not in there)
    if coming and coming + queries.pictures_size(db, bank.code, there) > BANK_PICTURES_BYTES_MAX:
        raise BankFull(what="picture bytes", limit=BANK_PICTURES_BYTES_MAX)
    prepared.pictures = [
        picture_row(key, bank.code, picture) for name, picture in files.pictures.items() if name not in there
    ]
    if files.outline is not None and files.outline != bank.outline:
        outlined = prepare_outline(db, bank, files.outline, key)
        change.outline, change.publication = outlined.outline, outlined.publication
    return prepared


def _compare(db: Session, bank: OpenBank, prepared: Prepared, item: Item, key: bytes, by: str) -> None:
    newest = bank.newest.get(item.code, 0)
    tags = clean_tags(item.tags)
    if newest:
        same = item.model_copy(update={"version": newest, "tags": ()})
        if same.digest() == bank.digest(db, (item.code, newest)):
            prepared.unchanged += 1
            if tags and tags != bank.standing((item.code, newest)).tags:
                prepared.retagged.append((item.code, newest))
                prepared.change.moved[item.code, newest] = {"tags": "\n".join(tags)}
            return
        prepared.changed += 1
        tags = tags or bank.standing((item.code, newest)).tags
    else:
        prepared.new += 1
    made = item.model_copy(update={"version": newest + 1, "tags": ()})
    row = sealed_row(key, bank.code, made, tags, ItemState.ARRIVING)
    prepared.arriving.append({**row, "made_by": by, "made_at": 0, "change": 0})
    prepared.change.named.append((made.code, made.version))


def _alike(db: Session, bank: OpenBank, items: Sequence[Item]) -> list[dict[str, object]]:
    """Warnings of new items that say the same, or nearly, as one that is in the bank under another code."""
    brought = {item.code for item in items}
    there = [
        bank.item(db, ref)
        for ref in sorted(bank.newest.items())
        if ref[0] not in brought and bank.standing(ref).state is not ItemState.RETIRED
    ]
    new = [item for item in items if item.code not in bank.newest]
    if not new or not there:
        return []
    known = {_asked(item): item.code for item in there}
    same = {item.code: known[_asked(item)] for item in new if _asked(item) in known}
    found = [_alike_said(code, other, 100) for code, other in same.items()]
    for near in near_duplicates([*there, *new], since=len(there)):
        code = new[near.place - len(there)].code
        if near.earlier < len(there) and code not in same:
            found.append(_alike_said(code, there[near.earlier].code, near.percent))
    return found[:ALIKE_MAX]


def _asked(item: Item) -> tuple[str, ...]:
    return (folded(item.stem), *sorted(folded(option) for option in item.options))


def _alike_said(code: str, other: str, percent: int) -> dict[str, object]:
    same = percent == 100
    return {
        **_said(
            "items", code, f"题库中的试题 {other} 与其{'文字相同' if same else f'有 {percent}% 相同'}，请核对"
        ),
        "expected_en": f"item {other} of the bank {'says the same' if same else f'is {percent} % alike'}: compare them",
        "code": "same_in_bank" if same else "near_duplicate_in_bank",
    }


def picture_row(key: bytes, bank: str, picture: Picture) -> dict[str, Any]:
    """A picture as kept."""
    return {
        "bank": bank,
        "name": picture.name,
        "media_type": picture.media_type,
        "size": len(picture.data),
        "sealed": seal(key, picture.data, "picture", bank, picture.name),
    }


def pieces(rows: Sequence[T], weight: Callable[[T], int] = lambda _row: 0) -> Iterator[Sequence[T]]:
    """Rows as the writer takes them at once: few enough, and light enough."""
    start = at = bytes_in = 0
    while at < len(rows):
        bytes_in += weight(rows[at])
        at += 1
        if at - start >= PIECE_ROWS or bytes_in >= PIECE_BYTES:
            yield rows[start:at]
            start, bytes_in = at, 0
    if start < at:
        yield rows[start:at]


def _twice(items: Sequence[Item]) -> list[dict[str, object]]:
    seen: set[str] = set()
    found: list[dict[str, object]] = []
    for item in items:
        if item.code in seen:
            found.append(_said("items", item.code, "每个试题代码只出现一次 · each code once"))
        seen.add(item.code)
    return found


def _said(file: str, found: str, expected: str) -> dict[str, object]:
    return {"file": file, "row": 0, "column": "", "found": found, "expected": expected}


def _problem(file: str, problem: Problem) -> dict[str, object]:
    return {"file": file, **asdict(problem)}
