"""Sealed papers, the draw they came from, and the secret they hang on."""

from sqlmodel import Field, SQLModel


class Paper(SQLModel, table=True):
    """One attempt's paper, or a spare. ``sealed`` is what the seat gets; ``record`` what scoring needs, under another
    key. A spare is sealed for a place of its own, ``spare`` from 1; given to an attempt (``given_to``) it is sealed
    anew for it, and stays as it was drawn. ``drawn`` names items and orders, ``digest`` what was sealed.
    """

    __tablename__ = "paper"

    attempt: str = Field(primary_key=True, max_length=64)
    session: str = Field(index=True, max_length=64)
    subject: str = Field(default="", max_length=64)
    spare: int = 0
    drawn: str = Field(default="", max_length=64)
    given_to: str | None = Field(default=None, max_length=64)
    items: int
    digest: str = Field(max_length=64)
    nonce: str
    sealed: str
    record_nonce: str
    record: str


class PaperDraw(SQLModel, table=True):
    """One draw of one subject of a session: its commitment, what was committed to, and the report of how alike
    the papers are. ``inputs`` name items by code and digest; with the secret, revealed after the session, they prove
    every paper. ``counted``: what was sat of it stands in ``item_exposure``.
    """

    __tablename__ = "paper_draw"

    session: str = Field(primary_key=True, max_length=64)
    subject: str = Field(primary_key=True, max_length=64)
    bank: str = Field(max_length=64)
    bank_version: str = Field(max_length=64)
    commitment: str = Field(max_length=64)
    inputs: str
    report: str
    counted: bool = False


class SessionSecret(SQLModel, table=True):
    """The session's own secret, wrapped by the room key: start, restart and scoring never need the bank key."""

    __tablename__ = "session_secret"

    session: str = Field(primary_key=True, max_length=64)
    nonce: str
    wrapped: str


class DrawPromise(SQLModel, table=True):
    """The server's part of a session's draw secret, made when the session is planned and wrapped by the room key;
    ``digest`` stands on the ledger from then on.
    """

    __tablename__ = "draw_promise"

    session: str = Field(primary_key=True, max_length=64)
    digest: str = Field(max_length=64)
    nonce: str
    wrapped: str


class DrawPart(SQLModel, table=True):
    """A person's part of a session's draw secret, ``number`` 1 or 2, with its salt wrapped by the room key.

    ``digest`` stands on the ledger; part and salt are revealed after the session.
    """

    __tablename__ = "draw_part"

    session: str = Field(primary_key=True, max_length=64)
    number: int = Field(primary_key=True)
    person: str = Field(max_length=64)
    at: int
    digest: str = Field(max_length=64)
    nonce: str
    wrapped: str


class ItemExposure(SQLModel, table=True):
    """On how many sat papers of one past session an item was; written after the session is over, never before."""

    __tablename__ = "item_exposure"

    session: str = Field(primary_key=True, max_length=64)
    subject: str = Field(primary_key=True, max_length=64)
    item: str = Field(primary_key=True, max_length=64)
    bank: str = Field(index=True, max_length=64)
    papers: int
