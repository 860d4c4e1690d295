"""Attempts over HTTP: the door, the seat, and the end."""

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, File, Request, UploadFile
from sqlmodel import Session
from starlette.requests import HTTPConnection

from protocol.journal_file import FILE_BYTES_MAX
from question_bank.reveal import SessionDraws
from server.attempts import actions, coverage, exposure, importing, late, loading, queries, revealing
from server.attempts.schemas import (
    AttemptShown,
    DrawPartAsked,
    Extension,
    LateAdmission,
    LatePlace,
    Outcome,
    Refusal,
    RosterAsked,
    SeatChange,
    Seconded,
    SparesShown,
    SubjectCoverage,
    WithReason,
)
from server.bank.open_banks import TheOpenBanks
from server.errors import Forbidden
from server.papers import actions as papers
from server.papers.access import TheWrapping
from server.papers.queries import spares_left
from server.people.access import (
    CommandId,
    ExamOffice,
    LoginFirst,
    ThePasswords,
    of_the_room,
    requires,
    second_person,
    sees_the_room,
)
from server.people.rules import MEETS_CANDIDATES, Person, Role
from server.sessions.actions import NotNow, facts_of
from server.sessions.queries import session_row
from server.sessions.rules import step
from server.stations.keys import RoomKeys
from server.web import TheDatabase, TheStore, TheWriter, TooLarge
from server.writer.desk import Desk

ROUTER = APIRouter(prefix="/api/sessions/{session}", tags=["attempts"], route_class=LoginFirst)

Proctor = Annotated[Person, of_the_room(Role.PROCTOR)]
RoomStaff = Annotated[Person, of_the_room(Role.PROCTOR, Role.QUALITY_SUPERVISOR)]
Door = Annotated[Person, of_the_room(Role.PROCTOR, beside={Role.EXAM_OFFICE})]

JOURNAL_BODY_MAX = FILE_BYTES_MAX + 65_536
"""A journal file in its multipart wrapping."""

UPLOADS = {"POST /api/sessions/*/journals": JOURNAL_BODY_MAX}
"""Requests with larger bodies than others, and how large."""

SeesAttempts = Annotated[Person, sees_the_room(*MEETS_CANDIDATES)]
SeesDraws = Annotated[Person, requires(Role.EXAM_OFFICE, Role.REVIEWER, Role.CONFIRMING_BODY, Role.ARCHIVIST)]

PART_ROLES = (
    Role.EXAM_OFFICE,
    Role.CONFIRMING_BODY,
    Role.PROCTOR,
    Role.QUALITY_SUPERVISOR,
    Role.PATROL,
)
"""Who may enter a part of the draw's secret: nobody who keeps the bank or the machine."""

EntersPart = Annotated[Person, requires(*PART_ROLES)]

Bar = Callable[[Session, str, str], bool]
"""Whether a candidate is barred from a batch; rulings know, and stand above this noun."""


def _bar(connection: HTTPConnection) -> Bar:
    bar: Bar = connection.app.state.barred
    return bar


TheBar = Annotated[Bar, Depends(_bar)]


def _room_key(connection: HTTPConnection) -> str:
    keys: RoomKeys = connection.app.state.keys
    return keys.room.public


@ROUTER.get("/attempts")
def attempts(session: str, _by: SeesAttempts, database: TheDatabase) -> list[AttemptShown]:
    """All attempts by seat."""
    with database.read() as db:
        return [AttemptShown.of(row) for row in queries.attempts_of_session(db, session)]


@ROUTER.post("/roster")
async def enlist(
    session: str, asked: RosterAsked, _by: ExamOffice, command: CommandId, writer: TheWriter
) -> Outcome:
    """Expect these candidates at their seats."""
    places = [actions.Place(each.candidate, each.subject, each.seat) for each in asked.places]
    return await writer.submit(lambda desk: actions.enlist(desk, session, places), command=command)


@ROUTER.post("/load")
async def load(
    session: str,
    by: ExamOffice,
    command: CommandId,
    database: TheDatabase,
    writer: TheWriter,
    banks: TheOpenBanks,
    wrapping: TheWrapping,
) -> Outcome:
    """Draw and seal every paper; the bank is unlocked for this and not needed again that day.

    Refused before two different people entered their parts of the secret.
    """
    await _count_past(database, writer, wrapping)

    def prepare() -> loading.Prepared:
        with database.read() as db:
            return loading.prepare(db, session, banks, wrapping)

    prepared = await asyncio.to_thread(prepare)
    await writer.submit(lambda desk: loading.begin(desk, prepared))
    size = loading.PAPERS_PER_PIECE
    for at in range(0, len(prepared.papers), size):
        piece = prepared.papers[at : at + size]
        await writer.submit(lambda desk, piece=piece: loading.keep(desk, piece))  # type: ignore[misc]
    return await writer.submit(lambda desk: loading.finish_loading(desk, prepared, by.id), command=command)


async def _count_past(database: TheDatabase, writer: TheWriter, wrapping: bytes) -> None:
    """Count what past sessions sat, once each, so that this draw lets it rest."""

    def counted() -> list[exposure.Counted]:
        with database.read() as db:
            return exposure.count_past(db, wrapping)

    found = await asyncio.to_thread(counted)
    if found:
        await writer.submit(lambda desk: exposure.keep_counts(desk, found))


@ROUTER.post("/draw-parts")
async def enter_part(
    session: str,
    asked: DrawPartAsked,
    by: EntersPart,
    command: CommandId,
    passwords: ThePasswords,
    writer: TheWriter,
    wrapping: TheWrapping,
) -> Outcome:
    """One of two people enters a part of the draw's secret; the second may use the same console with a password."""
    person = await second_person(passwords, asked.login, asked.password, at=by) or by
    if person.roles.isdisjoint(PART_ROLES):
        raise Forbidden()

    def verb(desk: Desk) -> Outcome:
        facts = facts_of(desk, session)
        if step(facts.state, "loaded") is None:
            raise NotNow(state=facts.state, verb="draw_part")
        return papers.enter_part(desk, session, asked.part, wrapping, person.id)

    return await writer.submit(verb, command=command)


@ROUTER.get("/draws")
def draws(session: str, _by: SeesDraws, database: TheDatabase, wrapping: TheWrapping) -> SessionDraws:
    """What the ledger says of the draw and how alike the papers are; after the session also all that proves them."""
    with database.read() as db, database.read_ledger() as ledger:
        return revealing.session_draws(db, ledger, session, wrapping)


@ROUTER.get("/coverage")
def covered(
    session: str, _by: ExamOffice, database: TheDatabase, banks: TheOpenBanks
) -> list[SubjectCoverage]:
    """What the banks can and cannot give the session's papers, said before anything is drawn."""
    with database.read() as db:
        return coverage.coverage_of(db, session, banks)


@ROUTER.get("/spares")
def spares(session: str, _by: Door, database: TheDatabase) -> SparesShown:
    """Spare papers nobody has yet."""
    with database.read() as db:
        return SparesShown(left=spares_left(db, session))


@ROUTER.post("/late")
async def list_late(
    session: str,
    asked: LatePlace,
    by: ExamOffice,
    command: CommandId,
    writer: TheWriter,
    wrapping: TheWrapping,
) -> Outcome:
    """Expect one more candidate after loading, with a spare paper."""
    place = actions.Place(asked.candidate, asked.subject, asked.seat)
    return await writer.submit(
        lambda desk: late.list_late(desk, session, place, wrapping, by.id, asked.reason), command=command
    )


@ROUTER.post("/check")
async def check(
    session: str, asked: WithReason, by: Door, command: CommandId, writer: TheWriter, store: TheStore
) -> Outcome:
    """Machines and network were checked (S3-A); refused when the disk lacks room for the session's pictures."""
    free = await asyncio.to_thread(store.free_bytes)
    return await writer.submit(
        lambda desk: actions.check(desk, session, by.id, asked.reason, free), command=command
    )


@ROUTER.post("/journals")
async def take_journal(
    session: str,
    request: Request,
    by: Door,
    command: CommandId,
    writer: TheWriter,
    store: TheStore,
    room_key: Annotated[str, Depends(_room_key)],
    file: Annotated[UploadFile, File()],
) -> Outcome:
    """Import a seat's journal from a file; the same file again changes nothing."""
    if int(request.headers.get("content-length", JOURNAL_BODY_MAX + 1)) > JOURNAL_BODY_MAX:
        raise TooLarge(limit=FILE_BYTES_MAX)
    data = await file.read()
    found = await asyncio.to_thread(importing.read, data)
    prepared = await writer.submit(lambda desk: importing.prepare(desk, session, found))
    digest = await asyncio.to_thread(store.put, data)
    for piece in prepared.pieces:
        if piece.stream not in prepared.broken:
            await writer.submit(
                lambda desk, piece=piece: importing.take(desk, prepared, piece, room_key)  # type: ignore[misc]
            )
    return await writer.submit(lambda desk: importing.finish(desk, prepared, digest, by.id), command=command)


@ROUTER.post("/abort")
async def abort(
    session: str,
    asked: Seconded,
    by: Door,
    command: CommandId,
    passwords: ThePasswords,
    writer: TheWriter,
) -> Outcome:
    """中止, decided by two: the session has no result and is arranged again."""
    second = await second_person(passwords, asked.login, asked.password, at=by)
    return await writer.submit(
        lambda desk: actions.abort(desk, session, by, second, asked.reason), command=command
    )


@ROUTER.post("/end")
async def end(session: str, asked: WithReason, by: Proctor, command: CommandId, writer: TheWriter) -> Outcome:
    """End the session before its time, for a reason: everyone is collected."""
    return await writer.submit(
        lambda desk: actions.end(desk, session, by.id, "ordered", asked.reason), command=command
    )


@ROUTER.post("/attempts/{attempt}/check-in")
async def check_in(
    session: str,
    attempt: str,
    asked: WithReason,
    by: Door,
    command: CommandId,
    writer: TheWriter,
    bar: TheBar,
) -> Outcome:
    """A person saw the candidate and the original document."""

    def verb(desk: Desk) -> Outcome:
        candidate = actions.attempt_of(desk, session, attempt).candidate
        barred = bar(desk.db, candidate, session_row(desk.db, session).batch)
        return actions.check_in(desk, session, attempt, by.id, reason=asked.reason, barred=barred)

    return await writer.submit(verb, command=command)


@ROUTER.post("/attempts/{attempt}/refuse")
async def refuse(
    session: str, attempt: str, asked: Refusal, by: Door, command: CommandId, writer: TheWriter
) -> Outcome:
    """Refused at the door."""
    return await writer.submit(
        lambda desk: actions.refuse(desk, session, attempt, by.id, asked.code, asked.reason), command=command
    )


@ROUTER.post("/attempts/{attempt}/absent")
async def absent(session: str, attempt: str, by: Door, command: CommandId, writer: TheWriter) -> Outcome:
    """Not there."""
    return await writer.submit(
        lambda desk: actions.mark_absent(desk, session, attempt, by.id), command=command
    )


@ROUTER.post("/attempts/{attempt}/answer-hand")
async def answer_hand(
    session: str, attempt: str, by: RoomStaff, command: CommandId, writer: TheWriter
) -> Outcome:
    """举手已处理."""
    return await writer.submit(
        lambda desk: actions.answer_hand(desk, session, attempt, by.id), command=command
    )


@ROUTER.post("/attempts/{attempt}/extend")
async def extend(
    session: str, attempt: str, asked: Extension, by: Proctor, command: CommandId, writer: TheWriter
) -> Outcome:
    """补时 for one."""
    return await writer.submit(
        lambda desk: actions.extend(desk, session, attempt, by.id, asked.minutes, asked.reason),
        command=command,
    )


@ROUTER.post("/attempts/{attempt}/suspend")
async def suspend(
    session: str, attempt: str, asked: WithReason, by: Proctor, command: CommandId, writer: TheWriter
) -> Outcome:
    """Lock the page; the clock runs."""
    return await writer.submit(
        lambda desk: actions.suspend(desk, session, attempt, by.id, asked.reason or ""), command=command
    )


@ROUTER.post("/attempts/{attempt}/unsuspend")
async def unsuspend(
    session: str, attempt: str, asked: WithReason, by: Proctor, command: CommandId, writer: TheWriter
) -> Outcome:
    """Free the page."""
    return await writer.submit(
        lambda desk: actions.unsuspend(desk, session, attempt, by.id, asked.reason), command=command
    )


@ROUTER.post("/attempts/{attempt}/collect")
async def collect(
    session: str, attempt: str, asked: WithReason, by: Proctor, command: CommandId, writer: TheWriter
) -> Outcome:
    """强制收卷 for one."""
    return await writer.submit(
        lambda desk: actions.collect(desk, session, attempt, by.id, asked.reason or ""), command=command
    )


@ROUTER.post("/attempts/{attempt}/revoke-hand-in")
async def revoke_hand_in(
    session: str, attempt: str, asked: WithReason, by: Proctor, command: CommandId, writer: TheWriter
) -> Outcome:
    """Back to running, before the end."""
    return await writer.submit(
        lambda desk: actions.revoke_hand_in(desk, session, attempt, by.id, asked.reason or ""),
        command=command,
    )


@ROUTER.post("/attempts/{attempt}/allow-seat-change")
async def allow_seat_change(
    session: str, attempt: str, asked: SeatChange, by: Proctor, command: CommandId, writer: TheWriter
) -> Outcome:
    """换机, or re-login at the same seat."""
    return await writer.submit(
        lambda desk: actions.allow_seat_change(desk, session, attempt, by.id, asked.seat, asked.reason),
        command=command,
    )


@ROUTER.post("/attempts/{attempt}/admit-late")
async def admit_late(
    session: str, attempt: str, asked: LateAdmission, by: Proctor, command: CommandId, writer: TheWriter
) -> Outcome:
    """Let late answers of a closed stream count."""
    return await writer.submit(
        lambda desk: actions.admit_late(desk, session, attempt, by.id, asked.stream, asked.reason),
        command=command,
    )
