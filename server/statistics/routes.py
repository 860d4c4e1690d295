"""Statistics over HTTP: of a session after the exam, of a bank over its sessions, and difficulties taken over."""

import asyncio
from typing import Annotated

from fastapi import APIRouter

from server.bank.actions import read
from server.bank.working import TheWorking
from server.db import Database
from server.papers.access import TheWrapping
from server.people.access import CommandId, requires
from server.people.rules import Person, Role
from server.sessions.models import ExamSession
from server.sessions.queries import session_row
from server.statistics.computing import Computed
from server.statistics.difficulties import prepare_difficulties
from server.statistics.figures import Figures
from server.statistics.pooling import pool, proposals
from server.statistics.queries import sessions_of_bank
from server.statistics.schemas import (
    BankItemFigures,
    BankSession,
    BankStatistics,
    DifficultiesAsked,
    DifficultiesTaken,
    SessionStatistics,
    SubjectFigures,
)
from server.web import TheDatabase, TheWriter

ROUTER = APIRouter(prefix="/api", tags=["statistics"])

COMPUTED_PER_QUESTION = 3
"""Sessions computed anew for one question about a bank; the rest is told to be waiting, and asked for again."""

Sees = Annotated[Person, requires(Role.EXAM_OFFICE, Role.REVIEWER, Role.CONFIRMING_BODY, Role.BANK_KEEPER)]
Keeper = Annotated[Person, requires(Role.BANK_KEEPER)]


@ROUTER.get("/sessions/{session}/statistics")
async def of_session(
    session: str, by: Sees, database: TheDatabase, writer: TheWriter, wrapping: TheWrapping
) -> SessionStatistics:
    """How items and papers of a session did; for bank keepers with the options, which the ledger tells."""
    found = await Figures(writer, database, wrapping).of_session(session)
    keys = Role.BANK_KEEPER in by.roles
    if keys:
        for gathered, computed in found:
            refs = sorted({one.ref[:2] for one in computed.analysis.items})
            bank = gathered.bank
            await writer.submit(
                lambda desk, bank=bank, refs=refs: read(desk, bank, "statistics", refs, by.id)  # type: ignore[misc]
            )
    row = await asyncio.to_thread(_session, database, session)
    return SessionStatistics(
        session=session,
        title=row.title,
        state=row.state,
        subjects=[SubjectFigures.of(one.subject, one.bank, computed, keys=keys) for one, computed in found],
    )


@ROUTER.get("/bank/{bank}/statistics")
async def of_bank(
    bank: str, _by: Keeper, database: TheDatabase, writer: TheWriter, wrapping: TheWrapping
) -> BankStatistics:
    """A bank's items over all sessions that are over, with the difficulties they propose."""
    sessions, computed, waiting = await _over_sessions(bank, Figures(writer, database, wrapping), database)
    pooled, found = pool(computed), proposals(computed)
    return BankStatistics(
        bank=bank,
        sessions=sessions,
        waiting=waiting,
        items=[
            BankItemFigures.of(one, found) for _, one in sorted(pooled.items(), key=lambda each: str(each[0]))
        ],
    )


@ROUTER.post("/bank/{bank}/statistics/difficulties")
async def take_over(
    bank: str,
    asked: DifficultiesAsked,
    by: Keeper,
    command: CommandId,
    working: TheWorking,
    database: TheDatabase,
    writer: TheWriter,
    wrapping: TheWrapping,
) -> DifficultiesTaken:
    """New versions with the observed difficulty, proposed by this keeper; a second keeper approves them."""
    _, computed, _ = await _over_sessions(bank, Figures(writer, database, wrapping), database)
    found = proposals(computed)
    wanted = {
        (one.code, one.version): found[one.code, one.version].difficulty
        for one in asked.refs
        if (one.code, one.version) in found
    }
    unknown = [one.code for one in asked.refs if (one.code, one.version) not in found]
    _, passed_over = await working.look(
        bank, lambda db, opened_bank, key: prepare_difficulties(db, opened_bank, wanted, key)
    )
    if len(passed_over) == len(wanted):
        return DifficultiesTaken(proposed=0, passed_over=[*unknown, *passed_over])
    await working.change(
        bank,
        lambda db, opened_bank, key: prepare_difficulties(db, opened_bank, wanted, key)[0],
        by.id,
        command=command,
    )
    return DifficultiesTaken(proposed=len(wanted) - len(passed_over), passed_over=[*unknown, *passed_over])


async def _over_sessions(
    bank: str, figures: Figures, database: Database
) -> tuple[list[BankSession], list[Computed], int]:
    rows = await asyncio.to_thread(_sessions, database, bank)
    shown: list[BankSession] = []
    computed: list[Computed] = []
    left = COMPUTED_PER_QUESTION
    for row in rows:
        found = await figures.kept_of(row.id)
        if found is None and left:
            found, left = await figures.of_session(row.id), left - 1
        mine = [each for one, each in found or [] if one.bank == bank]
        computed += mine
        shown.append(_bank_session(row, mine, found is not None))
    return shown, computed, sum(not one.computed for one in shown)


def _bank_session(row: ExamSession, found: list[Computed], computed: bool) -> BankSession:
    paper = found[0].analysis.paper if found else None
    return BankSession(
        session=row.id,
        title=row.title,
        starts_at=row.starts_at,
        computed=computed,
        n=0 if paper is None else paper.n,
        mean=None if paper is None else paper.mean,
        max_score=0 if paper is None else paper.max_score,
        reliability=None if paper is None else paper.reliability.value,
        method=None if paper is None else paper.reliability.method,
    )


def _sessions(database: Database, bank: str) -> list[ExamSession]:
    with database.read() as db:
        return sessions_of_bank(db, bank)


def _session(database: Database, session: str) -> ExamSession:
    with database.read() as db:
        return session_row(db, session)
