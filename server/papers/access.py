"""The key that wraps session secrets, for routes: derived from the room's key, never stored."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from protocol.keys import SigningKey
from protocol.sealing import derive
from server.stations.keys import RoomKeys


def wrapping_key(room: SigningKey) -> bytes:
    """The 32-byte key under which session secrets rest."""
    return derive(room.to_raw(), "wrap", "session")


def _wrapping(connection: HTTPConnection) -> bytes:
    keys: RoomKeys = connection.app.state.keys
    return wrapping_key(keys.room)


TheWrapping = Annotated[bytes, Depends(_wrapping)]
