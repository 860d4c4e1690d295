"""Reviews over HTTP: the queue, one attempt's dossier, what was seen, and the words on a result."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import HTTPConnection

from config.calendar import WorkingCalendar
from protocol.console import ScoreLine
from server.db import Database
from server.papers.access import TheWrapping
from server.papers.queries import session_secret
from server.people.access import CommandId, ExamOffice, requires
from server.people.rules import Person, Role
from server.results.actions import Scored, ToScore, score
from server.reviews import actions, window_events
from server.reviews.calendars import Calendars
from server.reviews.dossier import Given, compile_dossier, score_lines
from server.reviews.queries import sessions_to_review
from server.reviews.queue import queued
from server.reviews.schemas import (
    Dossier,
    MaybeReason,
    Outcome,
    QueueShown,
    SeenAsked,
    WindowEventAsked,
    WithReason,
)
from server.sessions.rules import OPEN
from server.web import TheClock, TheDatabase, TheWriter

ROUTER = APIRouter(prefix="/api", tags=["reviews"])

ReadsReviews = Annotated[Person, requires(Role.REVIEWER, Role.CONFIRMING_BODY, Role.ARCHIVIST)]
Reviews = Annotated[Person, requires(Role.REVIEWER, Role.CONFIRMING_BODY)]
ConfirmingBody = Annotated[Person, requires(Role.CONFIRMING_BODY)]

_ATTEMPT = "/reviews/{session}/{attempt}"


def _calendars(connection: HTTPConnection) -> Calendars:
    calendars: Calendars = connection.app.state.calendars
    return calendars


def _calendar(calendars: Annotated[Calendars, Depends(_calendars)]) -> WorkingCalendar:
    return calendars.current()


TheCalendars = Annotated[Calendars, Depends(_calendars)]
TheCalendar = Annotated[WorkingCalendar, Depends(_calendar)]


@ROUTER.post("/sessions/{session}/window-events")
async def report_event(
    session: str, asked: WindowEventAsked, by: ExamOffice, command: CommandId, writer: TheWriter
) -> Outcome:
    """The office says when the practical ended or the documents were uploaded; windows count from there (S3-B)."""
    return await writer.submit(
        lambda desk: window_events.report(desk, session, asked.event, asked.day, by.id, asked.reason),
        command=command,
    )


@ROUTER.get("/reviews")
async def queue(
    by: ReadsReviews, database: TheDatabase, writer: TheWriter, clock: TheClock, calendars: TheCalendars
) -> QueueShown:
    """Sessions to review by deadline, the unknown deadlines on top; attempts by risk."""
    calendar = await asyncio.to_thread(calendars.current)
    sessions = await asyncio.to_thread(_to_review, database)
    found = []
    for session in sessions:
        # One verb for each session, so that no answer waits behind the whole queue.
        found.append(await writer.submit(lambda desk, key=session: queued(desk, key, by, calendar)))  # type: ignore[misc]
    return QueueShown(
        room_time=clock.now_ms(),
        calendar_version=calendar.version,
        calendar_fault=calendars.fault,
        sessions=sorted(found, key=lambda one: (one.deadline_at is not None, one.deadline_at or 0)),
    )


@ROUTER.get(_ATTEMPT)
async def dossier(
    session: str,
    attempt: str,
    by: ReadsReviews,
    database: TheDatabase,
    writer: TheWriter,
    wrapping: TheWrapping,
    calendar: TheCalendar,
) -> Dossier:
    """Everything kept of one attempt; no key is among it, and no answer or its worth while the session sits."""
    found, given = await writer.submit(lambda desk: compile_dossier(desk, session, attempt, by, calendar))
    if found.session_state in OPEN:
        return found
    answers = await asyncio.to_thread(_score_lines, database, session, attempt, given, wrapping)
    return found.model_copy(update={"answers": answers})


@ROUTER.post(_ATTEMPT + "/seen")
async def seen(
    session: str,
    attempt: str,
    asked: SeenAsked,
    by: Reviews,
    command: CommandId,
    writer: TheWriter,
    calendar: TheCalendar,
) -> Outcome:
    """A picture or a flag was looked at."""
    return await writer.submit(
        lambda desk: actions.see(desk, session, attempt, by, asked.what, asked.key, calendar), command=command
    )


@ROUTER.post(_ATTEMPT + "/dispute")
async def dispute(
    session: str,
    attempt: str,
    asked: WithReason,
    by: Reviews,
    command: CommandId,
    writer: TheWriter,
    calendar: TheCalendar,
) -> Outcome:
    """Something is not right with this result."""
    return await writer.submit(
        lambda desk: actions.dispute(desk, session, attempt, by, asked.reason, calendar), command=command
    )


@ROUTER.post(_ATTEMPT + "/back")
async def back(
    session: str,
    attempt: str,
    asked: WithReason,
    by: Reviews,
    command: CommandId,
    writer: TheWriter,
    calendar: TheCalendar,
) -> Outcome:
    """A disputed result goes back to review."""
    return await writer.submit(
        lambda desk: actions.take_back(desk, session, attempt, by, asked.reason, calendar), command=command
    )


@ROUTER.post(_ATTEMPT + "/confirm")
async def confirm(
    session: str,
    attempt: str,
    asked: MaybeReason,
    by: ConfirmingBody,
    command: CommandId,
    writer: TheWriter,
    calendar: TheCalendar,
) -> Outcome:
    """The confirming body confirms one result."""
    return await writer.submit(
        lambda desk: actions.confirm(desk, session, attempt, by, asked.reason, calendar), command=command
    )


@ROUTER.post(_ATTEMPT + "/rescore")
async def rescore(
    session: str,
    attempt: str,
    asked: WithReason,
    by: ConfirmingBody,
    command: CommandId,
    database: TheDatabase,
    writer: TheWriter,
    wrapping: TheWrapping,
) -> Outcome:
    """Score by ruling what was delivered after the record form was signed."""
    wanted = await writer.submit(lambda desk: actions.ask_rescoring(desk, session, attempt, by))
    scored = await asyncio.to_thread(_scored, database, session, wanted, wrapping)
    return await writer.submit(
        lambda desk: actions.keep_rescored(desk, session, attempt, by, scored, asked.reason), command=command
    )


@ROUTER.post("/sessions/{session}/begin-review")
async def begin_review(
    session: str, by: Reviews, command: CommandId, writer: TheWriter, calendar: TheCalendar
) -> Outcome:
    """The signed session comes under review; the first look at an attempt does the same."""
    return await writer.submit(lambda desk: actions.begin(desk, session, by, calendar), command=command)


@ROUTER.post("/sessions/{session}/confirm")
async def confirm_session(
    session: str, by: ConfirmingBody, command: CommandId, writer: TheWriter, calendar: TheCalendar
) -> Outcome:
    """Confirm every result of a session and the session itself, or nothing, with everything that stands before it."""
    await writer.submit(lambda desk: actions.check_session(desk, session, by, calendar))
    while await writer.submit(lambda desk: actions.confirm_piece(desk, session, by)):
        pass
    return await writer.submit(lambda desk: actions.close_session(desk, session, by), command=command)


def _to_review(database: Database) -> list[str]:
    with database.read() as db:
        return sessions_to_review(db)


def _score_lines(
    database: Database, session: str, attempt: str, given: Given, wrapping: bytes
) -> list[ScoreLine]:
    with database.read() as db:
        return score_lines(db, session, attempt, given, wrapping)


def _scored(database: Database, session: str, wanted: list[ToScore], wrapping: bytes) -> list[Scored]:
    with database.read() as db:
        return score(db, session_secret(db, session, wrapping), wanted)
