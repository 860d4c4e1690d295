"""What is said about people over HTTP."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from server.people.rules import PASSWORD_CHARS_MAX, OnDuty, Person, Role

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Organisation = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
LoginName = Annotated[str, Field(min_length=1, max_length=100)]
Password = Annotated[str, Field(min_length=1, max_length=PASSWORD_CHARS_MAX)]


class Asked(BaseModel):
    """The base of what is asked: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class LogIn(Asked):
    """Login name and password."""

    login: LoginName
    password: Password


class NewPerson(Asked):
    """A person to register."""

    login: LoginName
    display_name: Name
    roles: set[Role] = set()
    employer: Organisation = ""
    institution: Organisation = ""
    password: Password


class PersonChange(Asked):
    """What changes of a person; what is left out stays."""

    display_name: Name | None = None
    employer: Organisation | None = None
    institution: Organisation | None = None
    active: bool | None = None


class Roles(Asked):
    """Exactly these roles."""

    roles: set[Role]


class NewPassword(Asked):
    """A password set by an administrator."""

    password: Password


class OwnPassword(Asked):
    """A person's own new password, with the old one."""

    old: Password
    new: Password


class Duty(Asked):
    """A person on duty in a session."""

    person: str
    role: Role


class PersonShown(BaseModel):
    """A person as screens show them."""

    id: str
    login: str
    display_name: str
    roles: list[Role]
    employer: str
    institution: str
    active: bool

    @classmethod
    def of(cls, person: Person) -> "PersonShown":
        """From the person."""
        return cls(
            id=person.id,
            login=person.login,
            display_name=person.display_name,
            roles=sorted(person.roles),
            employer=person.employer,
            institution=person.institution,
            active=person.active,
        )


class OnDutyShown(BaseModel):
    """Who is on duty in a session, or was until ``relieved_at``."""

    person: PersonShown
    role: Role
    relieved_at: int | None

    @classmethod
    def of(cls, one: OnDuty) -> "OnDutyShown":
        """From the assignment."""
        return cls(person=PersonShown.of(one.person), role=one.role, relieved_at=one.relieved_at)


def person_json(person: Person) -> dict[str, Any]:
    """A person as JSON values, for the outcome of a command."""
    return PersonShown.of(person).model_dump(mode="json")


def staff_json(staff: list[OnDuty]) -> list[dict[str, Any]]:
    """Who is on duty as JSON values."""
    return [OnDutyShown.of(one).model_dump(mode="json") for one in staff]
