"""Pictures over HTTP: put by stations under their own signature, seen by people with a role."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from starlette.requests import HTTPConnection

from protocol.limits import DIGEST_PATTERN, ID_PATTERN
from recordings.store import StoreDamaged
from server.attempts.queries import attempt_row
from server.db import Database
from server.errors import NotFound, Refused
from server.people.access import sees_the_room
from server.people.rules import Person, Role
from server.snapshots.intake import Intake
from server.snapshots.queries import has_received, snapshots_of
from server.snapshots.schemas import SnapshotsShown
from server.snapshots.thumbnails import Thumbnails
from server.web import TheDatabase, TheStore

ROUTER = APIRouter(prefix="/api", tags=["snapshots"])

UPLOADS = {"PUT /api/snapshots/*": None}
"""Requests whose routes count their own bodies."""

Digest = Annotated[str, Path(pattern=DIGEST_PATTERN)]
StationHeader = Annotated[str, Header(pattern=ID_PATTERN)]
SeesPictures = Annotated[
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


class PictureDamaged(Refused):
    """The bytes on disk are not those the digest names: evidence is missing, and says so."""

    code = "picture_damaged"
    status = 500
    zh = "该照片在磁盘上已损坏，不能作为证据显示。"
    en = "This picture was damaged on disk and is not shown."


def _intake(connection: HTTPConnection) -> Intake:
    intake: Intake = connection.app.state.intake
    return intake


def _thumbnails(connection: HTTPConnection) -> Thumbnails:
    thumbnails: Thumbnails = connection.app.state.thumbnails
    return thumbnails


@ROUTER.put("/snapshots/{digest}", status_code=204)
async def put_snapshot(
    digest: Digest,
    request: Request,
    intake: Annotated[Intake, Depends(_intake)],
    x_kaochang_station: StationHeader,
    x_kaochang_attempt: StationHeader,
    x_kaochang_signature: Annotated[str, Header(min_length=88, max_length=88)],
    content_length: Annotated[int | None, Header(ge=0)] = None,
) -> None:
    """Keep one picture of a seat. Once this is answered its bytes and its entry are durable; a repeat is harmless."""
    await intake.take(
        digest,
        x_kaochang_station,
        x_kaochang_attempt,
        x_kaochang_signature,
        content_length,
        request.stream(),
    )


@ROUTER.get("/sessions/{session}/snapshots/{digest}", response_class=Response)
async def snapshot(
    session: str,
    digest: Digest,
    request: Request,
    _by: SeesPictures,
    database: TheDatabase,
    store: TheStore,
    thumbnails: Annotated[Thumbnails, Depends(_thumbnails)],
    thumb: bool = False,
) -> Response:
    """A picture's JPEG, or its thumbnail; asked again with its tag it is only confirmed, login checked each time."""
    tag = f'"{digest}{"-t" if thumb else ""}"'
    headers = {"cache-control": "private, no-cache", "etag": tag}
    if not await asyncio.to_thread(_held, database, session, digest):
        raise NotFound(what="照片 picture")
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    try:
        data = await thumbnails.get(digest) if thumb else await asyncio.to_thread(store.get, digest)
    except FileNotFoundError as error:
        raise NotFound(what="照片 picture") from error
    except StoreDamaged as error:
        raise PictureDamaged() from error
    return Response(data, media_type="image/jpeg", headers=headers)


@ROUTER.get("/sessions/{session}/attempts/{attempt}/snapshots")
def snapshots(session: str, attempt: str, _by: SeesPictures, database: TheDatabase) -> SnapshotsShown:
    """Every picture of an attempt, with what is outstanding and what was missed."""
    with database.read() as db:
        if attempt_row(db, attempt).session != session:
            raise NotFound(what=f"attempt {attempt}")
        return SnapshotsShown.of(snapshots_of(db, attempt))


def _held(database: Database, session: str, digest: str) -> bool:
    with database.read() as db:
        return has_received(db, session, digest)
