"""Every question asked about stations."""

from sqlmodel import Session, col, select

from server.stations.models import StationRow


def station_by_id(db: Session, station: str) -> StationRow | None:
    """One station."""
    return db.get(StationRow, station)


def stations(db: Session, room: str | None = None) -> list[StationRow]:
    """All stations, or those of a room, by room and seat."""
    query = select(StationRow).order_by(col(StationRow.room), col(StationRow.seat))
    return list(db.exec(query if room is None else query.where(StationRow.room == room)))
