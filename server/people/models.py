"""People, their roles, their logins, and who is on duty in which session."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from server.people.rules import ON_DUTY, Role


def _one_of(column: str, words: frozenset[Role]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in sorted(words))})"


class PersonRow(SQLModel, table=True):
    """One person. Nobody is deleted: who left is no longer ``active`` and cannot log in."""

    __tablename__ = "person"

    id: str = Field(primary_key=True, max_length=64)
    login: str = Field(unique=True, max_length=40)
    display_name: str = Field(max_length=100)
    employer: str = Field(default="", max_length=200)
    institution: str = Field(default="", max_length=200)
    password_hash: str = Field(max_length=200)
    active: bool = True
    created_at: int


class RoleRow(SQLModel, table=True):
    """One role of one person."""

    __tablename__ = "person_role"
    __table_args__ = (CheckConstraint(_one_of("role", frozenset(Role)), name="role_is_known"),)

    person: str = Field(primary_key=True, max_length=64, foreign_key="person.id")
    role: str = Field(primary_key=True, max_length=32)


class LoginRow(SQLModel, table=True):
    """A login, by the SHA-256 of its token; the token itself is the browser's alone."""

    __tablename__ = "login"

    token_digest: str = Field(primary_key=True, max_length=64)
    person: str = Field(index=True, max_length=64, foreign_key="person.id")
    opened_at: int
    expires_at: int


class StaffRow(SQLModel, table=True):
    """One person on duty in one session, in one role; who was relieved stays, with when and by whom."""

    __tablename__ = "session_staff"
    __table_args__ = (CheckConstraint(_one_of("role", ON_DUTY), name="role_is_on_duty"),)

    session: str = Field(primary_key=True, max_length=64, foreign_key="exam_session.id")
    person: str = Field(primary_key=True, max_length=64, foreign_key="person.id")
    role: str = Field(primary_key=True, max_length=32)
    relieved_at: int | None = None
    """UTC ms; None: on duty."""
    relieved_by: str | None = Field(default=None, max_length=64)
