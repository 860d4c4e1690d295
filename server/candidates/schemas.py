"""What is said about candidates over HTTP; document numbers are masked but for the one route that records who asked."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from server.candidates.models import Candidate
from server.candidates.roster import LINE_CHARS_MAX, SEAT_MAX, TICKET_CHARS_MAX, Line, Roster
from server.candidates.rules import (
    NAME_CHARS_MAX,
    DocumentType,
    Level,
    Sex,
    document_key,
    masked_document,
)
from server.people.schemas import Asked

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_CHARS_MAX)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LINE_CHARS_MAX)]
Occupation = Annotated[str, StringConstraints(strip_whitespace=True, max_length=NAME_CHARS_MAX)]
DocumentNumber = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Ticket = Annotated[str, StringConstraints(pattern=rf"^[A-Za-z0-9-]{{1,{TICKET_CHARS_MAX}}}$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LINE_CHARS_MAX)]


class NewCandidate(Asked):
    """A candidate to register by hand."""

    name: Name
    document_type: DocumentType = DocumentType.RESIDENT_ID
    document: DocumentNumber
    ticket: Ticket
    sex: Sex | None = None
    employer: Text = ""
    institution: Text = ""
    occupation: Occupation = ""
    level: Level | Literal[""] = ""
    resit: bool = False

    def line(self) -> Line:
        """As a roster would have it."""
        return Line(
            row=0,
            document_key=document_key(self.document),
            subjects=(),
            seat=None,
            **self.model_dump(),
        )


class CandidateChange(Asked):
    """What changes of a candidate; what is left out stays."""

    name: Name | None = None
    document_type: DocumentType | None = None
    document: DocumentNumber | None = None
    ticket: Ticket | None = None
    sex: Sex | None = None
    employer: Text | None = None
    institution: Text | None = None
    occupation: Occupation | None = None
    level: Level | Literal[""] | None = None
    resit: bool | None = None


class DocumentAsked(Asked):
    """Why somebody needs a full document number."""

    reason: Reason


class DocumentShown(BaseModel):
    """A full document number."""

    document_type: DocumentType
    document: str


class CandidateShown(BaseModel):
    """A candidate as screens show them."""

    id: str
    name: str
    document_type: DocumentType
    document_masked: str
    ticket: str
    sex: Sex | None
    employer: str
    institution: str
    occupation: str
    level: str
    resit: bool
    has_photo: bool

    @classmethod
    def of(cls, row: Candidate) -> "CandidateShown":
        """From the row."""
        return cls(
            id=row.id,
            name=row.name,
            document_type=DocumentType(row.document_type),
            document_masked=masked_document(row.document),
            ticket=row.ticket,
            sex=Sex(row.sex) if row.sex else None,
            employer=row.employer,
            institution=row.institution,
            occupation=row.occupation,
            level=row.level,
            resit=row.resit,
            has_photo=row.photo is not None,
        )


class ListedShown(BaseModel):
    """One line of a taken roster: what a session needs to expect this candidate."""

    row: int
    candidate: str
    ticket: str
    name: str
    subjects: list[str]
    seat: Annotated[int, Field(ge=1, le=SEAT_MAX)] | None


class ProblemShown(BaseModel):
    """One problem of a file."""

    sheet: str
    row: int
    column: str
    cell: str
    found: str
    code: str
    zh: str
    en: str


class RosterTaken(BaseModel):
    """What became of a roster."""

    added: int
    changed: int
    unchanged: int
    lines: list[ListedShown]
    warnings: list[ProblemShown]


class PhotosTaken(BaseModel):
    """What became of a zip of photos; ``without_photo`` counts those of the register who still lack one."""

    photos: int
    without_photo: int


def listed_json(roster: Roster, ids: dict[tuple[str, str], Candidate]) -> list[dict[str, Any]]:
    """The lines of a taken roster with their candidates, as JSON values."""
    return [
        {
            "row": line.row,
            "candidate": ids[line.document_type.value, line.document_key].id,
            "ticket": line.ticket,
            "name": line.name,
            "subjects": list(line.subjects),
            "seat": line.seat,
        }
        for line in roster.lines
    ]
