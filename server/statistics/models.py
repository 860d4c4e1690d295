"""Statistics as they were computed last: they say which option is right, so they rest sealed."""

from sqlmodel import Field, SQLModel


class SubjectStatistics(SQLModel, table=True):
    """One subject of one session: JSON under a key derived from the session's secret (AES-256-GCM).

    ``basis``: digest of the scores it was computed from; where they are others by now it is computed anew.
    """

    __tablename__ = "subject_statistics"

    session: str = Field(primary_key=True, max_length=64)
    subject: str = Field(primary_key=True, max_length=64)
    bank: str = Field(index=True, max_length=64)
    basis: str = Field(max_length=64)
    made_at: int
    nonce: str
    sealed: str
