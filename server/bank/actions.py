"""The verbs of the bank keeper on items: what was prepared outside is checked against the bank's count of changes, and
kept.

Everything long (deciphering, comparing, sealing, naming the next version) happens before, in ``preparing``; a verb here
writes at most :data:`REFS_MAX` rows. When somebody else changed the bank in between, nothing happens and the preparing
is done anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sqlalchemy import bindparam, insert, update
from sqlmodel import col, delete

from protocol.bank_entries import BankItemsMoved, BankItemsRead, BankVersionPublished
from question_bank.blueprint import Blueprint
from question_bank.papers import ItemRef
from server.bank.models import Bank, BankBlueprint, BankItem, BankOutline, BankPicture, BankVersion
from server.bank.naming import named
from server.bank.rules import ItemState
from server.errors import NotFound, Refused
from server.writer.desk import Desk
from server.writer.registers import changed

REFS_MAX = 1_000
"""Items of one command; more come as several."""


class BankMoved(Refused):
    """Somebody else changed the bank between looking and writing."""

    code = "bank_moved"
    zh = "题库刚被他人修改，请刷新后重试。"
    en = "Somebody else has just changed this bank. Look again and retry."


class BlueprintOfAnotherBank(Refused):
    """A blueprint names the outline it draws from."""

    code = "blueprint_of_another_bank"
    zh = "组卷方案 {blueprint} 使用的细目表是 {outline}，不是本题库 {bank}。"
    en = "Blueprint {blueprint} draws from outline {outline}, not from this bank {bank}."


class ImportProblems(Refused):
    """All or nothing: the file has problems, each with its place, and nothing was imported."""

    code = "import_problems"
    status: ClassVar[int] = 409
    zh = "文件中有 {count} 个问题，未导入任何内容。"
    en = "The file has {count} problems; nothing was imported."

    def __init__(self, problems: list[dict[str, object]], unlisted: int = 0) -> None:
        self.problems = problems
        super().__init__(count=len(problems) + unlisted)

    def details(self) -> dict[str, object]:
        """The problems, for the table on the screen."""
        return {"problems": self.problems}


@dataclass(frozen=True, slots=True)
class Publication:
    """The version a change brings about."""

    number: int
    version: str
    items: int
    points: int


@dataclass
class Change:
    """One prepared change of a bank, valid while the bank's count of changes is still ``expected``.

    new: rows of versions to be made. moved: rows by (code, version) with the columns that change. publication: the
    version that comes of it, None when what can be drawn stays the same.
    """

    bank: str
    expected: int
    step: str
    named: list[ItemRef]
    new: list[dict[str, Any]] = field(default_factory=list)
    moved: dict[ItemRef, dict[str, Any]] = field(default_factory=dict)
    publication: Publication | None = None
    outline: dict[str, Any] | None = None


def make_bank(desk: Desk, code: str, title: str, by: str, *, live: bool) -> None:
    """Have a bank of this code; one that is there stays as it is."""
    if desk.db.get(Bank, code) is None:
        desk.db.add(Bank(code=code, title=title, live=live, made_at=desk.now, made_by=by))
        changed(desk, "bank", code, "made", by=by, row={"title": title, "live": live})


def clear_arrivals(desk: Desk, bank: str) -> None:
    """Forget the pieces of an import that never finished."""
    arrived = delete(BankItem).where(col(BankItem.bank) == bank, col(BankItem.state) == ItemState.ARRIVING)
    desk.db.exec(arrived)


def arrive(desk: Desk, rows: Sequence[dict[str, Any]]) -> None:
    """One piece of an import's items; nobody sees them before the last."""
    desk.db.execute(insert(BankItem), list(rows))


def keep_pictures(desk: Desk, rows: Sequence[dict[str, Any]]) -> None:
    """One piece of pictures; those that are there stay."""
    for row in rows:
        if desk.db.get(BankPicture, (row["bank"], row["name"])) is None:
            desk.db.add(BankPicture(**row))


def finish_import(desk: Desk, change: Change, arrived: int, by: str) -> None:
    """The last piece: what arrived is proposed from here on; raises BankMoved when the bank is another by now."""
    bank = _unmoved(desk, change)
    here = update(BankItem).where(
        col(BankItem.bank) == change.bank, col(BankItem.state) == ItemState.ARRIVING
    )
    proposed = {
        "state": ItemState.PROPOSED.value,
        "made_at": desk.now,
        "proposed_by": by,
        "proposed_at": desk.now,
        "change": bank.change,
    }
    if desk.db.execute(here.values(**proposed)).rowcount != arrived:  # type: ignore[attr-defined]
        raise BankMoved()
    _keep(desk, change, bank, by, None)


def move(desk: Desk, change: Change, by: str, reason: str | None = None) -> None:
    """A step with some items, or new versions of them; raises BankMoved."""
    _keep(desk, change, _unmoved(desk, change), by, reason)


def _unmoved(desk: Desk, change: Change) -> Bank:
    bank = desk.db.get(Bank, change.bank)
    if bank is None:
        raise NotFound(what=f"bank {change.bank}")
    if bank.change != change.expected:
        raise BankMoved()
    bank.change += 1
    desk.db.add(bank)
    return bank


def _keep(desk: Desk, change: Change, bank: Bank, by: str, reason: str | None) -> None:
    note = desk.note(reason)
    if change.new:
        desk.db.execute(insert(BankItem), [_made(row, by, desk.now, bank.change) for row in change.new])
    _move_rows(desk, change, bank, by, note)
    if change.outline is not None:
        desk.db.merge(BankOutline(**change.outline))
        row = {"bank": bank.code, "points": change.outline["points"]}
        changed(desk, "outline", bank.code, "kept", by=by, row=row)
    if change.named:
        desk.record(
            BankItemsMoved.model_validate(
                {"bank": bank.code, "step": change.step, "items": named(change.named), "by": by, "note": note}
            ),
            session=None,
        )
    if change.publication is not None:
        _publish(desk, bank.code, change.publication, by)


def _move_rows(desk: Desk, change: Change, bank: Bank, by: str, note: str | None) -> None:
    """Rows that change in the same columns go in one statement: a thousand of them within milliseconds."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for (code, version), values in change.moved.items():
        stamped = {**_stamped(values, by, desk.now, note), "change": bank.change}
        alike.setdefault(tuple(sorted(stamped)), []).append(
            {**stamped, "at_code": code, "at_version": version}
        )
    table = BankItem.__table__  # type: ignore[attr-defined]
    here = table.c.bank == bank.code
    here &= (table.c.code == bindparam("at_code")) & (table.c.version == bindparam("at_version"))
    for columns, rows in alike.items():
        values = {column: bindparam(column) for column in columns}
        desk.db.connection().execute(table.update().where(here).values(**values), rows)


def _made(row: dict[str, Any], by: str, now: int, change: int) -> dict[str, Any]:
    """A new row with who made it, and who proposed it where that is the same step."""
    made = {"made_by": by, "made_at": now, "proposed_by": None, "proposed_at": None, "change": change, **row}
    if made.pop("proposing", False):
        made |= {"proposed_by": by, "proposed_at": now}
    return made


def _stamped(values: dict[str, Any], by: str, now: int, note: str | None) -> dict[str, Any]:
    """Who and when, where the step asks for it."""
    stamped = dict(values)
    if stamped.pop("proposing", False):
        stamped |= {"proposed_by": by, "proposed_at": now, "decided_by": None, "decided_at": None}
    if stamped.pop("deciding", False):
        stamped |= {"decided_by": by, "decided_at": now, "reason": note}
    return stamped


def _publish(desk: Desk, bank: str, made: Publication, by: str) -> None:
    desk.db.add(
        BankVersion(
            bank=bank,
            number=made.number,
            version=made.version,
            items=made.items,
            points=made.points,
            made_at=desk.now,
            made_by=by,
        )
    )
    desk.record(
        BankVersionPublished(
            bank=bank,
            number=made.number,
            version=made.version,
            items=made.items,
            points=made.points,
            by=by,
        ),
        session=None,
    )


def read(desk: Desk, bank: str, purpose: str, refs: Sequence[ItemRef], by: str) -> None:
    """A person is shown these items; on the ledger before they see them."""
    if refs:
        desk.record(
            BankItemsRead.model_validate({"bank": bank, "purpose": purpose, "items": named(refs), "by": by}),
            session=None,
        )


def keep_blueprint(desk: Desk, bank: str, blueprint: Blueprint, by: str) -> dict[str, object]:
    """Keep a blueprint beside its bank, replacing the one of its code; sessions hold their own copy."""
    if desk.db.get(Bank, bank) is None:
        raise NotFound(what=f"bank {bank}")
    if blueprint.outline != bank:
        raise BlueprintOfAnotherBank(blueprint=blueprint.code, outline=blueprint.outline, bank=bank)
    body = blueprint.model_dump_json()
    desk.db.merge(BankBlueprint(bank=bank, code=blueprint.code, title=blueprint.title, body=body))
    row = {"bank": bank, "code": blueprint.code, "body": body}
    changed(desk, "blueprint", f"{bank}/{blueprint.code}", "kept", by=by, row=row)
    return {"bank": bank, "blueprint": blueprint.code}


def drop_blueprint(desk: Desk, bank: str, code: str, by: str) -> None:
    """Forget a blueprint; sessions that are loaded hold their own copy. Raises NotFound."""
    row = desk.db.get(BankBlueprint, (bank, code))
    if row is None:
        raise NotFound(what=f"blueprint {code} of bank {bank}")
    desk.db.delete(row)
    changed(desk, "blueprint", f"{bank}/{code}", "dropped", by=by, row={"bank": bank, "code": code})
