"""Record forms over HTTP: read, corrected with reasons, signed by two."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import HTTPConnection

from server.people.access import CommandId, ThePasswords, of_the_room, requires, sees_the_room
from server.people.actions import check_password
from server.people.rules import Person, Role
from server.records import actions
from server.records.schemas import FieldCorrection, Outcome, PatrolRecord, RecordShown, RecordSignature
from server.stations.keys import RoomKeys
from server.web import TheWriter

ROUTER = APIRouter(prefix="/api/sessions/{session}/record", tags=["records"])

ReadsRecord = Annotated[
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
Corrects = Annotated[
    Person,
    of_the_room(Role.PROCTOR, Role.QUALITY_SUPERVISOR, beside={Role.PATROL, Role.EXAM_OFFICE}),
]


def _fingerprint(connection: HTTPConnection) -> str:
    keys: RoomKeys = connection.app.state.keys
    return keys.fingerprint


TheFingerprint = Annotated[str, Depends(_fingerprint)]
"""The room key's name for people, as it is printed on the form."""


@ROUTER.get("")
async def record(session: str, _by: ReadsRecord, writer: TheWriter, room: TheFingerprint) -> RecordShown:
    """The form as the ledger has it, or as it was signed."""
    return await writer.submit(lambda desk: actions.shown(desk, session, room))


@ROUTER.post("/correct")
async def correct(
    session: str, asked: FieldCorrection, by: Corrects, command: CommandId, writer: TheWriter
) -> Outcome:
    """Write something beside a field, with a reason."""
    return await writer.submit(
        lambda desk: actions.correct(desk, session, by, asked.field, asked.value, asked.reason),
        command=command,
    )


@ROUTER.post("/patrol")
async def patrol(
    session: str,
    asked: PatrolRecord,
    by: Annotated[Person, requires(Role.PATROL)],
    command: CommandId,
    writer: TheWriter,
) -> Outcome:
    """巡考记录: a patrol says what it saw."""
    return await writer.submit(
        lambda desk: actions.write_patrol(desk, session, by.id, asked.text), command=command
    )


@ROUTER.post("/sign")
async def sign(
    session: str,
    asked: RecordSignature,
    at: Corrects,
    command: CommandId,
    passwords: ThePasswords,
    writer: TheWriter,
    room: TheFingerprint,
) -> Outcome:
    """One of two signatures: whoever's name and password are given signs, at their own console or a colleague's."""
    person = await check_password(passwords, asked.login, asked.password.get_secret_value(), at=at)
    return await writer.submit(lambda desk: actions.sign(desk, session, person, room), command=command)
