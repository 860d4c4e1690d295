"""Evidence over HTTP: one attempt's bundle, for those who may take it; taking it is recorded."""

import asyncio
from collections.abc import AsyncIterator
from typing import IO, Annotated

from fastapi import APIRouter, Depends
from starlette.requests import HTTPConnection
from starlette.responses import StreamingResponse

from protocol.keys import SigningKey
from server.evidence import actions
from server.people.access import requires
from server.people.rules import Person, Role
from server.stations.keys import RoomKeys
from server.web import TheClock, TheDatabase, TheStore, TheWriter

ROUTER = APIRouter(prefix="/api/sessions/{session}/attempts/{attempt}", tags=["evidence"])

CHUNK_BYTES = 262_144

TakesEvidence = Annotated[Person, requires(Role.REVIEWER, Role.CONFIRMING_BODY, Role.ARCHIVIST)]


def _room_key(connection: HTTPConnection) -> SigningKey:
    keys: RoomKeys = connection.app.state.keys
    return keys.room


@ROUTER.get("/bundle", response_class=StreamingResponse)
async def bundle(
    session: str,
    attempt: str,
    by: TakesEvidence,
    database: TheDatabase,
    store: TheStore,
    clock: TheClock,
    writer: TheWriter,
    key: Annotated[SigningKey, Depends(_room_key)],
) -> StreamingResponse:
    """The evidence bundle of an attempt as the ledger stands now; ``kaochang bundle verify`` checks it anywhere."""
    file = await asyncio.to_thread(actions.build, database, store, key, session, attempt, clock.now_ms())
    try:
        await writer.submit(lambda desk: actions.record_taken(desk, session, attempt, by.id))
        size = file.seek(0, 2)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    headers = {
        "content-disposition": f'attachment; filename="{attempt}.kaochang.zip"',
        "content-length": str(size),
    }
    return StreamingResponse(_chunks(file), media_type="application/zip", headers=headers)


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield chunk
    finally:
        file.close()
