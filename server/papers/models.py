"""Sealed papers, the draw they came from, and the secret they hang on."""

from sqlmodel import Field, SQLModel


class Paper(SQLModel, table=True):
    """One attempt's paper. ``sealed`` is what the seat gets; ``record`` what scoring needs, under another key."""

    __tablename__ = "paper"

    attempt: str = Field(primary_key=True, max_length=64)
    session: str = Field(index=True, max_length=64)
    items: int
    digest: str = Field(max_length=64)
    nonce: str
    sealed: str
    record_nonce: str
    record: str


class PaperDraw(SQLModel, table=True):
    """One draw of one subject of a session: its commitment, what was committed to, and the report of how alike
    the papers are. ``inputs`` name items by code and digest; with the secret, revealed after the session, they prove
    every paper.
    """

    __tablename__ = "paper_draw"

    session: str = Field(primary_key=True, max_length=64)
    subject: str = Field(primary_key=True, max_length=64)
    bank: str = Field(max_length=64)
    bank_version: str = Field(max_length=64)
    commitment: str = Field(max_length=64)
    inputs: str
    report: str


class SessionSecret(SQLModel, table=True):
    """The session's own secret, wrapped by the room key: start, restart and scoring never need the bank key."""

    __tablename__ = "session_secret"

    session: str = Field(primary_key=True, max_length=64)
    nonce: str
    wrapped: str
