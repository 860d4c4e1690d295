"""Items over HTTP: searched, read, edited, proposed, approved by a second keeper. Every reading is on the ledger."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from sqlmodel import Session

from question_bank.items import Item, Kind
from question_bank.papers import ItemRef
from server.bank import actions
from server.bank.access import Keeper
from server.bank.editing import made_safe, read_item
from server.bank.importing import picture_row
from server.bank.open_bank import OpenBank, Standing
from server.bank.preparing import prepare_step, prepare_tags, prepare_version
from server.bank.rules import ItemState, Step
from server.bank.schemas import (
    HistoryShown,
    ItemAsked,
    ItemListed,
    ItemShown,
    ItemsShown,
    Moved,
    RefAsked,
    Saved,
    StandingShown,
    StepAsked,
    TagsAsked,
    WaitingShown,
    outcome,
    refs_of,
)
from server.bank.search import Found, Sort, Wanted, search
from server.bank.working import TheWorking, Working
from server.errors import NotFound
from server.people import queries as people
from server.people.access import CommandId

ROUTER = APIRouter(prefix="/api/bank/{bank}", tags=["bank"])

PAGE_MAX = 200
"""Items of one page of a list; the ledger names each of them."""

OFFSET_MAX = 1_000_000


def _wanted(
    q: Annotated[str, Query(max_length=500)] = "",
    kind: Annotated[list[Kind] | None, Query()] = None,
    point: Annotated[list[str] | None, Query(max_length=200)] = None,
    tag: Annotated[list[str] | None, Query(max_length=20)] = None,
    state: Annotated[list[ItemState] | None, Query()] = None,
    difficulty_min: Annotated[int | None, Query(ge=0, le=100)] = None,
    difficulty_max: Annotated[int | None, Query(ge=0, le=100)] = None,
    sort: Sort = Sort.CODE,
    descending: bool = False,
) -> Wanted:
    return Wanted(
        q,
        frozenset(kind or ()),
        frozenset(state or ()),
        frozenset(point or ()),
        frozenset(tag or ()),
        difficulty_min,
        difficulty_max,
        sort,
        descending,
    )


TheWanted = Annotated[Wanted, Depends(_wanted)]


@ROUTER.get("/items")
async def items(
    bank: str,
    by: Keeper,
    working: TheWorking,
    wanted: TheWanted,
    offset: Annotated[int, Query(ge=0, le=OFFSET_MAX)] = 0,
    limit: Annotated[int, Query(ge=0, le=PAGE_MAX)] = 50,
) -> ItemsShown:
    """One page of the items that are wanted: all words of ``q``, any of the kinds, states and points, all tags."""

    def look(db: Session, opened: OpenBank, _key: bytes) -> tuple[Found, Mapping[str, int]]:
        return search(opened.listed(db), wanted), working.exposure_of(db, bank)

    found, exposure = await working.look(bank, look)
    page = found.items[offset : offset + limit]
    await working.read(bank, "list", [(each.code, each.version) for each in page], by.id)
    shown = [ItemListed.of(each, exposure.get(each.code, 0)) for each in page]
    return ItemsShown.of(found, shown, _names(working, {each.by for each in page}))


@ROUTER.get("/waiting")
async def waiting(bank: str, by: Keeper, working: TheWorking) -> WaitingShown:
    """Which items wait for approval by somebody else than who asks: references, no text."""

    def look(_db: Session, opened: OpenBank, _key: bytes) -> list[Standing]:
        newest = (opened.standing(ref) for ref in sorted(opened.newest.items()))
        return [each for each in newest if each.state is ItemState.PROPOSED]

    found = await working.look(bank, look)
    refs = [RefAsked(code=each.code, version=each.version) for each in found if each.proposed_by != by.id]
    return WaitingShown(refs=refs, mine=len(found) - len(refs))


@ROUTER.post("/items", response_model=Saved, status_code=201)
async def make(
    bank: str, asked: ItemAsked, by: Keeper, working: TheWorking, command: CommandId
) -> dict[str, object]:
    """A new item, as a draft or proposed at once."""
    return await _save(bank, asked, 0, by.id, working, command)


@ROUTER.put("/items/{code:path}", response_model=Saved)
async def edit(
    bank: str, code: str, asked: ItemAsked, by: Keeper, working: TheWorking, command: CommandId
) -> dict[str, object]:
    """The next version of an item; what was in use stays in use until the new one is approved."""
    if asked.item.get("code") != code:
        raise NotFound(what=f"item {code}")
    return await _save(bank, asked, asked.expected_version, by.id, working, command)


async def _save(
    bank: str, asked: ItemAsked, expected: int, by: str, working: Working, command: str
) -> dict[str, object]:
    item = read_item(asked.item)
    edited = await working.look(bank, lambda db, opened, key: made_safe(db, opened, item, key))
    if edited.pictures:
        rows = [picture_row(working.banks.key, bank, each) for each in edited.pictures]
        await working.writer.submit(lambda desk: actions.keep_pictures(desk, rows))
    await working.change(
        bank,
        lambda db, opened, key: prepare_version(
            db, opened, edited.item, expected, key, propose=asked.propose
        ),
        by,
        command=command,
    )
    state = ItemState.PROPOSED if asked.propose else ItemState.DRAFT
    return outcome(Saved(code=item.code, version=expected + 1, state=state))


@ROUTER.post("/items/tags", response_model=Moved)
async def tag(
    bank: str, asked: TagsAsked, by: Keeper, working: TheWorking, command: CommandId
) -> dict[str, object]:
    """Put labels on items and take labels off; what can be drawn stays the same."""
    refs = refs_of(asked.refs)
    return await working.change(
        bank,
        lambda _db, opened, _key: prepare_tags(opened, refs, asked.add, asked.remove),
        by.id,
        command=command,
    )


@ROUTER.post("/items/{verb}", response_model=Moved)
async def take_step(
    bank: str, verb: Step, asked: StepAsked, by: Keeper, working: TheWorking, command: CommandId
) -> dict[str, object]:
    """Propose, approve, return, retire or restore these items: all of them or none."""
    refs = refs_of(asked.refs)
    return await working.change(
        bank,
        lambda db, opened, key: prepare_step(db, opened, verb, refs, by.id, asked.reason, key),
        by.id,
        asked.reason,
        command,
    )


@ROUTER.get("/items/{code:path}/versions")
async def history(bank: str, code: str, by: Keeper, working: TheWorking) -> HistoryShown:
    """Every version of an item, who made it and who decided on it; no text."""
    found = await working.look(bank, lambda _db, opened, _key: opened.history(code))
    shown = [_standing(working, each) for each in found]
    return HistoryShown(versions=shown, people=_names(working, _who(shown)))


@ROUTER.get("/items/{code:path}/versions/{version}")
async def one_version(
    bank: str, code: str, version: Annotated[int, Path(ge=1, le=2**31)], by: Keeper, working: TheWorking
) -> ItemShown:
    """One version of an item, whole, its key and all."""
    return await _shown(bank, (code, version), "history", by.id, working)


@ROUTER.get("/items/{code:path}")
async def newest(bank: str, code: str, by: Keeper, working: TheWorking) -> ItemShown:
    """The newest version of an item, whole, its key and all."""
    return await _shown(bank, (code, 0), "item", by.id, working)


async def _shown(bank: str, ref: ItemRef, purpose: str, by: str, working: Working) -> ItemShown:
    def look(db: Session, opened: OpenBank, _key: bytes) -> tuple[Item, str, int, Standing]:
        code, version = ref[0], ref[1] or opened.newest.get(ref[0], 0)
        standing = opened.standing((code, version))
        item = opened.tagged(db, (code, version))
        return item, opened.digest(db, (code, version)), opened.newest[code], standing

    item, digest, newest_version, standing = await working.look(bank, look)
    await working.read(bank, purpose, [(item.code, item.version)], by)
    stands = _standing(working, standing)
    names = _names(working, _who([stands]))
    return ItemShown(item=item, digest=digest, newest=newest_version, standing=stands, people=names)


def _standing(working: Working, standing: Standing) -> StandingShown:
    """With the text of the reason, which stands as a note."""
    kept = None
    if standing.reason is not None:
        with working.database.read_ledger() as ledger:
            kept = ledger.note_text(standing.reason)
    return StandingShown.of(standing, "" if kept is None else kept[1])


def _who(shown: list[StandingShown]) -> set[str]:
    found = {each for one in shown for each in (one.made_by, one.proposed_by, one.decided_by)}
    return {each for each in found if each is not None}


def _names(working: Working, ids: set[str]) -> dict[str, str]:
    with working.database.read() as db:
        return {each.id: each.display_name for each in people.people_by_id(db, ids).values()}
