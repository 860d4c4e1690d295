"""The beginning of a link: the server speaks first, the station proves its key, both know the protocol they speak."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import WebSocket
from pydantic import TypeAdapter, ValidationError

from protocol import from_station, limits, wire
from protocol.keys import Purpose, verify
from protocol.shapes import Closed
from protocol.to_station import Challenge, Refused, Welcome
from protocol.version import PROTOCOL, PROTOCOL_MIN
from server import errors
from server.attempts.receiving import Author
from server.attempts.signing_in import Machine
from server.db import Database
from server.stations.queries import station_by_id

HANDSHAKE_S_MAX = 10.0
"""Seconds a station has to say hello."""

_MESSAGES: TypeAdapter[Any] = TypeAdapter(from_station.Message)


class NotAStation(errors.Refused):
    """The key or the id is not one this room enrolled."""

    code = "not_enrolled"
    zh = "该考试机未在本考场登记，请重新登记。"
    en = "This station is not enrolled in this room; enrol it again."


class OldProtocol(errors.Refused):
    """Stations are updated before check-in, never during."""

    code = "protocol"
    zh = "考试机软件协议版本为 {theirs}，本考场支持 {low} 至 {high}，请更新考试机软件。"
    en = "The station speaks protocol {theirs}; this room speaks {low} to {high}. Update the station."


class MalformedMessage(errors.Refused):
    """What came is no message of this protocol; the link stays."""

    code = "malformed"
    status = 422
    zh = "收到无法识别的消息，未采用。请更新或重启考试机软件。（{why}）"
    en = "This is no message of the protocol and was passed over. Update or restart the station's software. ({why})"


@dataclass(frozen=True, slots=True)
class Door:
    """What the handshake needs of the room: the server's run, its public key, its register and its time."""

    run: str
    room_key: str
    database: Database
    now: Callable[[], int]
    title_of: Callable[[str], str]


async def shake_hands(socket: WebSocket, door: Door) -> tuple[Author, Machine] | None:
    """Challenge, hello and welcome on an accepted socket; None when the station was told why it stays outside."""
    nonce = secrets.token_hex(32)
    server = door.run
    await socket.send_text(
        Challenge(
            protocol_min=PROTOCOL_MIN,
            protocol_max=PROTOCOL,
            server=server,
            nonce=nonce,
            room_time=door.now(),
        ).model_dump_json()
    )
    try:
        hello = read_message(await socket.receive_text())
    except wire.Malformed as error:
        await socket.send_text(refused(MalformedMessage(why=error), None, True).model_dump_json())
        return None
    if not isinstance(hello, from_station.Hello):
        await socket.send_text(
            refused(MalformedMessage(why="hello comes first"), None, True).model_dump_json()
        )
        return None
    if not PROTOCOL_MIN <= hello.protocol <= PROTOCOL:
        old = OldProtocol(theirs=hello.protocol, low=PROTOCOL_MIN, high=PROTOCOL)
        await socket.send_text(refused(old, None, True).model_dump_json())
        return None
    known = await asyncio.to_thread(_station, door, hello.station)
    statement = f"{nonce}\n{server}\n{hello.station}"
    if (
        known is None
        or known[0] != hello.key
        or not verify(hello.key, Purpose.LINK, statement, hello.signature)
    ):
        await socket.send_text(refused(NotAStation(), None, True).model_dump_json())
        return None
    machine = known[1]
    await socket.send_text(
        Welcome(
            protocol=hello.protocol,
            room_key=door.room_key,
            seat=machine.seat,
            room=machine.room_title,
            room_time=door.now(),
        ).model_dump_json()
    )
    return Author(hello.station, hello.key, door.room_key), machine


def read_message(text: str) -> Closed:
    """One message of a station; raises Malformed with a sentence."""
    found = wire.read(text, bytes_max=limits.FRAME_BYTES_MAX)
    try:
        message: Closed = _MESSAGES.validate_python(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise wire.Malformed(f"{place}: {first['msg']}") from error
    return message


def refused(refusal: errors.Refused, request: str | None, fatal: bool) -> Refused:
    """A refusal as a station is told it."""
    return Refused(
        request=request,
        code=refusal.code,
        sentence_zh=refusal.sentence_zh,
        sentence_en=refusal.sentence_en,
        fatal=fatal,
    )


def _station(door: Door, station: str) -> tuple[str, Machine] | None:
    with door.database.read() as db:
        row = station_by_id(db, station)
        if row is None or row.public_key is None:
            return None
        return row.public_key, Machine(row.id, row.seat, row.room, door.title_of(row.room))
