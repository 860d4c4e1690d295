"""Sessions over HTTP: planned by the office, approved by the confirming body, run by proctors."""

from typing import Annotated, Any

from fastapi import APIRouter

from server.errors import Forbidden, NotFound
from server.papers.access import TheWrapping
from server.papers.actions import promise
from server.people.access import (
    CommandId,
    ExamOffice,
    NotTheBank,
    ThePasswords,
    of_the_room,
    requires,
    second_person,
)
from server.people.actions import check_password
from server.people.rules import Person, Role
from server.sessions import actions, queries
from server.sessions.schemas import (
    Extension,
    NewSession,
    Outcome,
    RulesReading,
    SchemeShown,
    Seconded,
    SessionShown,
    StartConfirmation,
    WithReason,
)
from server.web import TheDatabase, TheSchemes, TheWriter
from server.writer.desk import Desk

ROUTER = APIRouter(prefix="/api/sessions", tags=["sessions"])

Proctor = Annotated[Person, of_the_room(Role.PROCTOR)]
Reader = Annotated[Person, of_the_room(Role.PROCTOR, Role.QUALITY_SUPERVISOR)]


@ROUTER.get("")
def sessions(_by: NotTheBank, database: TheDatabase) -> list[SessionShown]:
    """All sessions by their start."""
    with database.read() as db:
        return [SessionShown.of(row) for row in queries.sessions(db)]


@ROUTER.post("", status_code=201)
async def plan(
    asked: NewSession,
    by: ExamOffice,
    command: CommandId,
    writer: TheWriter,
    schemes: TheSchemes,
    wrapping: TheWrapping,
) -> Outcome:
    """Plan a session under a shipped scheme or one of the room's own; its policy is pinned from here.

    So is the server's part of the draw's secret.
    """
    scheme = schemes.get(asked.scheme)
    if scheme is None:
        raise NotFound(what=f"scheme {asked.scheme}")
    planned = actions.Plan(
        id=asked.id,
        batch=asked.batch,
        room=asked.room,
        title=asked.title,
        run_type=asked.run_type,
        starts_at=asked.starts_at,
        subjects={each.subject: (each.bank, each.blueprint) for each in asked.subjects},
    )

    def verb(desk: Desk) -> Outcome:
        outcome = actions.plan(desk, planned, scheme, by.id)
        promise(desk, planned.id, wrapping, by.id)
        return outcome

    return await writer.submit(verb, command=command)


@ROUTER.get("/{session}")
def session(session: str, _by: NotTheBank, database: TheDatabase) -> SessionShown:
    """One session."""
    with database.read() as db:
        return SessionShown.of(queries.session_row(db, session))


@ROUTER.get("/{session}/scheme")
def scheme(session: str, _by: NotTheBank, database: TheDatabase) -> SchemeShown:
    """The policy this session pinned, as far as screens need it."""
    with database.read() as db:
        return SchemeShown.of(queries.scheme_of(queries.session_row(db, session)))


def _step_route(verb: str, step: actions.Step, permitted: Any) -> None:
    """A route for a step of the lifecycle that needs no more than who and why."""

    @ROUTER.post(f"/{{session}}/{verb}", name=verb, description=f"The session becomes {step}.")
    async def take_step(
        session: str,
        asked: WithReason,
        by: Annotated[Person, permitted],
        command: CommandId,
        writer: TheWriter,
    ) -> Outcome:
        return await writer.submit(
            lambda desk: actions.move(desk, session, step, by.id, asked.reason), command=command
        )


_step_route("apply", "applied", requires(Role.EXAM_OFFICE))
_step_route("cancel", "cancelled", requires(Role.EXAM_OFFICE))
_step_route("archive", "archived", requires(Role.EXAM_OFFICE))
_step_route("approve", "approved", requires(Role.CONFIRMING_BODY))
_step_route("return", "returned", requires(Role.CONFIRMING_BODY))
_step_route("open-check-in", "check_in", of_the_room(Role.PROCTOR, beside={Role.EXAM_OFFICE}))


@ROUTER.post("/{session}/rules-read")
async def rules_read(
    session: str, asked: RulesReading, by: Reader, command: CommandId, writer: TheWriter
) -> Outcome:
    """The rules were read aloud, or are waived with a reason; gates the start."""
    return await writer.submit(
        lambda desk: actions.read_rules(desk, session, by.id, waived=asked.waived, reason=asked.reason),
        command=command,
    )


@ROUTER.post("/{session}/confirm-start")
async def confirm_start(
    session: str,
    asked: StartConfirmation,
    by: Proctor,
    command: CommandId,
    passwords: ThePasswords,
    writer: TheWriter,
) -> Outcome:
    """One of the two proctors who gate the start; the second may use the same console with a password."""
    person = by
    if asked.login is not None and asked.password is not None:
        person = await check_password(passwords, asked.login, asked.password, at=by)
        if Role.PROCTOR not in person.roles:
            raise Forbidden()
    return await writer.submit(lambda desk: actions.confirm_start(desk, session, person.id), command=command)


@ROUTER.post("/{session}/start")
async def start(
    session: str,
    by: Proctor,
    command: CommandId,
    passwords: ThePasswords,
    writer: TheWriter,
    asked: Seconded | None = None,
) -> Outcome:
    """Begin at one instant for every seat; long before the approved time, with a reason and a second proctor."""
    asked = asked or Seconded()
    second = await second_person(passwords, asked.login, asked.password, at=by)
    if second is not None and Role.PROCTOR not in second.roles:
        raise Forbidden()
    return await writer.submit(
        lambda desk: actions.start(
            desk, session, by.id, second=None if second is None else second.id, reason=asked.reason
        ),
        command=command,
    )


@ROUTER.post("/{session}/pause")
async def pause(
    session: str, asked: WithReason, by: Proctor, command: CommandId, writer: TheWriter
) -> Outcome:
    """All clocks stand still."""
    return await writer.submit(
        lambda desk: actions.pause(desk, session, by.id, asked.reason or ""), command=command
    )


@ROUTER.post("/{session}/resume")
async def resume(session: str, by: Proctor, command: CommandId, writer: TheWriter) -> Outcome:
    """All clocks go on."""
    return await writer.submit(lambda desk: actions.resume(desk, session, by.id), command=command)


@ROUTER.post("/{session}/extend")
async def extend(
    session: str, asked: Extension, by: Proctor, command: CommandId, writer: TheWriter
) -> Outcome:
    """补时 for everyone."""
    return await writer.submit(
        lambda desk: actions.extend(desk, session, by.id, asked.minutes, asked.reason), command=command
    )
