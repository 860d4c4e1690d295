"""Bank versions and blueprints as rows; the items themselves are sealed."""

from sqlmodel import Field, SQLModel


class BankVersion(SQLModel, table=True):
    """One version of a bank, never changed in place: a session pins it for ever.

    ``live``: its items are secret, and it opens in formal sessions only. ``sealed`` holds items and outline as JSON
    under the bank key (AES-256-GCM, code and version as associated data).
    """

    __tablename__ = "bank_version"

    code: str = Field(primary_key=True, max_length=64)
    version: str = Field(primary_key=True, max_length=64)
    title: str = Field(max_length=200)
    items: int
    points: int
    live: bool
    imported_at: int
    imported_by: str = Field(max_length=64)
    nonce: str
    sealed: str


class BankBlueprint(SQLModel, table=True):
    """A blueprint beside its bank, as JSON."""

    __tablename__ = "bank_blueprint"

    bank: str = Field(primary_key=True, max_length=64)
    code: str = Field(primary_key=True, max_length=64)
    title: str = Field(max_length=200)
    body: str
