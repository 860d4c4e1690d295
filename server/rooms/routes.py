"""The register of sites, rooms and seats."""

from typing import Annotated, Any

from fastapi import APIRouter

from server.errors import NotFound
from server.people.access import CommandId, ExamOffice, Me, requires
from server.people.rules import Person, Role
from server.rooms import actions, queries
from server.rooms.models import RoomRow, SiteRow
from server.rooms.schemas import (
    Approval,
    Layout,
    NewRoom,
    NewSite,
    RoomName,
    RoomShown,
    SiteChange,
    SiteShown,
)
from server.web import TheDatabase, TheWriter
from server.writer.desk import Desk

ROUTER = APIRouter(prefix="/api", tags=["rooms"])

Approver = Annotated[Person, requires(Role.EXAM_OFFICE, Role.CONFIRMING_BODY)]


@ROUTER.get("/sites")
def sites(_me: Me, database: TheDatabase) -> list[SiteShown]:
    """All sites, by name."""
    with database.read() as db:
        return [SiteShown.of(db, row) for row in queries.sites(db)]


@ROUTER.post("/sites", status_code=201, response_model=SiteShown)
async def add_site(asked: NewSite, by: ExamOffice, command: CommandId, writer: TheWriter) -> dict[str, Any]:
    """Register a site."""
    return await writer.submit(
        lambda desk: _site(desk, actions.add_site(desk, asked.name, asked.address, by=by.id)), command=command
    )


@ROUTER.patch("/sites/{site}", response_model=SiteShown)
async def change_site(
    site: str, asked: SiteChange, by: ExamOffice, command: CommandId, writer: TheWriter
) -> dict[str, Any]:
    """Change a site's name or address."""
    return await writer.submit(
        lambda desk: _site(
            desk, actions.change_site(desk, site, name=asked.name, address=asked.address, by=by.id)
        ),
        command=command,
    )


@ROUTER.get("/rooms")
def rooms(_me: Me, database: TheDatabase) -> list[RoomShown]:
    """All rooms with their seats, by name."""
    with database.read() as db:
        return [RoomShown.of(db, row) for row in queries.rooms(db)]


@ROUTER.get("/rooms/{room}")
def room(room: str, _me: Me, database: TheDatabase) -> RoomShown:
    """One room with its seats."""
    with database.read() as db:
        row = queries.room_by_id(db, room)
        if row is None:
            raise NotFound(what="考场 room")
        return RoomShown.of(db, row)


@ROUTER.post("/rooms", status_code=201, response_model=RoomShown)
async def add_room(asked: NewRoom, by: ExamOffice, command: CommandId, writer: TheWriter) -> dict[str, Any]:
    """Register a room; it runs no session before it is approved."""
    return await writer.submit(
        lambda desk: _room(
            desk,
            actions.add_room(desk, asked.site, asked.name, **_laid_out(asked.layout), by=by.id),
        ),
        command=command,
    )


@ROUTER.patch("/rooms/{room}", response_model=RoomShown)
async def rename_room(
    room: str, asked: RoomName, by: ExamOffice, command: CommandId, writer: TheWriter
) -> dict[str, Any]:
    """Give a room another name."""
    return await writer.submit(
        lambda desk: _room(desk, actions.rename_room(desk, room, asked.name, by=by.id)), command=command
    )


@ROUTER.put("/rooms/{room}/layout", response_model=RoomShown)
async def lay_out_room(
    room: str, asked: Layout, by: ExamOffice, command: CommandId, writer: TheWriter
) -> dict[str, Any]:
    """Lay a room out anew."""
    return await writer.submit(
        lambda desk: _room(desk, actions.lay_out_room(desk, room, **_laid_out(asked), by=by.id)),
        command=command,
    )


@ROUTER.put("/rooms/{room}/approval", response_model=RoomShown)
async def approve_room(
    room: str, asked: Approval, by: Approver, command: CommandId, writer: TheWriter
) -> dict[str, Any]:
    """Record a room's approval by its reference, or take it away."""
    return await writer.submit(
        lambda desk: _room(desk, actions.approve_room(desk, room, asked.approval, by=by.id)), command=command
    )


def _laid_out(layout: Layout) -> dict[str, Any]:
    return {
        "rows": layout.rows,
        "columns": layout.columns,
        "numbering": layout.numbering,
        "gaps": layout.gaps,
        "spare": layout.spare,
    }


def _site(desk: Desk, row: SiteRow) -> dict[str, Any]:
    return SiteShown.of(desk.db, row).model_dump(mode="json")


def _room(desk: Desk, row: RoomRow) -> dict[str, Any]:
    desk.db.flush()
    return RoomShown.of(desk.db, row).model_dump(mode="json")
