"""Banks as rows: items one by one, sealed; which of them each published version holds; outlines and blueprints.

Nothing sealed here opens without the bank key (AES-256-GCM; nonce first; place and name as associated data). What
stands beside a sealed item says what it is about and where it stands, never what it asks.
"""

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from server.bank.rules import ItemState

_STATES = ", ".join(f"'{state}'" for state in sorted(ItemState))


class Bank(SQLModel, table=True):
    """One bank. ``live``: its items are secret, and it opens in formal sessions only.

    change: counts every change of an item of the bank; rows carry the count of their last one, so that whoever
    holds the bank in memory reads only what is new.
    """

    __tablename__ = "bank"

    code: str = Field(primary_key=True, max_length=64)
    title: str = Field(max_length=200)
    live: bool
    made_at: int
    made_by: str = Field(max_length=64)
    change: int = 0


class BankItem(SQLModel, table=True):
    """One version of one item; its text never changes. ``state`` follows the lifecycle in ``rules``.

    since, until: numbers of the first published version that holds it and of the first that does not any more; None
    when there is none. tags: labels of the workbench, one a line; they are no part of what is drawn and may change.
    """

    __tablename__ = "bank_item"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index("ix_bank_item_change", "bank", "change"),
    )

    bank: str = Field(primary_key=True, max_length=64)
    code: str = Field(primary_key=True, max_length=64)
    version: int = Field(primary_key=True)
    kind: str = Field(max_length=16)
    point: str = Field(max_length=64)
    difficulty: int | None
    tags: str = ""
    state: str = Field(max_length=16)
    made_by: str = Field(max_length=64)
    made_at: int
    proposed_by: str | None = Field(default=None, max_length=64)
    proposed_at: int | None = None
    decided_by: str | None = Field(default=None, max_length=64)
    decided_at: int | None = None
    reason: str | None = Field(default=None, max_length=64)
    since: int | None = None
    until: int | None = None
    change: int
    sealed: bytes


class BankPicture(SQLModel, table=True):
    """One picture of a bank's items, sealed, named by the SHA-256 of its bytes."""

    __tablename__ = "bank_picture"

    bank: str = Field(primary_key=True, max_length=64)
    name: str = Field(primary_key=True, max_length=64)
    media_type: str = Field(max_length=32)
    size: int
    sealed: bytes


class BankOutline(SQLModel, table=True):
    """The content outline of a bank from the published version ``since`` on, sealed."""

    __tablename__ = "bank_outline"

    bank: str = Field(primary_key=True, max_length=64)
    since: int = Field(primary_key=True)
    points: int
    sealed: bytes


class BankVersion(SQLModel, table=True):
    """One published version, never changed: a session pins it for ever.

    ``version``, its name, is a digest of what it holds; a bank that comes back to the same content comes back to the
    same name. It holds the items whose ``since`` and ``until`` enclose its number.
    """

    __tablename__ = "bank_version"

    bank: str = Field(primary_key=True, max_length=64)
    number: int = Field(primary_key=True)
    version: str = Field(max_length=64, index=True)
    items: int
    points: int
    made_at: int
    made_by: str = Field(max_length=64)


class BankBlueprint(SQLModel, table=True):
    """A blueprint beside its bank, as JSON."""

    __tablename__ = "bank_blueprint"

    bank: str = Field(primary_key=True, max_length=64)
    code: str = Field(primary_key=True, max_length=64)
    title: str = Field(max_length=200)
    body: str


class BankPackage(SQLModel, table=True):
    """A sealed session package: made here, or brought here on a stick. ``file`` is the whole of it, ``header`` its own
    text in plain sight; no part of its key was ever kept.
    """

    __tablename__ = "bank_package"

    id: str = Field(primary_key=True, max_length=64)
    digest: str = Field(max_length=64)
    header: str
    made_here: bool
    kept_by: str = Field(max_length=64)
    kept_at: int
    size: int
    file: bytes
