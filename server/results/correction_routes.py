"""Key corrections over HTTP: proposed with a report of who changes, ruled on by two people, or withdrawn."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import ValidationError
from starlette.requests import HTTPConnection

from question_bank.corrections import KeyCorrection
from server.bank.actions import read
from server.candidates.queries import candidates_by_id
from server.corrections import actions
from server.corrections.actions import CorrectionDoesNotFit, WhyRecused
from server.corrections.rules import Correction, KeyCorrections
from server.corrections.sealing import Sealed, seal
from server.db import Database
from server.errors import Forbidden
from server.papers.access import TheWrapping
from server.papers.queries import draws, session_secret
from server.people.access import CommandId, ThePasswords, requires
from server.people.actions import check_password
from server.people.queries import people_by_id
from server.people.rules import Person, Role
from server.results import correcting
from server.results.correcting import Basis, Report
from server.results.correction_schemas import (
    ChangeShown,
    CorrectionAsked,
    CorrectionShown,
    Outcome,
    ReportShown,
    RulingAsked,
    SecondRuling,
    WithReason,
    item_corrected,
    meant,
)
from server.sessions.actions import facts_of
from server.web import TheDatabase, TheWriter
from server.writer.desk import Desk
from server.writer.registers import new_id

ROUTER = APIRouter(prefix="/api/sessions/{session}/corrections", tags=["corrections"])

RULES = frozenset({Role.REVIEWER, Role.CONFIRMING_BODY})
"""Who may sign that a correction counts."""

Proposes = Annotated[Person, requires(Role.BANK_KEEPER, *RULES)]
Rules = Annotated[Person, requires(*RULES)]
Sees = Annotated[Person, requires(Role.BANK_KEEPER, Role.EXAM_OFFICE, Role.ARCHIVIST, *RULES)]


def _why_recused(connection: HTTPConnection) -> WhyRecused:
    why: WhyRecused = connection.app.state.why_recused
    return why


TheRecusal = Annotated[WhyRecused, Depends(_why_recused)]


@ROUTER.get("")
async def corrections(session: str, _by: Sees, writer: TheWriter) -> list[CorrectionShown]:
    """All corrections of a session, the newest first; no key is among it."""
    return await writer.submit(lambda desk: _list(desk, session))


@ROUTER.post("")
async def propose(
    session: str,
    asked: CorrectionAsked,
    by: Proposes,
    command: CommandId,
    database: TheDatabase,
    writer: TheWriter,
    wrapping: TheWrapping,
) -> Outcome:
    """Propose another key, full score for all, or a void item; binds nothing."""
    try:
        said = meant(asked)
    except ValidationError as wrong:
        raise CorrectionDoesNotFit(why=wrong.errors()[0]["msg"]) from wrong
    concerned = await writer.submit(lambda desk: actions.sessions_concerned(desk, session, asked.scope))
    correction = new_id("kc")
    sealed = await asyncio.to_thread(_seal, database, concerned, correction, said, wrapping)
    return await writer.submit(
        lambda desk: actions.propose(desk, session, correction, said, asked.scope, sealed, by, asked.reason),
        command=command,
    )


@ROUTER.get("/{correction}/report")
async def report(
    session: str,
    correction: str,
    by: Proposes,
    database: TheDatabase,
    writer: TheWriter,
    wrapping: TheWrapping,
) -> ReportShown:
    """Who would change and by how much; that a person read the item stands on the ledger."""
    basis = await writer.submit(lambda desk: correcting.basis_of(desk, session, correction))
    made = await asyncio.to_thread(_report, database, basis, session, correction, wrapping)
    return await writer.submit(lambda desk: _shown(desk, session, correction, made, by))


@ROUTER.post("/{correction}/rule")
async def rule(
    session: str,
    correction: str,
    asked: RulingAsked,
    by: Rules,
    command: CommandId,
    passwords: ThePasswords,
    database: TheDatabase,
    writer: TheWriter,
    wrapping: TheWrapping,
    why: TheRecusal,
) -> Outcome:
    """The first of two people rules that the report they saw be applied."""
    await check_password(passwords, by.login, asked.password.get_secret_value(), at=by)
    basis = await writer.submit(lambda desk: correcting.basis_of(desk, session, correction))
    made = await asyncio.to_thread(_report, database, basis, session, correction, wrapping)
    if made.digest != asked.report:
        raise actions.ReportChanged()
    return await writer.submit(
        lambda desk: actions.rule(desk, session, correction, by, asked.report, asked.reason, why),
        command=command,
    )


@ROUTER.post("/{correction}/sign")
async def sign(
    session: str,
    correction: str,
    asked: SecondRuling,
    at: Rules,
    command: CommandId,
    passwords: ThePasswords,
    database: TheDatabase,
    writer: TheWriter,
    wrapping: TheWrapping,
    why: TheRecusal,
) -> Outcome:
    """The second signature, by whoever's password is entered: the correction counts, and scores follow at once."""
    signer = await check_password(passwords, asked.login, asked.password.get_secret_value(), at=at)
    if signer.roles.isdisjoint(RULES):
        raise Forbidden()
    basis = await writer.submit(lambda desk: correcting.basis_of(desk, session, correction))
    made = await asyncio.to_thread(_report, database, basis, session, correction, wrapping)
    return await writer.submit(
        lambda desk: correcting.apply(desk, session, correction, signer, asked.report, made, why),
        command=command,
    )


@ROUTER.post("/{correction}/withdraw")
async def withdraw(
    session: str, correction: str, asked: WithReason, by: Proposes, command: CommandId, writer: TheWriter
) -> Outcome:
    """Take a proposal back, or refuse it."""
    return await writer.submit(
        lambda desk: actions.withdraw(desk, session, correction, by, asked.reason), command=command
    )


def _seal(
    database: Database, sessions: list[str], correction: str, said: KeyCorrection, wrapping: bytes
) -> list[Sealed]:
    with database.read() as db:
        correcting.asked_item(db, sessions, said, wrapping)
        return [
            seal(session_secret(db, session, wrapping), session, correction, said) for session in sessions
        ]


def _report(database: Database, basis: Basis, session: str, correction: str, wrapping: bytes) -> Report:
    with database.read() as db:
        return correcting.report(db, basis, session, correction, wrapping)


def _shown(desk: Desk, session: str, correction: str, made: Report, by: Person) -> ReportShown:
    for one in {draw.bank for draw in draws(desk.db, session)}:
        read(desk, one, "correction", [(made.said.item, made.said.version)], by.id)
    # Bank keepers meet no candidates.
    changes = () if by.roles.isdisjoint(RULES) else made.changes
    known = candidates_by_id(desk.db, [one.candidate for one in changes])
    return ReportShown(
        correction=correction,
        report=made.digest,
        item=item_corrected(made.item, made.said),
        scored=made.scored,
        unscored=made.unscored,
        asked=made.asked,
        left_out=made.left_out,
        **made.counts,
        changes=[
            ChangeShown(
                session=one.session,
                attempt=one.attempt,
                seat=one.seat,
                name=known[one.candidate].name if one.candidate in known else "",
                ticket=known[one.candidate].ticket if one.candidate in known else "",
                before=one.before,
                after=one.after,
                max_score=one.max_score,
                passed_before=one.passed_before,
                passed_after=one.passed_after,
                voided=one.voided,
            )
            for one in changes
        ],
    )


def _list(desk: Desk, session: str) -> list[CorrectionShown]:
    facts_of(desk, session)
    found = list(desk.day(session).part(KeyCorrections).by_id.values())
    ids = {who for one in found for who in (one.by, one.ruled_by, one.applied_by, one.withdrawn_by) if who}
    names = {key: person.display_name for key, person in people_by_id(desk.db, ids).items()}
    return [_line(desk, one, names) for one in reversed(found)]


def _line(desk: Desk, one: Correction, names: dict[str, str]) -> CorrectionShown:
    def name(person: str | None) -> str | None:
        return None if person is None else names.get(person, person)

    def text(digest: str | None) -> str | None:
        found = None if digest is None else desk.ledger.note_text(digest)
        return None if found is None else found[1]

    return CorrectionShown(
        correction=one.id,
        item=one.item,
        version=one.version,
        part=one.part,
        remedy=one.remedy,
        scope=one.scope,
        state=one.state.value,
        by=names.get(one.by, one.by),
        at=one.at,
        reason=text(one.note),
        ruled_by=name(one.ruled_by),
        ruled_at=one.ruled_at,
        ruled_reason=text(one.ruled_note),
        applied_by=name(one.applied_by),
        applied_at=one.applied_at,
        withdrawn_by=name(one.withdrawn_by),
        withdrawn_reason=text(one.withdrawn_note),
    )
