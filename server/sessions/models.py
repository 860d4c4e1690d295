"""A session's row: the plan as registered, and the state as projected from the ledger."""

from sqlmodel import Field, SQLModel


class ExamSession(SQLModel, table=True):
    """One room in one slot. ``state`` follows the lifecycle in ``rules``; instants are UTC milliseconds.

    ``scheme`` is the text of the scheme file as it was when the session was planned: a session pins its version.
    """

    __tablename__ = "exam_session"

    id: str = Field(primary_key=True, max_length=64)
    batch: str = Field(index=True, max_length=64)
    room: str = Field(max_length=64)
    title: str = Field(max_length=200)
    run_type: str = Field(max_length=16)
    scheme_code: str = Field(max_length=64)
    scheme_version: str = Field(max_length=64)
    scheme_digest: str = Field(max_length=64)
    scheme: str
    starts_at: int
    duration_ms: int
    state: str = Field(default="planned", max_length=16, index=True)
    started_at: int | None = None
    ended_at: int | None = None


class SessionSubject(SQLModel, table=True):
    """A subject examined in a session, and the bank and blueprint its papers come from."""

    __tablename__ = "session_subject"

    session: str = Field(primary_key=True, max_length=64)
    subject: str = Field(primary_key=True, max_length=64)
    bank: str = Field(max_length=64)
    blueprint: str = Field(max_length=64)
