"""Scoring by hand over HTTP: an assessor's answers one at a time, and the office's view of how far it is."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import HTTPConnection
from starlette.responses import Response

from protocol.keys import decode
from protocol.paper import SeatPicture
from server.db import Database
from server.hand_scoring import actions, queries, showing
from server.hand_scoring.actions import Shown, WhyRecused
from server.hand_scoring.rules import HandScores, progress
from server.hand_scoring.schemas import (
    AnswerShown,
    AssessorShown,
    NextShown,
    Outcome,
    ProgressShown,
    ScoreAsked,
    SessionToScore,
)
from server.hand_scoring.showing import put_before
from server.papers.access import TheWrapping
from server.people.access import CommandId, requires
from server.people.queries import people_by_id
from server.people.rules import Person, Role
from server.sessions.actions import facts_of
from server.web import TheDatabase, TheWriter
from server.writer.desk import Desk

ROUTER = APIRouter(prefix="/api", tags=["hand scoring"])

Assessor = Annotated[Person, requires(Role.ASSESSOR)]
SeesProgress = Annotated[Person, requires(Role.EXAM_OFFICE, Role.REVIEWER, Role.CONFIRMING_BODY)]


def _why_recused(connection: HTTPConnection) -> WhyRecused:
    why: WhyRecused = connection.app.state.why_recused
    return why


TheRecusal = Annotated[WhyRecused, Depends(_why_recused)]


@ROUTER.get("/hand-scoring")
async def sessions(
    by: Assessor, database: TheDatabase, writer: TheWriter, why_recused: TheRecusal
) -> list[SessionToScore]:
    """Sessions with answers that are scored by hand; how many wait for this assessor."""
    found = await asyncio.to_thread(_sessions, database)
    shown = []
    for session, title in found:
        one = await writer.submit(
            lambda desk, key=session, name=title: _session(desk, key, name, by, why_recused)  # type: ignore[misc]
        )
        if one is not None:
            shown.append(one)
    return shown


@ROUTER.post("/hand-scoring/{session}/next")
async def take(
    session: str,
    by: Assessor,
    database: TheDatabase,
    writer: TheWriter,
    wrapping: TheWrapping,
    why_recused: TheRecusal,
) -> NextShown:
    """The next answer for this assessor, the same until it is scored; that it was shown stands on the ledger."""
    shown = await writer.submit(lambda desk: actions.take(desk, session, by, why_recused))
    answer = None if shown is None else await asyncio.to_thread(_shown, database, session, wrapping, shown)
    return NextShown(answer=answer)


@ROUTER.get("/hand-scoring/{session}/answers/{key}")
async def again(
    session: str,
    key: str,
    by: Assessor,
    database: TheDatabase,
    writer: TheWriter,
    wrapping: TheWrapping,
    why_recused: TheRecusal,
) -> AnswerShown:
    """An answer this assessor was shown before."""
    shown = await writer.submit(lambda desk: actions.again(desk, session, key, by, why_recused))
    return await asyncio.to_thread(_shown, database, session, wrapping, shown)


@ROUTER.get("/hand-scoring/{session}/answers/{key}/pictures/{name}", response_class=Response)
async def picture(
    session: str,
    key: str,
    name: str,
    by: Assessor,
    database: TheDatabase,
    writer: TheWriter,
    wrapping: TheWrapping,
    why_recused: TheRecusal,
) -> Response:
    """A picture of the question of an answer this assessor was shown."""
    shown = await writer.submit(lambda desk: actions.again(desk, session, key, by, why_recused))
    found = await asyncio.to_thread(_picture, database, session, wrapping, shown.attempt, name)
    # A drawing may hold scripts; opened by itself it runs none.
    alone = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    return Response(decode(found.data), media_type=found.media_type, headers=alone)


@ROUTER.post("/hand-scoring/{session}/answers/{key}")
async def give(
    session: str,
    key: str,
    asked: ScoreAsked,
    by: Assessor,
    command: CommandId,
    writer: TheWriter,
    why_recused: TheRecusal,
) -> Outcome:
    """Score an answer, or score it anew while it is not settled."""
    return await writer.submit(
        lambda desk: actions.give(desk, session, key, by, asked.score, asked.note, why_recused),
        command=command,
    )


@ROUTER.get("/sessions/{session}/hand-scoring")
async def how_far(session: str, _by: SeesProgress, writer: TheWriter) -> ProgressShown:
    """How far a session's scoring by hand is."""
    return await writer.submit(lambda desk: _progress(desk, session))


def _sessions(database: Database) -> list[tuple[str, str]]:
    with database.read() as db:
        return queries.sessions_to_score(db)


def _shown(database: Database, session: str, wrapping: bytes, shown: Shown) -> AnswerShown:
    with database.read() as db:
        return put_before(db, session, wrapping, shown)


def _picture(database: Database, session: str, wrapping: bytes, attempt: str, name: str) -> SeatPicture:
    with database.read() as db:
        return showing.picture(db, session, wrapping, attempt, name)


def _session(
    desk: Desk, session: str, title: str, by: Person, why_recused: WhyRecused
) -> SessionToScore | None:
    scores = desk.day(session).part(HandScores)
    answers = [one for each in scores.by_attempt.values() for one in each.answers.values()]
    if not answers:
        return None
    return SessionToScore(
        session=session,
        title=title,
        given=sum(one.of(by.id) is not None for one in answers),
        left=sum(one.waits_for(by.id, desk.now) for one in answers),
        recused=why_recused(desk, session, None, by) is not None,
    )


def _progress(desk: Desk, session: str) -> ProgressShown:
    facts_of(desk, session)
    scores = desk.day(session).part(HandScores)
    found = progress(scores)
    names = people_by_id(desk.db, found.by_person)
    return ProgressShown(
        session=session,
        answers=found.answers,
        settled=found.settled,
        third=found.third,
        attempts=len(scores.by_attempt),
        attempts_waiting=sum(scores.waiting(attempt) > 0 for attempt in scores.by_attempt),
        assessors=[
            AssessorShown(person=key, name=names[key].display_name if key in names else key, given=given)
            for key, given in sorted(found.by_person.items())
        ],
    )
