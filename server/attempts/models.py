"""An attempt's row, projected from the ledger whenever its state changes; answers stand on the ledger alone."""

from sqlmodel import Field, SQLModel


class AttemptRow(SQLModel, table=True):
    """One candidate's taking of one subject. ``state`` follows the lifecycle in ``rules``."""

    __tablename__ = "attempt"

    id: str = Field(primary_key=True, max_length=64)
    session: str = Field(index=True, max_length=64)
    candidate: str = Field(index=True, max_length=64)
    subject: str = Field(max_length=64)
    seat: int
    state: str = Field(max_length=16)
    station: str | None = Field(default=None, max_length=64)
    handed_in_at: int | None = None
    handed_in_by: str | None = Field(default=None, max_length=32)
