"""Every question asked about people."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from server.people.models import LoginRow, PersonRow, RoleRow, StaffRow
from server.people.rules import OnDuty, Person, Role


def person(db: Session, person_id: str) -> Person | None:
    """One person."""
    row = db.get(PersonRow, person_id)
    return None if row is None else _people(db, [row])[0]


def people(db: Session) -> list[Person]:
    """Everybody, by login name."""
    return _people(db, db.exec(select(PersonRow).order_by(PersonRow.login)))


def people_by_id(db: Session, ids: Iterable[str]) -> dict[str, Person]:
    """These people, by id; who is unknown is missing."""
    rows = db.exec(select(PersonRow).where(col(PersonRow.id).in_(list(ids))))
    return {one.id: one for one in _people(db, rows)}


def by_login(db: Session, login: str) -> PersonRow | None:
    """The row of a login name, with the password's hash."""
    return db.exec(select(PersonRow).where(PersonRow.login == login)).first()


def logged_in(db: Session, token_digest: str, now: int) -> Person | None:
    """Who holds this login at ``now``; None when it ended or the person is no longer active."""
    login = db.get(LoginRow, token_digest)
    if login is None or login.expires_at <= now:
        return None
    found = person(db, login.person)
    return found if found is not None and found.active else None


def administrators(db: Session) -> list[str]:
    """Ids of all active administrators."""
    return list(
        db.exec(
            select(PersonRow.id)
            .join(RoleRow, col(RoleRow.person) == col(PersonRow.id))
            .where(RoleRow.role == Role.ADMINISTRATOR, col(PersonRow.active).is_(True))
        )
    )


def staff_of(db: Session, session: str) -> list[OnDuty]:
    """Who is on duty in a session, proctors first, then by login name."""
    return [one for one in all_staff_of(db, session) if one.relieved_at is None]


def all_staff_of(db: Session, session: str) -> list[OnDuty]:
    """Who is on duty in a session and who was relieved of it, in the order of :func:`staff_of`."""
    rows = list(db.exec(select(StaffRow).where(StaffRow.session == session)))
    known = people_by_id(db, {row.person for row in rows})
    found = [OnDuty(known[row.person], Role(row.role), row.relieved_at) for row in rows]
    return sorted(found, key=lambda one: (one.role is not Role.PROCTOR, one.role, one.person.login))


def sessions_of(db: Session, person_id: str) -> list[str]:
    """Ids of the sessions a person is on duty in."""
    return list(
        db.exec(
            select(StaffRow.session)
            .where(StaffRow.person == person_id, col(StaffRow.relieved_at).is_(None))
            .distinct()
        )
    )


def _people(db: Session, rows: Iterable[PersonRow]) -> list[Person]:
    rows = list(rows)
    held: dict[str, set[Role]] = {}
    ids = [row.id for row in rows]
    for role in db.exec(select(RoleRow).where(col(RoleRow.person).in_(ids))):
        held.setdefault(role.person, set()).add(Role(role.role))
    return [
        Person(
            row.id,
            row.login,
            row.display_name,
            frozenset(held.get(row.id, ())),
            row.employer,
            row.institution,
            row.active,
        )
        for row in rows
    ]
