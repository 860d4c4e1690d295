"""Roles and which of them exclude each other: pure, knows no table and no clock.

"Duties are separate: bank people never see a live room, proctors never see a key" (domain.md).
"""

import re
import secrets
from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The words of domain.md."""

    EXAM_OFFICE = "exam_office"
    """考务管理"""
    BANK_KEEPER = "bank_keeper"
    """题库管理"""
    PROCTOR = "proctor"
    """监考员"""
    QUALITY_SUPERVISOR = "quality_supervisor"
    """督导员"""
    ASSESSOR = "assessor"
    """考评员"""
    PATROL = "patrol"
    """巡考员"""
    REVIEWER = "reviewer"
    """审核员"""
    ARCHIVIST = "archivist"
    """档案/审计"""
    CONFIRMING_BODY = "confirming_body"
    """评价办公室/鉴定所"""
    ADMINISTRATOR = "administrator"
    """系统管理员"""


R = Role

SEES_LIVE_ROOM = frozenset({R.EXAM_OFFICE, R.PROCTOR, R.QUALITY_SUPERVISOR, R.ASSESSOR, R.PATROL})
"""Roles that work in or watch a room while an exam runs."""

MEETS_CANDIDATES = SEES_LIVE_ROOM | {R.REVIEWER, R.CONFIRMING_BODY, R.ARCHIVIST}
"""Roles that meet candidates, their pictures or their answers, live or afterwards; none of them goes with the bank."""

STAFF_OF_ONE_ROOM = frozenset({R.PROCTOR, R.QUALITY_SUPERVISOR, R.ASSESSOR})
"""Roles that see the rooms they are on duty in, and no other."""

NOT_THE_BANK = frozenset(Role) - {R.BANK_KEEPER}
"""Who may know when which room sits."""

ON_DUTY = frozenset({R.PROCTOR, R.QUALITY_SUPERVISOR, R.ASSESSOR, R.PATROL})
"""Roles in which a person is assigned to a session."""

LOGIN = re.compile(r"^[a-z0-9][a-z0-9._-]{1,39}$")
"""A login name: small letters, digits, dot, hyphen, underscore."""

PASSWORD_CHARS_MAX = 200
"""Characters a password may have; hashing takes no longer text."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person as the room knows them; employer and institution are kept for recusal (S3-B)."""

    id: str
    login: str
    display_name: str
    roles: frozenset[Role]
    employer: str = ""
    institution: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One person assigned to a session, in one role; ``relieved_at`` None: still."""

    person: Person
    role: Role
    relieved_at: int | None = None


def conflict(roles: Set[Role]) -> Role | None:
    """A role that does not go with the bank keeper's, or None when the duties are separate."""
    if R.BANK_KEEPER not in roles:
        return None
    return next((role for role in Role if role in roles & MEETS_CANDIDATES), None)


def serves(staff: Sequence[OnDuty], person: str, roles: Set[Role]) -> bool:
    """Whether a person acts in a session in one of these roles; ``staff`` with those who were relieved of it.

    Where nobody was ever registered nobody is refused here: what is of one room is guarded at its door.
    """
    return not staff or on_duty(staff, person, roles)


def on_duty(staff: Sequence[OnDuty], person: str, roles: Set[Role]) -> bool:
    """Whether a person is on duty in one of these roles, which they still hold, and was not relieved."""
    return any(
        one.person.id == person and one.role in roles & one.person.roles and one.relieved_at is None
        for one in staff
    )


def random_password() -> str:
    """A password to be printed once: sixteen letters and digits that are not mistaken for each other, 78 bits."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    groups = ["".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4)]
    return "-".join(groups)
