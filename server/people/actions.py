"""The verbs that change people, their logins and their duties."""

import hashlib
import secrets
from collections.abc import Set
from dataclasses import asdict

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select

from server.errors import NotFound, Refused
from server.people import queries
from server.people.models import LoginRow, PersonRow, RoleRow, StaffRow
from server.people.passwords import Passwords
from server.people.rules import LOGIN, ON_DUTY, OnDuty, Person, Role, conflict
from server.writer.desk import Desk
from server.writer.registers import changed, new_id


class LoginTaken(Refused):
    """Somebody has this login name."""

    code = "login_taken"
    zh = "登录名“{login}”已被使用。"
    en = "The login name {login} is taken."


class BadLogin(Refused):
    """A login name has another shape."""

    code = "bad_login"
    zh = "登录名应为 2 至 40 个小写字母、数字或 . _ -，以字母或数字开头。"
    en = "A login name is 2 to 40 small letters, digits or . _ - and begins with a letter or digit."


class DutiesNotSeparate(Refused):
    """The bank keeper's role goes with none that sees a live room."""

    code = "duties_not_separate"
    zh = "职责分离：题库管理不得兼任 {role}。"
    en = "Duties are separate: a bank keeper cannot also be {role}."


class OwnRoles(Refused):
    """Nobody changes their own roles."""

    code = "own_roles"
    zh = "不能更改自己的角色，请由另一位系统管理员办理。"
    en = "Nobody changes their own roles. Ask another administrator."


class LastAdministrator(Refused):
    """The room keeps one administrator."""

    code = "last_administrator"
    zh = "至少要保留一名在用的系统管理员。"
    en = "One active administrator must remain."


class RoleNotHeld(Refused):
    """A person is on duty only in a role they hold."""

    code = "role_not_held"
    zh = "{name} 不具有角色 {role}。"
    en = "{name} does not hold the role {role}."


async def check_password(passwords: Passwords, login: str, password: str, *, at: Person) -> Person:
    """The person of a login name and password, to sign at this person's console; raises WrongPassword, TooManyTries."""
    return await passwords.check(login, password, at=at.id)


def add_person(
    desk: Desk,
    *,
    login: str,
    display_name: str,
    roles: Set[Role],
    password_hash: str,
    by: str,
    employer: str = "",
    institution: str = "",
) -> Person:
    """Register a person."""
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise BadLogin()
    if queries.by_login(desk.db, login) is not None:
        raise LoginTaken(login=login)
    _refuse_conflict(roles)
    row = PersonRow(
        id=new_id("person"),
        login=login,
        display_name=display_name,
        employer=employer,
        institution=institution,
        password_hash=password_hash,
        created_at=desk.now,
    )
    desk.db.add(row)
    desk.db.flush()
    desk.db.add_all([RoleRow(person=row.id, role=role) for role in sorted(roles)])
    return _audited(desk, row.id, "added", by)


def change_person(
    desk: Desk,
    person_id: str,
    *,
    by: str,
    display_name: str | None = None,
    employer: str | None = None,
    institution: str | None = None,
    active: bool | None = None,
) -> Person:
    """Change what is given; who is no longer active loses every login."""
    row = _row(desk, person_id)
    for name, value in (("display_name", display_name), ("employer", employer), ("institution", institution)):
        if value is not None:
            setattr(row, name, value)
    if active is False:
        _keep_an_administrator(desk, person_id)
        _end_logins(desk, person_id)
    if active is not None:
        row.active = active
    desk.db.add(row)
    return _audited(desk, person_id, "changed", by)


def set_roles(desk: Desk, person_id: str, roles: Set[Role], *, by: str) -> Person:
    """Give a person exactly these roles."""
    row = _row(desk, person_id)
    if person_id == by:
        raise OwnRoles()
    _refuse_conflict(roles)
    if Role.ADMINISTRATOR not in roles:
        _keep_an_administrator(desk, person_id)
    desk.db.exec(delete(RoleRow).where(col(RoleRow.person) == row.id))
    desk.db.add_all([RoleRow(person=row.id, role=role) for role in sorted(roles)])
    return _audited(desk, person_id, "roles_set", by)


def set_password(desk: Desk, person_id: str, password_hash: str, *, by: str) -> Person:
    """Replace a person's password; every login of theirs ends."""
    row = _row(desk, person_id)
    row.password_hash = password_hash
    desk.db.add(row)
    _end_logins(desk, person_id)
    return _audited(desk, person_id, "password_set", by)


def open_login(desk: Desk, person_id: str, hours: int) -> str:
    """Open a login and return its token, which is kept by the browser alone. Logins that ended are swept away."""
    desk.db.exec(delete(LoginRow).where(col(LoginRow.expires_at) <= desk.now))
    token = secrets.token_urlsafe(32)
    desk.db.add(
        LoginRow(
            token_digest=token_digest(token),
            person=person_id,
            opened_at=desk.now,
            expires_at=desk.now + hours * 3_600_000,
        )
    )
    changed(desk, "login", person_id, "opened", by=person_id, row={"person": person_id})
    return token


def close_login(desk: Desk, token: str) -> None:
    """End a login; harmless when it ended already."""
    row = desk.db.get(LoginRow, token_digest(token))
    if row is not None:
        changed(desk, "login", row.person, "closed", by=row.person, row={"person": row.person})
        desk.db.delete(row)


def assign_staff(desk: Desk, session: str, person_id: str, role: Role, *, by: str) -> list[OnDuty]:
    """Put a person on duty in a session, in a role they hold; harmless when they are already."""
    person = queries.person(desk.db, person_id)
    if person is None or not person.active:
        raise NotFound(what="人员 person")
    if role not in person.roles or role not in ON_DUTY:
        raise RoleNotHeld(name=person.display_name, role=role.value)
    row = desk.db.get(StaffRow, (session, person_id, role.value))
    if row is None or row.relieved_at is not None:
        row = row or StaffRow(session=session, person=person_id, role=role)
        row.relieved_at = row.relieved_by = None
        desk.db.add(row)
        try:
            desk.db.flush()
        except IntegrityError as error:
            raise NotFound(what="考场场次 session") from error
        _staff_audited(desk, session, person_id, role, "assigned", by)
    return queries.all_staff_of(desk.db, session)


def relieve_staff(desk: Desk, session: str, person_id: str, role: Role, *, by: str) -> list[OnDuty]:
    """Take a person off duty; that they were on it stays on record. Harmless when they are not on it."""
    row = desk.db.get(StaffRow, (session, person_id, role.value))
    if row is not None and row.relieved_at is None:
        row.relieved_at, row.relieved_by = desk.now, by
        desk.db.add(row)
        desk.db.flush()
        _staff_audited(desk, session, person_id, role, "relieved", by)
    return queries.all_staff_of(desk.db, session)


def token_digest(token: str) -> str:
    """What is kept of a login's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _row(desk: Desk, person_id: str) -> PersonRow:
    row = desk.db.get(PersonRow, person_id)
    if row is None:
        raise NotFound(what="人员 person")
    return row


def _refuse_conflict(roles: Set[Role]) -> None:
    other = conflict(roles)
    if other is not None:
        raise DutiesNotSeparate(role=other.value)


def _keep_an_administrator(desk: Desk, person_id: str) -> None:
    if queries.administrators(desk.db) == [person_id]:
        raise LastAdministrator()


def _end_logins(desk: Desk, person_id: str) -> None:
    for login in desk.db.exec(select(LoginRow).where(LoginRow.person == person_id)):
        desk.db.delete(login)


def _audited(desk: Desk, person_id: str, verb: str, by: str) -> Person:
    desk.db.flush()
    person = queries.person(desk.db, person_id)
    assert person is not None
    row = asdict(person) | {"roles": sorted(person.roles)}
    changed(desk, "person", person_id, verb, by=by, row=row)
    return person


def _staff_audited(desk: Desk, session: str, person_id: str, role: Role, verb: str, by: str) -> None:
    row = {"session": session, "person": person_id, "role": role.value}
    changed(desk, "staff", f"{session}/{person_id}/{role.value}", verb, by=by, row=row)
