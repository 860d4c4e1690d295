"""What belongs to a bank beside its items, over HTTP: pictures, content outline, blueprints, and a draw on trial."""

import asyncio
import json
import os
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import TypeAdapter, ValidationError

from question_bank.blueprint import Blueprint, BlueprintError, read_blueprint
from question_bank.commitment import DrawInputs, DrawMode, Sitting
from question_bank.coverage import coverage
from question_bank.draw import CannotDraw, draw
from question_bank.draw_report import DrawReport
from question_bank.importing.picture_files import PictureError, picture_of
from question_bank.outline import ContentOutline
from question_bank.pictures import PICTURE_BYTES_MAX
from server.bank import actions, queries
from server.bank.access import Keeper, KeeperOrOffice
from server.bank.actions import ImportProblems
from server.bank.editing import field_problems
from server.bank.importing import picture_row
from server.bank.preparing import prepare_outline
from server.bank.schemas import (
    BlueprintAsked,
    BlueprintKept,
    Coverage,
    Moved,
    OutlineAsked,
    OutlineShown,
    PictureTaken,
    TrialAsked,
    TrialDrawn,
    outcome,
)
from server.bank.working import TheWorking, Working
from server.errors import NotFound, Refused
from server.people.access import CommandId
from server.web import TheDatabase, TheWriter, read_upload

ROUTER = APIRouter(prefix="/api/bank/{bank}", tags=["bank"])

_REPORT = TypeAdapter(DrawReport)


class NotAPicture(Refused):
    """What was uploaded cannot be shown in an item."""

    code = "not_a_picture"
    zh = "该文件不是可用的图片（{reason}）。"
    en = "This file is no picture an item can show ({reason})."


class CannotFill(Refused):
    """The bank cannot fill the papers of a trial."""

    code = "bank_cannot_fill"
    zh = "题库无法满足组卷方案：{reasons}"
    en = "The bank cannot fill the blueprint: {reasons}"


@ROUTER.post("/pictures", response_model=PictureTaken, status_code=201)
async def take_picture(bank: str, request: Request, by: Keeper, working: TheWorking) -> dict[str, object]:
    """A picture for items of this bank, as the request's body; checked, and sealed under its digest."""
    working.banks.used()
    with await read_upload(request, PICTURE_BYTES_MAX) as file:
        data = file.read()
    try:
        picture = await asyncio.to_thread(picture_of, data)
    except PictureError as error:
        raise NotAPicture(reason=error.code) from error
    row = await working.look(bank, lambda _db, opened, key: picture_row(key, opened.code, picture))
    await working.writer.submit(lambda desk: actions.keep_pictures(desk, [row]))
    return outcome(PictureTaken(name=picture.name, media_type=picture.media_type, bytes=len(picture.data)))


@ROUTER.get("/pictures/{name}")
async def picture(
    bank: str, name: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")], _by: Keeper, working: TheWorking
) -> Response:
    """One picture of this bank's items; which item is read is said where the item is."""
    found = await working.look(
        bank, lambda db, _opened, _key: working.banks.pictures_named(db, bank, [name])[name]
    )
    headers = {"content-disposition": "inline", "cache-control": "private, no-store"}
    return Response(found.data, media_type=found.media_type, headers=headers)


@ROUTER.get("/outline")
async def outline(bank: str, _by: Keeper, working: TheWorking) -> OutlineShown:
    """The content outline of the bank as it is now, null where it has none."""
    found = await working.look(bank, lambda _db, opened, _key: opened.outline)
    return OutlineShown(outline=found)


@ROUTER.put("/outline", response_model=Moved)
async def set_outline(
    bank: str, asked: OutlineAsked, by: Keeper, working: TheWorking, command: CommandId
) -> dict[str, object]:
    """Another outline, whole; it counts from the next published version on, made at once where items are in use."""
    try:
        given = ContentOutline.model_validate_json(json.dumps({**asked.outline, "code": bank}))
    except ValidationError as error:
        raise ImportProblems(field_problems(error)) from error
    return await working.change(
        bank, lambda db, opened, key: prepare_outline(db, opened, given, key), by.id, command=command
    )


@ROUTER.get("/blueprints")
def blueprints(bank: str, _by: KeeperOrOffice, database: TheDatabase) -> list[Blueprint]:
    """The blueprints beside the bank."""
    with database.read() as db:
        if queries.bank(db, bank) is None:
            raise NotFound(what=f"bank {bank}")
        return queries.blueprints(db, bank)


@ROUTER.get("/blueprints/{blueprint}")
def blueprint(bank: str, blueprint: str, _by: KeeperOrOffice, database: TheDatabase) -> Blueprint:
    """One blueprint."""
    with database.read() as db:
        found = queries.blueprint(db, bank, blueprint)
    if found is None:
        raise NotFound(what=f"blueprint {blueprint} of bank {bank}")
    return found


@ROUTER.put("/blueprints/{blueprint}", response_model=BlueprintKept)
async def set_blueprint(
    bank: str, blueprint: str, asked: BlueprintAsked, by: Keeper, writer: TheWriter, command: CommandId
) -> dict[str, object]:
    """Keep a blueprint, given as fields or as the text of a TOML file; sessions that are loaded hold their own."""
    plan = _blueprint_of(bank, blueprint, asked)
    return await writer.submit(lambda desk: actions.keep_blueprint(desk, bank, plan, by.id), command=command)


@ROUTER.delete("/blueprints/{blueprint}", status_code=204)
async def drop_blueprint(bank: str, blueprint: str, by: Keeper, writer: TheWriter) -> None:
    """Forget a blueprint."""
    await writer.submit(lambda desk: actions.drop_blueprint(desk, bank, blueprint, by.id))


def _blueprint_of(bank: str, code: str, asked: BlueprintAsked) -> Blueprint:
    if asked.toml is not None:
        try:
            plan = read_blueprint(asked.toml.encode(errors="surrogatepass"))
        except BlueprintError as error:
            raise ImportProblems([_said(each) for each in str(error).split("; ")]) from error
    else:
        values = {**(asked.blueprint or {}), "code": code, "outline": bank}
        try:
            plan = Blueprint.model_validate_json(json.dumps(values))
        except ValidationError as error:
            raise ImportProblems(field_problems(error)) from error
    if plan.code != code:
        raise ImportProblems([_said(f"code: {code}", plan.code)])
    return plan


def _said(expected: str, found: str = "") -> dict[str, object]:
    place, _, said = expected.partition(": ")
    return {
        "file": "blueprint",
        "row": 0,
        "column": place,
        "found": found,
        "expected": said,
        "expected_en": said,
        "code": "blueprint",
    }


@ROUTER.get("/coverage/{blueprint}")
async def coverage_of(
    bank: str, blueprint: str, _by: KeeperOrOffice, database: TheDatabase, working: TheWorking
) -> Coverage:
    """What the bank cannot fill, said before anyone sits down."""
    inputs = await _trial(working, bank, blueprint, 1, DrawMode.PER_CANDIDATE)
    found = await asyncio.to_thread(coverage, inputs)
    return Coverage(fills=found.fills, reasons=list(found.reasons))


@ROUTER.post("/trial-draw")
async def trial_draw(bank: str, asked: TrialAsked, by: Keeper, working: TheWorking) -> TrialDrawn:
    """Draw so many papers on trial and say how alike they are; no paper is shown and none is kept."""
    working.banks.used()
    inputs = await _trial(working, bank, asked.blueprint, asked.papers, DrawMode(asked.mode))
    try:
        drawn = await asyncio.to_thread(draw, inputs, os.urandom(32))
    except CannotDraw as error:
        raise CannotFill(reasons="；".join(error.reasons)) from error
    pinned = inputs.banks[0]
    return TrialDrawn(
        version=pinned.version,
        papers=asked.papers,
        items=len(pinned.items),
        report=_REPORT.dump_python(drawn.report, mode="json"),
    )


async def _trial(working: Working, bank: str, blueprint: str, papers: int, mode: DrawMode) -> DrawInputs:
    def look() -> DrawInputs:
        with working.database.read() as db:
            source = working.banks.drawn_from(db, "", bank, blueprint)
            exposure = working.exposure_of(db, bank)
        plan = source.blueprint
        sittings = tuple(Sitting(f"trial-{number}", plan.code) for number in range(1, papers + 1))
        return DrawInputs("trial", mode, sittings, 0, (plan,), (source.contents.pinned(None, exposure),))

    return await asyncio.to_thread(look)
