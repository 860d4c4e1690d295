"""Banks over HTTP: which there are, and files that go in, all or nothing."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile

from server.bank import actions, queries
from server.bank.access import Keeper, KeeperOrOffice
from server.bank.importing import Files, Prepared, pieces, prepare_import, read_files
from server.bank.schemas import BankShown, ImportTaken, NewBank, VersionShown, outcome
from server.bank.working import TheWorking, Working
from server.errors import NotFound
from server.people.access import CommandId, LoginFirst
from server.web import TheDatabase, TheWriter, TooLarge
from server.writer.desk import Desk

ROUTER = APIRouter(prefix="/api/bank", tags=["bank"], route_class=LoginFirst)

BANK_BYTES_MAX = 64 * 1_048_576
"""Bytes of all files of one import together."""

UPLOADS = {"POST /api/bank/import": BANK_BYTES_MAX}
"""Requests with larger bodies than others, and how large."""


@ROUTER.get("")
def banks(_by: KeeperOrOffice, database: TheDatabase) -> list[BankShown]:
    """All banks: what can be drawn from each today, and where its items stand."""
    with database.read() as db:
        return [
            BankShown.of(
                row,
                queries.newest(db, row.code),
                queries.blueprint_codes(db, row.code),
                queries.counts(db, row.code),
            )
            for row in queries.banks(db)
        ]


@ROUTER.post("", status_code=204)
async def make(asked: NewBank, by: Keeper, writer: TheWriter, working: TheWorking) -> None:
    """Make an empty bank; one of this code that is there stays as it is."""
    working.banks.used()
    await writer.submit(lambda desk: actions.make_bank(desk, asked.code, asked.title, by.id, live=asked.live))


@ROUTER.get("/{bank}/versions")
def versions(bank: str, _by: KeeperOrOffice, database: TheDatabase) -> list[VersionShown]:
    """Every published version of a bank, newest first."""
    with database.read() as db:
        if queries.bank(db, bank) is None:
            raise NotFound(what=f"bank {bank}")
        return [VersionShown.of(row) for row in queries.versions(db, bank)]


@ROUTER.post("/import", response_model=ImportTaken)
async def import_bank(
    request: Request,
    by: Keeper,
    command: CommandId,
    working: TheWorking,
    code: Annotated[str, Form(pattern=r"^[A-Za-z0-9_.\-]{1,64}$")],
    title: Annotated[str, Form(max_length=200)] = "",
    items: Annotated[UploadFile | None, File()] = None,
    live: Annotated[bool, Form()] = True,
    outline: Annotated[UploadFile | None, File()] = None,
    blueprints: Annotated[list[UploadFile] | None, File()] = None,
) -> dict[str, object]:
    """Import items, outline and blueprints; every problem of every file is listed at once.

    The items are proposed by who imports them; ``title`` and ``live`` count for a bank that is new.
    """
    if int(request.headers.get("content-length", BANK_BYTES_MAX + 1)) > BANK_BYTES_MAX:
        raise TooLarge(limit=BANK_BYTES_MAX)
    working.banks.used()
    raw_items = None if items is None else (items.filename or "", await items.read())
    raw_outline = await outline.read() if outline is not None else None
    raw_blueprints = [(each.filename or "", await each.read()) for each in blueprints or []]
    files = await asyncio.to_thread(read_files, code, title or code, raw_items, raw_outline, raw_blueprints)
    await working.writer.submit(
        lambda desk: actions.make_bank(desk, code, title.strip() or code, by.id, live=live)
    )
    async with working.banks.importing:
        return await _take(working, code, files, by.id, command)


async def _take(working: Working, code: str, files: Files, by: str, command: str) -> dict[str, object]:
    """Hand an import to the writer in pieces; only the last one makes it count."""
    writer = working.writer
    first = await working.outcome_of(command)
    if first is not None:
        return {**first, "warnings": list(files.warnings)}
    prepared = await working.look(code, lambda db, bank, key: prepare_import(db, bank, files, key, by))
    await writer.submit(lambda desk: actions.clear_arrivals(desk, code))
    for piece in pieces(prepared.arriving):
        await writer.submit(lambda desk, piece=piece: actions.arrive(desk, piece))  # type: ignore[misc]
    for shown in pieces(prepared.pictures, lambda row: int(row["size"])):
        await writer.submit(lambda desk, shown=shown: actions.keep_pictures(desk, shown))  # type: ignore[misc]
    taken = await writer.submit(lambda desk: _finish(desk, code, files, prepared, by), command=command)
    return {**taken, "warnings": [*files.warnings, *prepared.alike]}


def _finish(desk: Desk, code: str, files: Files, prepared: Prepared, by: str) -> dict[str, object]:
    actions.finish_import(desk, prepared.change, len(prepared.arriving), by)
    for plan in files.blueprints:
        actions.keep_blueprint(desk, code, plan, by)
    desk.db.flush()
    version = queries.newest(desk.db, code)
    return outcome(
        ImportTaken(
            bank=code,
            format=files.format,
            new=prepared.new,
            changed=prepared.changed,
            unchanged=prepared.unchanged,
            retagged=len(prepared.retagged),
            pictures=len(prepared.pictures),
            version="" if version is None else version.version,
            items=0 if version is None else version.items,
            blueprints=[plan.code for plan in files.blueprints],
            # They quote the file: what is kept of a command's outcome must hold no word of an item.
            warnings=[],
            unlisted=files.unlisted,
        )
    )
