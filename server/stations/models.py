"""Stations, and the secrets by which they enrol."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from server.stations.rules import StationState

_STATES = ", ".join(repr(one.value) for one in StationState)


class StationRow(SQLModel, table=True):
    """The machine at a seat: ``expected → enrolled → retired``.

    ``public_key`` is that of the newest enrolment; None until there was one, and once the station is retired.
    """

    __tablename__ = "station"
    __table_args__ = (
        ForeignKeyConstraint(["room", "seat"], ["seat.room", "seat.number"], name="station_seat"),
        CheckConstraint(f"state IN ({_STATES})", name="state_is_known"),
        CheckConstraint("(state = 'enrolled') = (public_key IS NOT NULL)", name="enrolled_has_key"),
    )

    id: str = Field(primary_key=True, max_length=64)
    room: str = Field(index=True, max_length=64)
    seat: int
    state: str = Field(default=StationState.EXPECTED, max_length=16)
    public_key: str | None = Field(default=None, max_length=44)
    enrolled_at: int | None = None


class SecretRow(SQLModel, table=True):
    """The newest secret of a station. ``used_by`` is the key that enrolled with it; ``issued_by`` answers for it."""

    __tablename__ = "enrolment_secret"

    station: str = Field(primary_key=True, max_length=64, foreign_key="station.id")
    digest: str = Field(max_length=64)
    expires_at: int
    issued_by: str = Field(max_length=64)
    used_by: str | None = Field(default=None, max_length=44)
