"""Observed difficulties taken over into the bank: new versions of the items, proposed for a second keeper's word."""

from collections.abc import Mapping

from sqlmodel import Session

from question_bank.papers import ItemRef
from server.bank.actions import Change
from server.bank.open_bank import OpenBank
from server.bank.preparing import overtaken, sealed_row
from server.bank.rules import ItemState


def prepare_difficulties(
    db: Session, bank: OpenBank, wanted: Mapping[ItemRef, int], key: bytes
) -> tuple[Change, list[str]]:
    """The change, and the codes of those passed over: edited since they were asked, retired, or said already."""
    change = Change(bank.code, bank.change, "drafted", [])
    passed_over: list[str] = []
    for (code, version), difficulty in wanted.items():
        if bank.newest.get(code) != version or bank.approved.get(code) != version:
            passed_over.append(code)
            continue
        item = bank.item(db, (code, version))
        if item.difficulty == difficulty:
            passed_over.append(code)
            continue
        made = item.model_copy(update={"version": version + 1, "difficulty": difficulty})
        tags = bank.standing((code, version)).tags
        row = sealed_row(key, bank.code, made, tags, ItemState.PROPOSED)
        change.new.append({**row, "proposing": True})
        change.named.append((code, version + 1))
    change.moved = overtaken(bank, [code for code, _ in change.named])
    return change, passed_over
