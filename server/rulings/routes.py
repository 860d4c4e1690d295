"""Rulings over HTTP: words to a seat, flags, and voids with two signatures."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import HTTPConnection

from server.attempts.actions import attempt_of
from server.attempts.rules import Attempt
from server.errors import Forbidden
from server.people.access import CommandId, NotOnDuty, ThePasswords, of_the_room, requires, sees_the_room
from server.people.actions import check_password
from server.people.rules import Person, Role
from server.rulings import actions, after_exam, queries
from server.rulings.actions import MAY_SIGN
from server.rulings.rules import Rulings
from server.rulings.schemas import (
    Decision,
    FlagClosing,
    FlagShown,
    LateVoidProposal,
    NewFlag,
    Outcome,
    RulingsShown,
    Said,
    SecondSignature,
    UndecidedVoid,
    VoidProposal,
    VoidShown,
    Withdrawal,
)
from server.web import TheDatabase, TheWriter
from server.writer.desk import Desk

ROUTER = APIRouter(prefix="/api", tags=["rulings"])

_ATTEMPT = "/sessions/{session}/attempts/{attempt}"

RoomStaff = Annotated[Person, of_the_room(Role.PROCTOR, Role.QUALITY_SUPERVISOR)]
_REVIEW = frozenset({Role.REVIEWER, Role.CONFIRMING_BODY})
ClosesFlags = Annotated[Person, requires(Role.PROCTOR, Role.QUALITY_SUPERVISOR, *_REVIEW)]
"""What the room did not close while the exam ran, the review does."""
ConfirmingBody = Annotated[Person, requires(Role.CONFIRMING_BODY)]
ReadsRulings = Annotated[
    Person,
    sees_the_room(
        Role.PROCTOR,
        Role.QUALITY_SUPERVISOR,
        Role.PATROL,
        Role.EXAM_OFFICE,
        Role.REVIEWER,
        Role.CONFIRMING_BODY,
        Role.ARCHIVIST,
    ),
]


Recusal = Callable[[Desk, str, Attempt, Person], None]
"""Raises where a person has no say in the review of an attempt; reviews know, and stand above this noun."""


def _recusal(connection: HTTPConnection) -> Recusal:
    recusal: Recusal = connection.app.state.refuse_recused
    return recusal


TheRecusal = Annotated[Recusal, Depends(_recusal)]


@ROUTER.post(_ATTEMPT + "/message")
async def message(
    session: str, attempt: str, asked: Said, by: RoomStaff, command: CommandId, writer: TheWriter
) -> Outcome:
    """Words to a seat, shown until the candidate closes them."""
    return await writer.submit(
        lambda desk: actions.send(desk, session, attempt, by.id, asked.text, warning=False), command=command
    )


@ROUTER.post(_ATTEMPT + "/warn")
async def warn(
    session: str, attempt: str, asked: Said, by: RoomStaff, command: CommandId, writer: TheWriter
) -> Outcome:
    """A warning, which is one proctor's act."""
    return await writer.submit(
        lambda desk: actions.send(desk, session, attempt, by.id, asked.text, warning=True), command=command
    )


@ROUTER.post(_ATTEMPT + "/picture")
async def picture(
    session: str, attempt: str, by: RoomStaff, command: CommandId, writer: TheWriter
) -> Outcome:
    """The seat takes a picture now."""
    return await writer.submit(
        lambda desk: actions.request_picture(desk, session, attempt, by.id), command=command
    )


@ROUTER.post(_ATTEMPT + "/flag")
async def flag(
    session: str, attempt: str, asked: NewFlag, by: RoomStaff, command: CommandId, writer: TheWriter
) -> Outcome:
    """A suspicion, with the evidence at hand; the seat takes a picture."""
    return await writer.submit(
        lambda desk: actions.raise_flag(
            desk, session, attempt, by.id, asked.code, asked.severity, asked.evidence, asked.reason
        ),
        command=command,
    )


@ROUTER.post("/sessions/{session}/flags/{flag}/close")
async def close_flag(
    session: str,
    flag: str,
    asked: FlagClosing,
    by: ClosesFlags,
    command: CommandId,
    writer: TheWriter,
    recusal: TheRecusal,
) -> Outcome:
    """A person looked: one of the room while its day lasts, a reviewer who is not recused at any time."""

    def verb(desk: Desk) -> Outcome:
        if not actions.closes_as_staff(desk, session, by):
            if by.roles.isdisjoint(_REVIEW):
                raise NotOnDuty()
            recusal(desk, session, actions.flagged_attempt(desk, session, flag), by)
        return actions.close_flag(desk, session, flag, by.id, asked.outcome, asked.reason)

    return await writer.submit(verb, command=command)


@ROUTER.post(_ATTEMPT + "/void/propose")
async def propose_void(
    session: str,
    attempt: str,
    asked: VoidProposal,
    by: RoomStaff,
    command: CommandId,
    passwords: ThePasswords,
    writer: TheWriter,
) -> Outcome:
    """The first signature; nothing binds before the second."""
    await check_password(passwords, by.login, asked.password.get_secret_value(), at=by)
    return await writer.submit(
        lambda desk: actions.propose_void(
            desk,
            session,
            attempt,
            by.id,
            code=asked.code,
            flags=asked.flags,
            statement=asked.statement,
            statement_declined=asked.statement_declined,
            reason=asked.reason,
        ),
        command=command,
    )


@ROUTER.post(_ATTEMPT + "/void/{ruling}/sign")
async def sign_void(
    session: str,
    attempt: str,
    ruling: str,
    asked: SecondSignature,
    at: RoomStaff,
    command: CommandId,
    passwords: ThePasswords,
    writer: TheWriter,
) -> Outcome:
    """The second signature, by whoever's password is entered, at whichever console of the room."""
    signer = await check_password(passwords, asked.login, asked.password.get_secret_value(), at=at)
    if signer.roles.isdisjoint(MAY_SIGN):
        raise Forbidden()
    return await writer.submit(
        lambda desk: actions.sign_void(desk, session, attempt, ruling, signer.id), command=command
    )


@ROUTER.post(_ATTEMPT + "/void/{ruling}/withdraw")
async def withdraw_void(
    session: str,
    attempt: str,
    ruling: str,
    asked: Withdrawal,
    by: RoomStaff,
    command: CommandId,
    writer: TheWriter,
) -> Outcome:
    """Take a proposal back before the second signature."""
    return await writer.submit(
        lambda desk: actions.withdraw_void(desk, session, attempt, ruling, by.id, asked.reason),
        command=command,
    )


@ROUTER.post(_ATTEMPT + "/void/{ruling}/decide")
async def decide_void(
    session: str,
    attempt: str,
    ruling: str,
    asked: Decision,
    by: ConfirmingBody,
    command: CommandId,
    writer: TheWriter,
    recusal: TheRecusal,
) -> Outcome:
    """The confirming body's 处理决定, on every attempt the ruling voided."""

    def verb(desk: Desk) -> Outcome:
        outcome = actions.decide_void(desk, session, attempt, ruling, by.id, asked.outcome, asked.reason)
        # Last, so that whoever signed in the room reads that; what the verb laid down is undone.
        recusal(desk, session, attempt_of(desk, session, attempt), by)
        return outcome

    return await writer.submit(verb, command=command)


@ROUTER.post(_ATTEMPT + "/void-after-exam")
async def propose_after_exam(
    session: str,
    attempt: str,
    asked: LateVoidProposal,
    by: ConfirmingBody,
    command: CommandId,
    passwords: ThePasswords,
    writer: TheWriter,
    recusal: TheRecusal,
) -> Outcome:
    """虚假材料: the first of two people of the confirming body; nothing binds before the second."""
    await check_password(passwords, by.login, asked.password.get_secret_value(), at=by)

    def verb(desk: Desk) -> Outcome:
        recusal(desk, session, attempt_of(desk, session, attempt), by)
        return after_exam.propose(
            desk,
            session,
            attempt,
            by,
            code=asked.code,
            statement=asked.statement,
            statement_declined=asked.statement_declined,
            reason=asked.reason,
        )

    return await writer.submit(verb, command=command)


@ROUTER.post(_ATTEMPT + "/void-after-exam/{ruling}/sign")
async def sign_after_exam(
    session: str,
    attempt: str,
    ruling: str,
    asked: SecondSignature,
    at: ConfirmingBody,
    command: CommandId,
    passwords: ThePasswords,
    writer: TheWriter,
    recusal: TheRecusal,
) -> Outcome:
    """The second person of the body: from here the result is voided, also a confirmed one."""
    signer = await check_password(passwords, asked.login, asked.password.get_secret_value(), at=at)

    def verb(desk: Desk) -> Outcome:
        recusal(desk, session, attempt_of(desk, session, attempt), signer)
        return after_exam.sign(desk, session, attempt, ruling, signer)

    return await writer.submit(verb, command=command)


@ROUTER.post(_ATTEMPT + "/void-after-exam/{ruling}/withdraw")
async def withdraw_after_exam(
    session: str,
    attempt: str,
    ruling: str,
    asked: Withdrawal,
    by: ConfirmingBody,
    command: CommandId,
    writer: TheWriter,
) -> Outcome:
    """Take the body's own proposal back before the second signature."""
    return await writer.submit(
        lambda desk: after_exam.take_back(desk, session, attempt, ruling, by, asked.reason), command=command
    )


@ROUTER.get(_ATTEMPT + "/rulings")
async def rulings(session: str, attempt: str, _by: ReadsRulings, writer: TheWriter) -> RulingsShown:
    """Flags and voids of an attempt, with their texts."""
    return await writer.submit(lambda desk: _shown(desk, session, attempt))


@ROUTER.get("/voids")
def undecided_voids(_by: ConfirmingBody, database: TheDatabase) -> list[UndecidedVoid]:
    """What the confirming body has to decide, oldest first."""
    with database.read() as db:
        return [UndecidedVoid.of(row) for row in queries.voids_to_decide(db)]


def _shown(desk: Desk, session: str, attempt: str) -> RulingsShown:
    attempt_of(desk, session, attempt)
    found = desk.day(session).part(Rulings).of(attempt)
    return RulingsShown(
        flags=[
            FlagShown(
                flag=each.id,
                code=each.code,
                severity=each.severity,
                source=each.source,
                by=each.by,
                at=each.at,
                evidence=each.evidence,
                reason=_text(desk, each.note),
                duration_ms=each.duration_ms,
                outcome=each.outcome,
                closed_by=each.closed_by,
                closed_at=each.closed_at,
            )
            for each in found.flags.values()
        ],
        voids=[
            VoidShown(
                ruling=each.ruling,
                code=each.code,
                scope=each.scope,
                state=each.state.value,
                flags=each.flags,
                statement=_text(desk, each.statement),
                statement_declined=each.statement_declined,
                by=each.by,
                at=each.at,
                reason=_text(desk, each.note),
                signed_by=each.signed_by,
                decided_by=each.decided_by,
                decided_reason=_text(desk, each.decided_note),
            )
            for each in found.voids.values()
        ],
    )


def _text(desk: Desk, digest: str | None) -> str | None:
    note = None if digest is None else desk.ledger.note_text(digest)
    return None if note is None else note[1]
