"""Sites, rooms and seats."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from server.rooms.rules import Numbering

_NUMBERINGS = ", ".join(repr(one.value) for one in Numbering)


class SiteRow(SQLModel, table=True):
    """考点: a place with rooms."""

    __tablename__ = "site"

    id: str = Field(primary_key=True, max_length=64)
    name: str = Field(unique=True, max_length=100)
    address: str = Field(default="", max_length=200)


class RoomRow(SQLModel, table=True):
    """考场: ``approval`` is the reference of its approval; a room without one runs no session."""

    __tablename__ = "room"
    __table_args__ = (CheckConstraint(f"numbering IN ({_NUMBERINGS})", name="numbering_is_known"),)

    id: str = Field(primary_key=True, max_length=64)
    site: str = Field(index=True, max_length=64, foreign_key="site.id")
    name: str = Field(max_length=100)
    approval: str | None = Field(default=None, max_length=200)
    rows: int
    columns: int
    numbering: str = Field(max_length=16)


class SeatRow(SQLModel, table=True):
    """机位: a numbered place."""

    __tablename__ = "seat"

    room: str = Field(primary_key=True, max_length=64, foreign_key="room.id")
    number: int = Field(primary_key=True)
    row: int
    column: int
    spare: bool = False
