"""A station's link over a real socket: when it is lost, when it is cut, and how often somebody may guess at it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from websockets import ConnectionClosed
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from protocol import from_station, to_station, wire
from protocol import office_entries as office
from protocol import station_entries as station
from protocol.entry import Entry
from protocol.keys import Purpose, SigningKey
from protocol.version import PROTOCOL
from server.app import RoomServer
from server.attempts.budget import BUDGET
from server.live.link import SIGN_IN_TRIES_MAX
from server.live.links import LINKS_PER_STATION_MAX, UNPROVED_PER_ADDRESS_MAX
from server.rooms.models import RoomRow, SeatRow, SiteRow
from server.stations import actions as stations
from server.stations.models import StationRow
from server.writer.desk import Desk
from tests.server.room import Room, Seat
from tests.server.serving import serving
from tests.station.waiting import until

STATION = "r1.1"


class Here(Room):
    """A room that is open already, in which sessions are planned."""

    def __init__(self, server: RoomServer) -> None:
        self.writer, self.database, self.key = server.writer, server.database, server.keys.room
        self.now, self._numbers = server.clock.now_ms(), 0


def written_by(seat: Seat) -> Entry:
    """The opening of the seat's stream, not sent yet."""
    body = station.StreamOpened(
        author="station",
        station=seat.station,
        session=seat.session,
        attempt=seat.attempt,
        key=seat.key.public,
        follows=None,
        reason="sign_in",
    )
    seat.stream = f"{seat.attempt}.1"
    return seat.writes(body)


def hand(*, raised: bool) -> station.HandRaised:
    return station.HandRaised(raised=raised)


class Door:
    """A room's socket for stations, and the one machine that is enrolled in it."""

    def __init__(self, app: FastAPI, port: int, key: SigningKey) -> None:
        self.app, self.port, self.key = app, port, key

    @asynccontextmanager
    async def link(self, key: SigningKey | None = None) -> AsyncIterator[ClientConnection]:
        """A link whose key is proved, or refused."""
        key = key or self.key
        async with connect(f"ws://127.0.0.1:{self.port}/link", compression=None) as socket:
            challenge = to_station.Challenge.model_validate(wire.read(await socket.recv(), bytes_max=65_536))
            statement = f"{challenge.nonce}\n{challenge.server}\n{STATION}"
            hello = from_station.Hello(
                protocol=PROTOCOL,
                station=STATION,
                key=key.public,
                software="test",
                signature=key.sign(Purpose.LINK, statement),
            )
            await socket.send(hello.model_dump_json())
            yield socket

    def connected(self) -> bool:
        line = self.app.state.presence.line(STATION)
        return line is not None and line.connected


async def told(socket: ClientConnection) -> dict[str, Any]:
    return wire.read(await socket.recv(), bytes_max=1_048_576)


@pytest.fixture
async def door(room: RoomServer, app: FastAPI) -> AsyncIterator[Door]:
    key = SigningKey.generate()

    def verb(desk: Desk) -> None:
        desk.db.add(SiteRow(id="site", name="考点"))
        desk.db.flush()
        desk.db.add(RoomRow(id="r1", site="site", name="一考场", rows=1, columns=2, numbering="rows"))
        desk.db.flush()
        desk.db.add(SeatRow(room="r1", number=1, row=1, column=1))
        desk.db.flush()
        desk.db.add(StationRow(id=STATION, room="r1", seat=1, state="enrolled", public_key=key.public))

    await room.writer.submit(verb)
    async with serving(app) as port:
        yield Door(app, port, key)


class TestSilence:
    async def test_a_station_that_says_nothing_is_lost_though_its_connection_stands(self, door: Door) -> None:
        door.app.state.link_room = replace(door.app.state.link_room, silence_s=0.3)
        async with door.link() as socket:
            assert (await told(socket))["type"] == "welcome"
            await until(door.connected)
            with pytest.raises(ConnectionClosed) as closed:
                await told(socket)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
        assert not door.connected()

    async def test_one_that_asks_the_time_is_kept(self, door: Door) -> None:
        door.app.state.link_room = replace(door.app.state.link_room, silence_s=0.5)
        async with door.link() as socket:
            await told(socket)
            for count in range(20):
                await socket.send(from_station.Ping(sent_at=count).model_dump_json())
                assert (await told(socket))["type"] == "pong"
                await asyncio.sleep(0.05)
            assert door.connected()


class TestCut:
    async def test_a_retired_machine_is_cut_off_at_once(self, door: Door, room: RoomServer) -> None:
        async with door.link() as socket:
            await told(socket)
            await until(door.connected)
            await room.writer.submit(lambda desk: stations.retire(desk, STATION, by="office"))
            with pytest.raises(ConnectionClosed):
                await told(socket)
        async with door.link() as socket:
            assert (await told(socket))["code"] == "not_enrolled"

    async def test_the_machine_another_one_replaces_is_cut_off_at_once(
        self, door: Door, room: RoomServer
    ) -> None:
        new = SigningKey.generate()
        async with door.link() as socket:
            await told(socket)
            await until(door.connected)
            issued = await room.writer.submit(
                lambda desk: stations.issue_secrets(desk, "r1", [1], 1, by="office")
            )
            await room.writer.submit(lambda desk: stations.enrol(desk, STATION, issued[0].secret, new.public))
            with pytest.raises(ConnectionClosed):
                await told(socket)
        async with door.link(new) as socket:
            assert (await told(socket))["type"] == "welcome"

    async def test_links_without_end_of_one_machine_are_not_kept(self, door: Door) -> None:
        async with door.link() as first:
            await told(first)
            await until(door.connected)
            links = [door.link() for _ in range(LINKS_PER_STATION_MAX)]
            opened = [await one.__aenter__() for one in links]
            with pytest.raises(ConnectionClosed):
                await told(first)
            assert (await told(opened[-1]))["type"] == "welcome"
            assert door.app.state.presence.line(STATION).links == LINKS_PER_STATION_MAX
            for one in links:
                await one.__aexit__(None, None, None)
        await until(lambda: not door.connected())


class TestStrangers:
    async def test_who_proves_nothing_takes_only_so_many_places(self, door: Door) -> None:
        held, at = [], f"ws://127.0.0.1:{door.port}/link"
        try:
            for _ in range(UNPROVED_PER_ADDRESS_MAX):
                held.append(await connect(at, compression=None))
            with pytest.raises(InvalidStatus):
                await connect(at, compression=None)
            await held.pop().close()
            await until(lambda: door.app.state.link_room.unproved._from.total() < UNPROVED_PER_ADDRESS_MAX)
            async with door.link() as socket:
                assert (await told(socket))["type"] == "welcome"
        finally:
            for one in held:
                one.transport.abort()


class TestTooMuch:
    async def test_is_told_to_the_seat_and_its_link_stands(self, door: Door, room: RoomServer) -> None:
        door.app.state.link_room = replace(
            door.app.state.link_room, budget=replace(BUDGET, attempt_bytes=1_500)
        )
        here = Here(room)
        (attempt,) = await here.plans(candidates=["c1"])
        seat = Seat(here, "s1", attempt, STATION, door.key)
        await here.records(
            office.AttemptCheckedIn(attempt=attempt, by="p1"),
            office.AttemptSeated(attempt=attempt, station=STATION, seat=1),
        )
        opening = written_by(seat)
        async with door.link() as socket:
            assert (await told(socket))["type"] == "welcome"
            for at in range(10):
                seat.room.now += 1
                entry = opening if at == 0 else seat.writes(hand(raised=bool(at % 2)))
                frame = from_station.Entries(entries=[entry.text])
                await socket.send(frame.model_dump_json())
                await socket.send(from_station.Ping(sent_at=at).model_dump_json())
            codes = []
            while len(codes) < 20:
                message = await told(socket)
                codes.append(message.get("code", message["type"]))
        acked = codes.count("ack")
        assert 2 < acked < 10
        assert codes.count("entries_full") == 10 - acked
        assert codes.count("pong") == 10


class TestGuessing:
    async def guess(self, socket: ClientConnection, number: int) -> str:
        asked = from_station.SignIn(request=f"q{number}", ticket=f"T{number}", document="420111197005121237")
        await socket.send(asked.model_dump_json())
        return str((await told(socket))["code"])

    async def test_tickets_and_documents_are_tried_so_often_and_no_more(
        self, door: Door, room: RoomServer
    ) -> None:
        async with door.link() as socket:
            await told(socket)
            codes = [await self.guess(socket, number) for number in range(SIGN_IN_TRIES_MAX + 1)]
            assert codes == ["unknown_candidate"] * SIGN_IN_TRIES_MAX + ["too_many_tries"]
        async with door.link() as socket:
            await told(socket)
            assert await self.guess(socket, 0) == "too_many_tries", "another link is the same machine"
            room.clock.set_to(room.clock.now_ms() + 61_000)
            assert await self.guess(socket, 0) == "unknown_candidate"
