"""What routes of every noun are given: the room's parts, and how a large body is read within its limit.

The app puts the parts on its state; a route names the one it needs in its signature.
"""

import tempfile
from collections.abc import Mapping
from typing import IO, Annotated

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from config.scheme import Scheme
from recordings.store import Store
from server.clock import RoomClock
from server.db import Database
from server.errors import Refused
from server.settings import Settings
from server.writer.writer import Writer

SPOOL_BYTES = 4 * 1_048_576
"""An upload stays in memory up to here, then goes to a temporary file."""


class TooLarge(Refused):
    """More bytes than this may have."""

    code = "too_large"
    status = 413
    zh = "上传内容超过 {limit} 字节的上限。"
    en = "The upload is larger than the limit of {limit} bytes."


def _writer(connection: HTTPConnection) -> Writer:
    writer: Writer = connection.app.state.writer
    return writer


def _database(connection: HTTPConnection) -> Database:
    database: Database = connection.app.state.database
    return database


def _clock(connection: HTTPConnection) -> RoomClock:
    clock: RoomClock = connection.app.state.clock
    return clock


def _settings(connection: HTTPConnection) -> Settings:
    settings: Settings = connection.app.state.settings
    return settings


def _store(connection: HTTPConnection) -> Store:
    store: Store = connection.app.state.store
    return store


def _schemes(connection: HTTPConnection) -> Mapping[str, Scheme]:
    schemes: Mapping[str, Scheme] = connection.app.state.schemes
    return schemes


TheSchemes = Annotated[Mapping[str, Scheme], Depends(_schemes)]
TheWriter = Annotated[Writer, Depends(_writer)]
TheDatabase = Annotated[Database, Depends(_database)]
TheClock = Annotated[RoomClock, Depends(_clock)]
TheSettings = Annotated[Settings, Depends(_settings)]
TheStore = Annotated[Store, Depends(_store)]


async def read_upload(request: Request, bytes_max: int) -> IO[bytes]:
    """The request's body as an open temporary file, at its beginning; raises :class:`TooLarge` one byte past."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > bytes_max:
        raise TooLarge(limit=bytes_max)
    # The caller reads it to its end and closes it.
    file = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > bytes_max:
            file.close()
            raise TooLarge(limit=bytes_max)
        file.write(chunk)
    file.seek(0)
    return file
