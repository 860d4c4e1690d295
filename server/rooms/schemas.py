"""What is said about places over HTTP."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints
from sqlmodel import Session

from server.people.schemas import Asked
from server.rooms import queries
from server.rooms.models import RoomRow, SiteRow
from server.rooms.rules import COLUMNS_MAX, ROWS_MAX, SEATS_MAX, SITE_SEATS, Numbering, too_few_spare

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class NewSite(Asked):
    """A site to register."""

    name: Name
    address: Line = ""


class SiteChange(Asked):
    """What changes of a site."""

    name: Name | None = None
    address: Line | None = None


class Layout(Asked):
    """Rows and columns, places without a seat as [row, column], and which numbers are spare."""

    rows: Annotated[int, Field(ge=1, le=ROWS_MAX)]
    columns: Annotated[int, Field(ge=1, le=COLUMNS_MAX)]
    numbering: Numbering = Numbering.S_COLUMNS
    gaps: Annotated[list[tuple[int, int]], Field(max_length=ROWS_MAX * COLUMNS_MAX)] = []
    spare: Annotated[list[int], Field(max_length=SEATS_MAX)] = []


class NewRoom(Asked):
    """A room to register."""

    site: str
    name: Name
    layout: Layout


class RoomName(Asked):
    """A room's other name."""

    name: Name


class Approval(Asked):
    """The reference of a room's approval; None takes it away."""

    approval: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None


class SiteShown(BaseModel):
    """A site; its warnings name what the notices ask and it does not have."""

    id: str
    name: str
    address: str
    seats: int
    warnings: list[Literal["few_seats"]]

    @classmethod
    def of(cls, db: Session, row: SiteRow) -> "SiteShown":
        """From the row."""
        seats = queries.seats_at(db, row.id)
        few = seats < SITE_SEATS
        return cls(
            id=row.id,
            name=row.name,
            address=row.address,
            seats=seats,
            warnings=["few_seats"] if few else [],
        )


class SeatShown(BaseModel):
    """One seat in the room's layout."""

    number: int
    row: int
    column: int
    spare: bool


class RoomShown(BaseModel):
    """A room as the seat map draws it."""

    id: str
    site: str
    name: str
    approval: str | None
    rows: int
    columns: int
    numbering: Numbering
    seats: list[SeatShown]
    warnings: list[Literal["few_spare_seats"]]

    @classmethod
    def of(cls, db: Session, row: RoomRow) -> "RoomShown":
        """From the row and its seats."""
        seats = queries.seats_of(db, row.id)
        return cls(
            id=row.id,
            site=row.site,
            name=row.name,
            approval=row.approval,
            rows=row.rows,
            columns=row.columns,
            numbering=Numbering(row.numbering),
            seats=[
                SeatShown(number=one.number, row=one.row, column=one.column, spare=one.spare) for one in seats
            ],
            warnings=["few_spare_seats"] if too_few_spare(seats) else [],
        )
