"""The verbs that change sites, rooms and seats."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from server.errors import NotFound, Refused
from server.rooms import queries
from server.rooms.models import RoomRow, SeatRow, SiteRow
from server.rooms.rules import BadLayout, Numbering, Place, places
from server.writer.desk import Desk
from server.writer.registers import changed, new_id


class LayoutRefused(Refused):
    """The layout contradicts itself."""

    code = "bad_layout"
    zh = "机位布局有误：{why}。"
    en = "The layout is not possible: {why}."


class NameTaken(Refused):
    """A site of this name exists."""

    code = "name_taken"
    zh = "名称“{name}”已被使用。"
    en = "The name {name} is taken."


class SeatInUse(Refused):
    """A seat that would go away has a station."""

    code = "seat_in_use"
    zh = "将被取消的机位上有已登记的考试机，请先停用该考试机。"
    en = "A seat that would go away has an enrolled station. Retire the station first."


def add_site(desk: Desk, name: str, address: str, *, by: str) -> SiteRow:
    """Register a site."""
    if desk.db.exec(select(SiteRow).where(SiteRow.name == name)).first() is not None:
        raise NameTaken(name=name)
    row = SiteRow(id=new_id("site"), name=name, address=address)
    desk.db.add(row)
    changed(desk, "site", row.id, "added", by=by, row=row.model_dump())
    return row


def change_site(
    desk: Desk, site: str, *, by: str, name: str | None = None, address: str | None = None
) -> SiteRow:
    """Change what is given."""
    row = desk.db.get(SiteRow, site)
    if row is None:
        raise NotFound(what="考点 site")
    if name is not None and name != row.name:
        if desk.db.exec(select(SiteRow).where(SiteRow.name == name)).first() is not None:
            raise NameTaken(name=name)
        row.name = name
    row.address = row.address if address is None else address
    desk.db.add(row)
    changed(desk, "site", row.id, "changed", by=by, row=row.model_dump())
    return row


def add_room(
    desk: Desk,
    site: str,
    name: str,
    rows: int,
    columns: int,
    numbering: Numbering,
    *,
    by: str,
    gaps: Sequence[tuple[int, int]] = (),
    spare: Sequence[int] = (),
) -> RoomRow:
    """Register a room with its seats; it runs no session before it is approved."""
    if desk.db.get(SiteRow, site) is None:
        raise NotFound(what="考点 site")
    laid = _laid_out(rows, columns, numbering, gaps, spare)
    row = RoomRow(
        id=new_id("room"), site=site, name=name, rows=rows, columns=columns, numbering=numbering.value
    )
    desk.db.add(row)
    desk.db.flush()
    desk.db.add_all([SeatRow(room=row.id, **asdict(place)) for place in laid])
    _audited(desk, row, laid, "added", by)
    return row


def rename_room(desk: Desk, room: str, name: str, *, by: str) -> RoomRow:
    """Give a room another name."""
    row = _row(desk, room)
    row.name = name
    desk.db.add(row)
    _audited(desk, row, queries.seats_of(desk.db, room), "renamed", by)
    return row


def lay_out_room(
    desk: Desk,
    room: str,
    rows: int,
    columns: int,
    numbering: Numbering,
    *,
    by: str,
    gaps: Sequence[tuple[int, int]] = (),
    spare: Sequence[int] = (),
) -> RoomRow:
    """Lay a room out anew: seats keep their numbers, not their places; a seat with a station does not go away."""
    row = _row(desk, room)
    laid = _laid_out(rows, columns, numbering, gaps, spare)
    row.rows, row.columns, row.numbering = rows, columns, numbering.value
    desk.db.add(row)
    last = laid[-1].number
    for seat in desk.db.exec(select(SeatRow).where(SeatRow.room == room, SeatRow.number > last)):
        desk.db.delete(seat)
    try:
        desk.db.flush()
    except IntegrityError as error:
        raise SeatInUse() from error
    for place in laid:
        desk.db.merge(SeatRow(room=room, **asdict(place)))
    _audited(desk, row, laid, "laid_out", by)
    return row


def approve_room(desk: Desk, room: str, approval: str | None, *, by: str) -> RoomRow:
    """Record the approval of a room by its reference, or take it away."""
    row = _row(desk, room)
    row.approval = approval
    desk.db.add(row)
    verb = "approved" if approval else "approval_taken"
    _audited(desk, row, queries.seats_of(desk.db, room), verb, by)
    return row


def _row(desk: Desk, room: str) -> RoomRow:
    row = desk.db.get(RoomRow, room)
    if row is None:
        raise NotFound(what="考场 room")
    return row


def _laid_out(
    rows: int, columns: int, numbering: Numbering, gaps: Sequence[tuple[int, int]], spare: Sequence[int]
) -> list[Place]:
    try:
        return places(rows, columns, numbering, frozenset(gaps), frozenset(spare))
    except BadLayout as error:
        raise LayoutRefused(why=error) from error


def _audited(desk: Desk, row: RoomRow, laid: Sequence[Place], verb: str, by: str) -> None:
    seats = [[place.number, place.row, place.column, place.spare] for place in laid]
    changed(desk, "room", row.id, verb, by=by, row=row.model_dump() | {"seats": seats})
