"""The windows of a review as they were counted: a deadline keeps the calendar it was counted with."""

from sqlmodel import Field, SQLModel


class ReviewWindowRow(SQLModel, table=True):
    """One window of one session that has begun. ``at_ms`` None: the calendar of ``missing_year`` is not known."""

    __tablename__ = "review_window"

    session: str = Field(primary_key=True, max_length=64)
    name: str = Field(primary_key=True, max_length=64)
    since_at: int
    last_day: str | None = Field(default=None, max_length=10)
    at_ms: int | None = None
    missing_year: int | None = None
    calendar_version: str = Field(max_length=200)
