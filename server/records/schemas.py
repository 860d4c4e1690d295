"""What a record form says, and what is asked about it over HTTP. Instants are UTC milliseconds."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, SecretStr

from server.records.rules import CorrectedField, Fact
from server.sessions.schemas import Asked, Reason

Outcome = dict[str, Any]


class FieldCorrection(Asked):
    """What is to stand beside a field of the form, and why."""

    field: CorrectedField
    value: Reason
    reason: Reason


class PatrolRecord(Asked):
    """What a patrol saw."""

    text: Reason


class RecordSignature(Asked):
    """Who signs, with their password."""

    login: Annotated[str, Field(min_length=1, max_length=40)]
    password: Annotated[SecretStr, Field(max_length=200)]


class PersonOnForm(BaseModel):
    """A person on duty, and as what; ``relieved_at`` where they did not stay to the end."""

    name: str
    role: str
    relieved_at: int | None = None


class SubjectOnForm(BaseModel):
    """A subject of the session."""

    code: str
    title: str
    minutes: int


class RulesOnForm(BaseModel):
    """Who read the rules and when, or why they were not read."""

    at: int
    by: str
    waived: bool
    reason: str | None


class EventOnForm(BaseModel):
    """One thing that happened; without a seat it concerns the whole room."""

    type: str
    at: int
    seat: int | None
    ticket: str | None
    name: str | None
    by: str | None
    reason: str | None
    facts: dict[str, Fact]


class ViolationOnForm(BaseModel):
    """违纪: a void as far as it has come, with the candidate's statement or that it was declined."""

    seat: int
    ticket: str
    name: str
    code: str
    title: str
    scope: str
    state: str
    at: int
    by: str
    signed_by: str | None
    reason: str | None
    statement: str | None
    statement_declined: bool


class AttemptOnForm(BaseModel):
    """One line of the list of candidates; ``receipt`` is the digest of the answers as the seat handed them in."""

    seat: int
    ticket: str
    name: str
    subject: str
    state: str
    handed_in_at: int | None
    handed_in_by: str | None
    answered: int
    receipt: str | None
    link_losses: int
    offline_ms: int
    machine_changes: int


class CorrectionOnForm(BaseModel):
    """A correction with its reason."""

    field: str
    value: str | None
    by: str
    at: int
    reason: str | None


class RecordForm(BaseModel):
    """考场记录表, filled from the ledger. ``counts`` holds 应到, 实到, 缺考 and the numbers of everything unusual."""

    session: str
    title: str
    batch: str
    room: str
    room_name: str
    scheme: str
    scheme_title: str
    scheme_version: str
    scheme_digest: str
    run_type: str
    subjects: list[SubjectOnForm]
    planned_at: int
    started_at: int | None
    ended_at: int | None
    paused_ms: int
    added_ms: int
    rules: RulesOnForm | None
    start_confirmed_by: list[str]
    staff: list[PersonOnForm]
    counts: dict[str, int]
    attempts: list[AttemptOnForm]
    late: list[EventOnForm]
    events: list[EventOnForm]
    violations: list[ViolationOnForm]
    corrections: list[CorrectionOnForm]
    room_key: str


class SignatureShown(BaseModel):
    """One signature."""

    person: str
    name: str
    at: int


class RecordShown(BaseModel):
    """The form with who signed it. ``may_sign`` is false while something stands in the way, named in ``waiting``."""

    form: RecordForm
    signed: bool
    signatures: list[SignatureShown]
    form_digest: str | None
    heads_digest: str | None
    streams: int
    may_sign: bool
    waiting: list[str]
    correctable: list[str]
