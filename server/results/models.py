"""A result's row, projected from the ledger; a voided attempt keeps its score underneath."""

from sqlmodel import Field, SQLModel


class ResultRow(SQLModel, table=True):
    """One attempt's result; scores in hundredths, ``state`` follows the lifecycle in ``rules``."""

    __tablename__ = "result"

    attempt: str = Field(primary_key=True, max_length=64)
    session: str = Field(index=True, max_length=64)
    state: str = Field(max_length=16)
    score: int | None = None
    max_score: int | None = None
    scored_at: int | None = None
    confirmed_at: int | None = None
    confirmed_by: str | None = Field(default=None, max_length=64)
