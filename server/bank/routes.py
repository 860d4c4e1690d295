"""The bank over HTTP: versions go in as files, all or nothing; no item ever comes out here."""

import asyncio
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile

from question_bank.blueprint import Blueprint, BlueprintError, read_blueprint
from question_bank.commitment import DrawInputs, DrawMode, Sitting
from question_bank.coverage import coverage
from question_bank.importing import Problem, read_bank, read_outline
from question_bank.pinned_bank import PinnedBank, facts_of
from server.bank import actions, queries
from server.bank.actions import ImportProblems
from server.bank.contents import BankContents
from server.bank.key import TheBankKey
from server.bank.schemas import BankShown
from server.errors import NotFound
from server.people.access import CommandId, LoginFirst, requires
from server.people.rules import Person, Role
from server.web import TheDatabase, TheWriter, TooLarge
from server.writer.desk import Desk

ROUTER = APIRouter(prefix="/api/bank", tags=["bank"], route_class=LoginFirst)

BANK_BYTES_MAX = 64 * 1_048_576
"""Bytes of all files of one import together."""

UPLOADS = {"POST /api/bank/import": BANK_BYTES_MAX}
"""Requests with larger bodies than others, and how large."""

Keeper = Annotated[Person, requires(Role.BANK_KEEPER)]
KeeperOrOffice = Annotated[Person, requires(Role.BANK_KEEPER, Role.EXAM_OFFICE)]


@ROUTER.get("")
def banks(_by: KeeperOrOffice, database: TheDatabase) -> list[BankShown]:
    """All versions, and the blueprints beside each bank."""
    with database.read() as db:
        return [
            BankShown.of(row, [each.code for each in queries.blueprints(db, row.code)])
            for row in queries.versions(db)
        ]


@ROUTER.post("/import")
async def import_bank(
    request: Request,
    by: Keeper,
    command: CommandId,
    writer: TheWriter,
    key: TheBankKey,
    code: Annotated[str, Form(pattern=r"^[A-Za-z0-9_.\-]{1,64}$")],
    title: Annotated[str, Form(min_length=1, max_length=200)],
    items: Annotated[UploadFile, File()],
    live: Annotated[bool, Form()] = True,
    outline: Annotated[UploadFile | None, File()] = None,
    blueprints: Annotated[list[UploadFile] | None, File()] = None,
) -> dict[str, object]:
    """Import items, outline and blueprints as one new version; every problem of every file is listed at once."""
    if int(request.headers.get("content-length", BANK_BYTES_MAX + 1)) > BANK_BYTES_MAX:
        raise TooLarge(limit=BANK_BYTES_MAX)
    raw_items = await items.read()
    raw_outline = await outline.read() if outline is not None else None
    raw_blueprints = [(each.filename or "", await each.read()) for each in blueprints or []]
    contents, plans = await asyncio.to_thread(read_files, code, title, raw_items, raw_outline, raw_blueprints)

    def verb(desk: Desk) -> dict[str, object]:
        kept = actions.keep_version(desk, contents, key, by.id, live=live)
        for plan in plans:
            actions.keep_blueprint(desk, code, plan, by.id)
        return {**kept, "blueprints": [plan.code for plan in plans]}

    return await writer.submit(verb, command=command)


@ROUTER.get("/{bank}/coverage/{blueprint}")
async def coverage_of(
    bank: str, blueprint: str, _by: KeeperOrOffice, database: TheDatabase, key: TheBankKey
) -> dict[str, object]:
    """What the bank cannot fill, said before anyone sits down."""

    def look() -> dict[str, object]:
        with database.read() as db:
            version, plan = queries.newest(db, bank), queries.blueprint(db, bank, blueprint)
            if version is None or plan is None:
                raise NotFound(what=f"bank {bank} with blueprint {blueprint}")
            contents = queries.contents(db, bank, version.version, key)
        assert contents is not None
        pinned = PinnedBank(bank, version.version, contents.outline, tuple(map(facts_of, contents.items)))
        one = DrawInputs(
            "trial", DrawMode.PER_CANDIDATE, (Sitting("trial", plan.code),), 0, (plan,), (pinned,)
        )
        found = coverage(one)
        return {"fills": found.fills, "reasons": list(found.reasons)}

    return await asyncio.to_thread(look)


def read_files(
    code: str, title: str, items: bytes, outline: bytes | None, blueprints: list[tuple[str, bytes]]
) -> tuple[BankContents, list[Blueprint]]:
    """All files of one import; raises :class:`ImportProblems` with everything that is wrong in any of them."""
    problems: list[dict[str, object]] = []
    bank = read_bank(items)
    problems += [_problem("items", each) for each in bank.problems]
    read = None
    if outline is not None:
        read = read_outline(outline, code, title)
        problems += [_problem("outline", each) for each in read.problems]
    plans = []
    for name, raw in blueprints:
        try:
            plans.append(read_blueprint(raw))
        except BlueprintError as error:
            problems.append(
                {"file": name or "blueprint", "row": 0, "column": "", "found": "", "expected": str(error)}
            )
    if problems:
        raise ImportProblems(problems)
    found = read.outline if read is not None else None
    return BankContents(code=code, title=title, outline=found, items=bank.items), plans


def _problem(file: str, problem: Problem) -> dict[str, object]:
    return {"file": file, **asdict(problem)}
