"""Every question asked about places."""

from sqlmodel import Session, col, func, select

from server.rooms.models import RoomRow, SeatRow, SiteRow
from server.rooms.rules import Place


def sites(db: Session) -> list[SiteRow]:
    """All sites, by name."""
    return list(db.exec(select(SiteRow).order_by(SiteRow.name)))


def rooms(db: Session) -> list[RoomRow]:
    """All rooms, by name."""
    return list(db.exec(select(RoomRow).order_by(RoomRow.name)))


def room_by_id(db: Session, room: str) -> RoomRow | None:
    """One room."""
    return db.get(RoomRow, room)


def seats_of(db: Session, room: str) -> list[Place]:
    """A room's seats by number."""
    rows = db.exec(select(SeatRow).where(SeatRow.room == room).order_by(col(SeatRow.number)))
    return [Place(row.number, row.row, row.column, row.spare) for row in rows]


def seats_at(db: Session, site: str) -> int:
    """Seats of all rooms of a site together."""
    query = (
        select(func.count())
        .select_from(SeatRow)
        .join(RoomRow, col(RoomRow.id) == col(SeatRow.room))
        .where(RoomRow.site == site)
    )
    return db.exec(query).one()
