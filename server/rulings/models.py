"""Rows of flags and voids, projected from the ledger for questions that reach over sessions."""

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel


class FlagRow(SQLModel, table=True):
    """One flag; open while ``outcome`` is NULL."""

    __tablename__ = "flag"

    id: str = Field(primary_key=True, max_length=64)
    session: str = Field(index=True, max_length=64)
    attempt: str = Field(index=True, max_length=64)
    code: str = Field(max_length=64)
    severity: str = Field(max_length=16)
    source: str = Field(max_length=16)
    at: int
    outcome: str | None = Field(default=None, max_length=16)


class VoidRow(SQLModel, table=True):
    """What one ruling does to one attempt: ``proposed → signed → upheld | lifted``, or ``proposed → withdrawn``.

    A standing row (signed, upheld) of scope ``batch`` bars the candidate from later sessions of the batch.
    """

    __tablename__ = "void"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'signed', 'withdrawn', 'upheld', 'lifted')", name="void_state"
        ),
        Index("void_candidate", "candidate", "batch"),
    )

    ruling: str = Field(primary_key=True, max_length=64)
    attempt: str = Field(primary_key=True, max_length=64)
    session: str = Field(index=True, max_length=64)
    candidate: str = Field(max_length=64)
    batch: str = Field(max_length=64)
    code: str = Field(max_length=64)
    scope: str = Field(max_length=16)
    state: str = Field(max_length=16, index=True)
    by: str = Field(max_length=64)
    signed_by: str | None = Field(default=None, max_length=64)
    decided_by: str | None = Field(default=None, max_length=64)
    at: int
