"""Candidates as registered."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.candidates.rules import DocumentType

_TYPES = ", ".join(repr(one.value) for one in DocumentType)


class Candidate(SQLModel, table=True):
    """考生. ``document`` and ``name`` are kept as they came, ``document_key`` is what is compared.

    ``photo`` names the registered photo in the store. Occupation, level and resit are those of the newest roster.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("document_type", "document_key", name="candidate_document"),
        CheckConstraint(f"document_type IN ({_TYPES})", name="document_type_is_known"),
        CheckConstraint("sex IN ('male', 'female')", name="sex_is_known"),
    )

    id: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=100)
    document_type: str = Field(max_length=32)
    document: str = Field(max_length=60)
    document_key: str = Field(max_length=60)
    ticket: str = Field(unique=True, max_length=40)
    sex: str | None = Field(default=None, max_length=8)
    employer: str = Field(default="", max_length=200)
    institution: str = Field(default="", max_length=200)
    occupation: str = Field(default="", max_length=100)
    level: str = Field(default="", max_length=8)
    resit: bool = False
    photo: str | None = Field(default=None, max_length=64)
