"""Items that leave as files, and the empty files they come in: on the ledger before the first byte goes."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from fastapi import APIRouter, Response
from sqlmodel import Session

from question_bank.exporting.blueprint import blueprint_toml
from question_bank.exporting.outline import outline_workbook
from question_bank.exporting.qti import write_qti
from question_bank.exporting.templates import template_by_item, template_by_option
from question_bank.exporting.workbook import items_workbook
from question_bank.exporting.xhtml import ExportError
from question_bank.items import Item
from question_bank.pictures import Picture
from server.bank import queries
from server.bank.access import Keeper, KeeperOrOffice
from server.bank.item_routes import TheWanted
from server.bank.open_bank import OpenBank
from server.bank.search import Wanted, search
from server.bank.working import TheWorking, Working
from server.errors import NotFound, Refused
from server.web import TheDatabase

ROUTER = APIRouter(prefix="/api/bank", tags=["bank"])

PICTURES_BYTES_MAX = 256 * 1_048_576
"""Bytes of all pictures of one export; more leave in several, by filter."""

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Write = Callable[[Sequence[Item], Mapping[str, Picture]], bytes]


class SheetLayout(StrEnum):
    """How a workbook of items is laid out."""

    ITEMS = "items"
    OPTIONS = "options"


class TooManyPictures(Refused):
    """An export is made in memory."""

    code = "too_many_pictures"
    zh = "所选试题的图片共 {bytes} 字节，超过一次导出的上限 {limit}。请按条件分批导出。"
    en = "The pictures of these items take {bytes} bytes, more than the {limit} of one export. Export fewer at once."


class NotExported(Refused):
    """An item holds what the format cannot carry."""

    code = "not_exported"
    zh = "导出失败，未生成文件：{reason}"
    en = "Nothing was exported: {reason}"


@ROUTER.get("/templates/{layout}.xlsx")
async def template(layout: SheetLayout, _by: Keeper) -> Response:
    """An empty workbook with instructions and an example of every kind."""
    make = template_by_item if layout is SheetLayout.ITEMS else template_by_option
    return _file(await asyncio.to_thread(make), WORKBOOK, f"{layout}.xlsx")


@ROUTER.get("/{bank}/export.xlsx")
async def export_workbook(bank: str, by: Keeper, working: TheWorking, wanted: TheWanted) -> Response:
    """The newest versions of the items that are wanted, as a workbook that imports to equal items."""
    data = await _exported(working, bank, wanted, by.id, items_workbook)
    return _file(data, WORKBOOK, f"{bank}.xlsx")


@ROUTER.get("/{bank}/export.qti.zip")
async def export_qti(bank: str, by: Keeper, working: TheWorking, wanted: TheWanted) -> Response:
    """The newest versions of the items that are wanted, as a QTI 3 package that imports to equal items."""
    return _file(
        await _exported(working, bank, wanted, by.id, write_qti), "application/zip", f"{bank}.qti.zip"
    )


async def _exported(working: Working, bank: str, wanted: Wanted, by: str, write: Write) -> bytes:
    def look(db: Session, opened: OpenBank, _key: bytes) -> tuple[list[Item], Mapping[str, Picture]]:
        found = search(opened.listed(db), wanted).items
        items = [opened.tagged(db, (each.code, each.version)) for each in found]
        names = {name for item in items for name in item.pictures}
        size = queries.pictures_size(db, bank, names)
        if size > PICTURES_BYTES_MAX:
            raise TooManyPictures(bytes=size, limit=PICTURES_BYTES_MAX)
        return items, working.banks.pictures_named(db, bank, names)

    items, pictures = await working.look(bank, look)
    await working.read(bank, "export", [(item.code, item.version) for item in items], by)
    try:
        return await asyncio.to_thread(write, items, pictures)
    except ExportError as error:
        raise NotExported(reason=str(error)) from error


@ROUTER.get("/{bank}/outline.xlsx", response_class=Response)
async def outline_file(bank: str, _by: Keeper, working: TheWorking) -> Response:
    """The content outline as a workbook that is imported again to the same outline."""
    found = await working.look(bank, lambda _db, opened, _key: opened.outline)
    if found is None:
        raise NotFound(what=f"outline of bank {bank}")
    return _file(await asyncio.to_thread(outline_workbook, found), WORKBOOK, f"{bank}-outline.xlsx")


@ROUTER.get("/{bank}/blueprints/{blueprint}/toml", response_class=Response)
def blueprint_file(bank: str, blueprint: str, _by: KeeperOrOffice, database: TheDatabase) -> Response:
    """A blueprint as the TOML file it can be read from again."""
    with database.read() as db:
        found = queries.blueprint(db, bank, blueprint)
    if found is None:
        raise NotFound(what=f"blueprint {blueprint} of bank {bank}")
    return _file(blueprint_toml(found).encode(), "application/toml", f"{bank}-blueprint.toml")


def _file(data: bytes, media_type: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(data, media_type=media_type, headers=headers)
