"""Logging in, the register of people, and who is on duty in a session."""

from typing import Any

from fastapi import APIRouter, Request, Response

from server.people import actions, queries
from server.people.access import (
    Administrator,
    CommandId,
    Me,
    NotTheBank,
    OfficeOrAdministrator,
    ThePasswords,
    give_cookie,
    login_token,
    take_cookie,
)
from server.people.rules import Role
from server.people.schemas import (
    Duty,
    LogIn,
    NewPassword,
    NewPerson,
    OnDutyShown,
    OwnPassword,
    PersonChange,
    PersonShown,
    Roles,
    person_json,
    staff_json,
)
from server.web import TheDatabase, TheSettings, TheWriter

ROUTER = APIRouter(prefix="/api", tags=["people"])


@ROUTER.post("/login")
async def log_in(
    asked: LogIn,
    request: Request,
    response: Response,
    passwords: ThePasswords,
    writer: TheWriter,
    settings: TheSettings,
) -> PersonShown:
    """Open a login; its token travels in a cookie only."""
    person = await passwords.check(asked.login, asked.password)
    hours = settings.logins.hours
    token = await writer.submit(lambda desk: actions.open_login(desk, person.id, hours))
    give_cookie(request, response, token, hours)
    return PersonShown.of(person)


@ROUTER.post("/logout", status_code=204)
async def log_out(request: Request, response: Response, writer: TheWriter) -> None:
    """End this login; harmless when there is none."""
    token = login_token(request)
    if token is not None:
        await writer.submit(lambda desk: actions.close_login(desk, token))
    take_cookie(request, response)


@ROUTER.get("/me")
def me(person: Me) -> PersonShown:
    """Who is logged in."""
    return PersonShown.of(person)


@ROUTER.post("/me/password", status_code=204)
async def change_own_password(
    asked: OwnPassword, person: Me, passwords: ThePasswords, writer: TheWriter
) -> None:
    """Replace one's own password; every login of theirs ends, this one too."""
    await actions.check_password(passwords, person.login, asked.old, at=person)
    hashed = await passwords.hash(asked.new)
    await writer.submit(lambda desk: actions.set_password(desk, person.id, hashed, by=person.id))


@ROUTER.get("/people")
def people(_by: OfficeOrAdministrator, database: TheDatabase) -> list[PersonShown]:
    """Everybody, by login name."""
    with database.read() as db:
        return [PersonShown.of(person) for person in queries.people(db)]


@ROUTER.post("/people", status_code=201, response_model=PersonShown)
async def add_person(
    asked: NewPerson, by: Administrator, command: CommandId, passwords: ThePasswords, writer: TheWriter
) -> dict[str, Any]:
    """Register a person."""
    hashed = await passwords.hash(asked.password)
    return await writer.submit(
        lambda desk: person_json(
            actions.add_person(
                desk,
                login=asked.login,
                display_name=asked.display_name,
                roles=asked.roles,
                password_hash=hashed,
                by=by.id,
                employer=asked.employer,
                institution=asked.institution,
            )
        ),
        command=command,
    )


@ROUTER.patch("/people/{person_id}", response_model=PersonShown)
async def change_person(
    person_id: str, asked: PersonChange, by: Administrator, command: CommandId, writer: TheWriter
) -> dict[str, Any]:
    """Change a person's name, employer or institution, or whether they are active."""
    given = asked.model_dump(exclude_unset=True)
    return await writer.submit(
        lambda desk: person_json(actions.change_person(desk, person_id, by=by.id, **given)), command=command
    )


@ROUTER.put("/people/{person_id}/roles", response_model=PersonShown)
async def set_roles(
    person_id: str, asked: Roles, by: Administrator, command: CommandId, writer: TheWriter
) -> dict[str, Any]:
    """Give a person exactly these roles."""
    return await writer.submit(
        lambda desk: person_json(actions.set_roles(desk, person_id, asked.roles, by=by.id)), command=command
    )


@ROUTER.put("/people/{person_id}/password", status_code=204)
async def set_password(
    person_id: str, asked: NewPassword, by: Administrator, passwords: ThePasswords, writer: TheWriter
) -> None:
    """Replace a person's password; every login of theirs ends."""
    hashed = await passwords.hash(asked.password)
    await writer.submit(lambda desk: actions.set_password(desk, person_id, hashed, by=by.id))


@ROUTER.get("/sessions/{session}/staff")
def staff(session: str, _by: NotTheBank, database: TheDatabase) -> list[OnDutyShown]:
    """Who is on duty in a session, and who was relieved of it."""
    with database.read() as db:
        return [OnDutyShown.of(one) for one in queries.all_staff_of(db, session)]


@ROUTER.post("/sessions/{session}/staff", response_model=list[OnDutyShown])
async def assign_staff(
    session: str, asked: Duty, by: OfficeOrAdministrator, command: CommandId, writer: TheWriter
) -> list[dict[str, Any]]:
    """Put a person on duty in a session, in a role they hold."""
    return await writer.submit(
        lambda desk: staff_json(actions.assign_staff(desk, session, asked.person, asked.role, by=by.id)),
        command=command,
    )


@ROUTER.delete("/sessions/{session}/staff/{person_id}/{role}", response_model=list[OnDutyShown])
async def relieve_staff(
    session: str, person_id: str, role: Role, by: OfficeOrAdministrator, command: CommandId, writer: TheWriter
) -> list[dict[str, Any]]:
    """Take a person off duty."""
    return await writer.submit(
        lambda desk: staff_json(actions.relieve_staff(desk, session, person_id, role, by=by.id)),
        command=command,
    )
