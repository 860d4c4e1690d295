"""One row for each picture a seat announced, or said it could not take; projected from the ledger."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class SnapshotRow(SQLModel, table=True):
    """A picture's facts; its bytes are in the store under ``digest``, once ``received_at`` is there.

    A missed one has a ``missed_cause`` and no digest. ``n`` is the entry that told of it; instants are UTC
    milliseconds.
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        Index("snapshot_attempt", "attempt", "n"),
        Index("snapshot_digest", "digest", "session"),
    )

    n: int = Field(primary_key=True)
    session: str = Field(max_length=64)
    attempt: str = Field(max_length=64)
    digest: str | None = Field(default=None, max_length=64)
    reason: str = Field(max_length=16)
    planned_ms: int | None = None
    taken_at: int
    width: int = 0
    height: int = 0
    size: int = 0
    quality: str = Field(default="", max_length=16)
    missed_cause: str | None = Field(default=None, max_length=16)
    received_at: int | None = None
