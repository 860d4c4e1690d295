"""The sealed texts of corrections: they name keys, and keys rest under the session's secret."""

from sqlmodel import Field, SQLModel


class KeyCorrectionRow(SQLModel, table=True):
    """What one correction says, in one session: JSON under a key derived from the session's secret (AES-256-GCM).

    The ledger names it by ``content``, the SHA-256 over nonce and sealed text, which tells nothing of a key.
    """

    __tablename__ = "key_correction"

    session: str = Field(primary_key=True, max_length=64)
    correction: str = Field(primary_key=True, max_length=64)
    content: str = Field(max_length=64)
    nonce: str
    sealed: str
