"""What is said about rulings over HTTP."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from protocol.limits import ID_PATTERN, TEXT_CHARS_MAX
from server.rulings.models import VoidRow

Code = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_CHARS_MAX)]
EVIDENCE_PATTERN = r"^(n[0-9]{1,15}|[0-9a-f]{64})$"
"""An entry by its n or a picture by its digest; what it names stands in entries for ever, so it is no free text."""

Evidence = Annotated[list[Annotated[str, StringConstraints(pattern=EVIDENCE_PATTERN)]], Field(max_length=50)]
Password = Annotated[SecretStr, Field(max_length=200)]

Outcome = dict[str, Any]


class Asked(BaseModel):
    """The base of what is asked: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Said(Asked):
    """Words to a seat."""

    text: Words


class NewFlag(Asked):
    """A suspicion: a ruling code of the scheme, how bad, what was seen (entries by n, pictures by digest), and why."""

    code: Code
    severity: Literal["info", "minor", "major", "severe"]
    evidence: Evidence = []
    reason: Words


class FlagClosing(Asked):
    """A person looked; a dismissal needs its reason."""

    outcome: Literal["dismissed", "acknowledged"]
    reason: Words | None = None


class VoidProposal(Asked):
    """The first of two signatures: who proposes enters their own password again.

    ``statement`` is the candidate's (陈述申辩), or ``statement_declined`` says that there is none (拒签).
    """

    code: Code
    flags: Annotated[list[Code], Field(max_length=50)] = []
    statement: Words | None = None
    statement_declined: bool = False
    reason: Words
    password: Password


class LateVoidProposal(Asked):
    """As :class:`VoidProposal`, by the confirming body after the exam: no flag of the room's is needed."""

    code: Code
    statement: Words | None = None
    statement_declined: bool = False
    reason: Words
    password: Password


class SecondSignature(Asked):
    """The second, different person, at the same console or another."""

    login: Annotated[str, StringConstraints(max_length=40)]
    password: Password


class Withdrawal(Asked):
    """Why a proposal is taken back."""

    reason: Words


class Decision(Asked):
    """The confirming body's 处理决定."""

    outcome: Literal["upheld", "lifted"]
    reason: Words


class FlagShown(BaseModel):
    """One flag, its texts for the people who may read them; instants are UTC milliseconds."""

    flag: str
    code: str
    severity: str
    source: str
    by: str
    at: int
    evidence: list[str]
    reason: str | None
    duration_ms: int | None
    outcome: str | None
    closed_by: str | None
    closed_at: int | None


class VoidShown(BaseModel):
    """One void of an attempt, its texts for the people who may read them."""

    ruling: str
    code: str
    scope: str
    state: str
    flags: list[str]
    statement: str | None
    statement_declined: bool
    by: str
    at: int
    reason: str | None
    signed_by: str | None
    decided_by: str | None
    decided_reason: str | None


class RulingsShown(BaseModel):
    """Everything ruled about one attempt."""

    flags: list[FlagShown]
    voids: list[VoidShown]


class UndecidedVoid(BaseModel):
    """A void the confirming body has to decide."""

    ruling: str
    session: str
    attempt: str
    code: str
    scope: str
    by: str
    signed_by: str | None
    at: int

    @classmethod
    def of(cls, row: VoidRow) -> "UndecidedVoid":
        """From the row."""
        return cls(
            ruling=row.ruling,
            session=row.session,
            attempt=row.attempt,
            code=row.code,
            scope=row.scope,
            by=row.by,
            signed_by=row.signed_by,
            at=row.at,
        )
