"""Consoles over real sockets: snapshot, changes, what a slow one gets, and who may look."""

import asyncio
import functools
import json
import socket as sockets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect

from protocol import office_entries as office
from protocol import station_entries as station
from protocol.console import CONSOLE_QUEUE_MESSAGES_MAX, FLOOR_INTERVAL_MS
from server.candidates.models import Candidate
from server.live import cards, console_routes
from server.live.hub import CUT_OFF, Hub
from server.live.presence import Presence
from server.middleware import OwnOrigin
from server.people import actions as people
from server.people.access import COOKIE_PLAIN
from server.people.models import LoginRow
from server.people.rules import Role
from server.rulings import actions as rulings
from server.writer.desk import Desk
from tests.server.room import Room, Seat, open_room
from tests.server.rooms_people import client, login, plain_app
from tests.server.serving import serving

Message = dict[str, Any]


class Served:
    """A room whose floor is behind a socket."""

    def __init__(self, room: Room, presence: Presence, hub: Hub, port: int) -> None:
        self.room, self.presence, self.hub, self.port = room, presence, hub, port

    async def console(self, *roles: Role, origin: str | None = None, **how: Any) -> ClientConnection:
        """A console logged in with these roles, its socket open."""
        token = await login(self.room, *(roles or (Role.PROCTOR,)))
        return await self.opened(token, origin, **how)

    async def opened(
        self, token: str, origin: str | None = None, session: str = "s1", **how: Any
    ) -> ClientConnection:
        return await connect(
            f"ws://127.0.0.1:{self.port}/api/live/{session}",
            origin=origin or f"http://127.0.0.1:{self.port}",  # type: ignore[arg-type]
            additional_headers={"cookie": f"{COOKIE_PLAIN}={token}"},
            compression=None,
            **how,
        )


async def told(console: ClientConnection) -> Message:
    found: Message = json.loads(await console.recv())
    return found


async def told_until(console: ClientConnection, n: int) -> list[Message]:
    """Messages until one is true for entry n."""
    messages = [await told(console)]
    while messages[-1]["n"] < n:
        messages.append(await told(console))
    return messages


def name_them(desk: Desk) -> None:
    for number, name in ((1, "欧阳·娜"), (2, "𠮷田")):
        desk.db.add(
            Candidate.model_validate(
                {
                    "id": f"c{number}",
                    "name": name,
                    "ticket": f"T{number}",
                    "document_type": "resident_id",
                    "document": f"42011119700512123{number}",
                    "document_key": f"42011119700512123{number}",
                    "photo": "ab" * 32,
                }
            )
        )


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with open_room(tmp_path) as room:
        await room.writer.submit(name_them)
        await room.plans()
        presence = Presence(lambda: room.now)
        app = plain_app(room)
        app.state.hub = Hub(room.writer, room.database, room.clock, presence, cards.load)
        app.include_router(console_routes.ROUTER)
        app.add_middleware(OwnOrigin)
        async with serving(app) as port:
            yield Served(room, presence, app.state.hub, port)


def becomes_a_bank_keeper(desk: Desk, token: str) -> None:
    row = desk.db.get(LoginRow, people.token_digest(token))
    assert row is not None
    people.set_roles(desk, row.person, {Role.BANK_KEEPER}, by="test")


def relieved(desk: Desk, token: str) -> None:
    row = desk.db.get(LoginRow, people.token_digest(token))
    assert row is not None
    for role in (Role.PROCTOR, Role.PATROL):
        people.relieve_staff(desk, "s1", row.person, role, by="test")


def leaves(desk: Desk, token: str) -> None:
    row = desk.db.get(LoginRow, people.token_digest(token))
    assert row is not None
    people.change_person(desk, row.person, by="test", active=False)


async def sitting(served: Served) -> Seat:
    seat = await served.room.seats("s1-c1")
    await served.room.starts("s1", [seat])
    return seat


class TestFloor:
    async def test_begins_with_everything(self, served: Served) -> None:
        async with await served.console() as console:
            first = await told(console)
        assert first["type"] == "snapshot"
        assert first["n"] == served.room.day().n
        assert [row["name"] for row in first["rows"]] == ["欧阳·娜", "𠮷田"]
        assert first["rows"][0]["document_masked"] == "420***********1231"
        assert first["session"]["counts"] == {"expected": 2}
        assert first["session"]["gates"] == ["rules", "proctors"]

    async def test_then_tells_the_rows_that_changed(self, served: Served) -> None:
        seat = await sitting(served)
        async with await served.console() as console:
            await told(console)
            await seat.says(station.AnswerSaved(slot=1, response=["A"]))
            changes = await told(console)
        assert changes["type"] == "changes"
        assert [(row["attempt"], row["answered"]) for row in changes["rows"]] == [("s1-c1", 1)]
        assert changes["n"] == served.room.day().n

    async def test_gathers_what_happens_within_the_interval(self, served: Served) -> None:
        seat = await sitting(served)
        async with await served.console() as console:
            await told(console)
            loop = asyncio.get_running_loop()
            began = loop.time()
            for slot in range(1, 61):
                await seat.says(station.AnswerSaved(slot=slot, response=["B"]))
            messages = await told_until(console, served.room.day().n)
            took_ms = (loop.time() - began) * 1_000
        assert messages[-1]["rows"][0]["answered"] == 60
        assert len(messages) <= took_ms / FLOOR_INTERVAL_MS + 2

    async def test_shows_only_what_is_durable(self, served: Served) -> None:
        """The floor is asked to send while a commit is under way: what it sends, a reader of the file finds."""
        await sitting(served)
        async with await served.console() as console:
            await told(console)
            hub, watched = served.hub, served.hub._watched["s1"]
            sent: list[tuple[int, int]] = []
            send = hub._send

            def compared(to: Any, consoles: Any, message: str) -> None:
                with served.room.database.read_ledger() as ledger:
                    sent.append((json.loads(message)["n"], ledger.last_n))
                send(to, consoles, message)

            def verb(desk: Desk) -> None:
                desk.record(office.RoomAlarm(code="alarm", attempt=None), session="s1")
                # Runs when the writer waits for its commit.
                asyncio.get_running_loop().call_soon(hub._flush, watched)

            hub._send = compared  # type: ignore[method-assign]
            for _ in range(20):
                await served.room.writer.submit(verb)
            await told_until(console, served.room.day().n)
        assert sent
        assert all(shown <= durable for shown, durable in sent)

    async def test_a_line_lost_shows_without_an_entry(self, served: Served) -> None:
        seat = await sitting(served)
        served.presence.connected(seat.station)
        async with await served.console() as console:
            row = (await told(console))["rows"][0]
            assert row["link"] == "connected"
            served.presence.lost(seat.station)
            changes = await told(console)
        assert [(row["attempt"], row["link"]) for row in changes["rows"]] == [("s1-c1", "offline")]

    async def test_a_flag_is_an_alarm_with_its_reason(self, served: Served) -> None:
        await sitting(served)
        async with await served.console() as console:
            await told(console)
            await served.room.writer.submit(
                lambda desk: rulings.raise_flag(
                    desk, "s1", "s1-c1", "p", "system_misuse", "severe", [], "手机"
                )
            )
            [alarm] = (await told(console))["alarms"]
        assert (alarm["code"], alarm["note"], alarm["open"]) == ("system_misuse", "手机", True)

    async def test_a_name_put_right_shows(self, served: Served) -> None:
        def correct(desk: Desk) -> None:
            row = desk.db.get(Candidate, "c1")
            assert row is not None
            row.name = "欧阳娜"
            desk.db.add(row)
            body = office.RegisterChanged(noun="candidate", key="c1", verb="changed", by="o", digest="0" * 64)
            desk.record(body, session=None)

        async with await served.console() as console:
            await told(console)
            await served.room.writer.submit(correct)
            changes = await told(console)
        assert [row["name"] for row in changes["rows"]] == ["欧阳娜"]

    async def test_two_consoles_are_told_the_same(self, served: Served) -> None:
        seat = await sitting(served)
        async with await served.console() as one:
            await told(one)
            async with await served.console(Role.PATROL) as other:
                await told(other)
                await seat.says(station.HandRaised(raised=True))
                n = served.room.day().n
                assert (await told_until(one, n))[-1]["rows"] == (await told_until(other, n))[-1]["rows"]


class TestWho:
    async def refused_with(self, opening: Any) -> int | None:
        """The code a socket was refused with, by HTTP status before it opened."""
        with pytest.raises(websockets.InvalidStatus) as refused:
            await opening
        return refused.value.response.status_code

    async def test_nobody_without_a_login(self, served: Served) -> None:
        assert await self.refused_with(served.opened("nobody")) == 403

    async def test_nobody_without_a_role_of_the_room(self, served: Served) -> None:
        assert await self.refused_with(served.console(Role.BANK_KEEPER)) == 403

    async def test_who_loses_the_role_or_the_login_is_cut_off_at_once(self, served: Served) -> None:
        for takes_away in (becomes_a_bank_keeper, leaves):
            token = await login(served.room, Role.PROCTOR)
            async with await served.opened(token) as console:
                await told(console)
                await served.room.writer.submit(functools.partial(takes_away, token=token))
                with pytest.raises(websockets.ConnectionClosed) as closed:
                    await told(console)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401

    async def test_another_rooms_proctor_sees_nothing_and_who_is_relieved_no_more(
        self, served: Served
    ) -> None:
        token = await login(served.room, Role.PROCTOR)
        async with await served.opened(token) as console:
            await told(console)
            await served.room.writer.submit(functools.partial(relieved, token=token))
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await told(console)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
        assert await self.refused_with(served.opened(token)) == 403
        async with client(served.port, token) as http:
            for path in ("attempts/s1-c1/timeline",):
                answer = await http.get(f"/api/sessions/s1/{path}")
                assert (answer.status_code, answer.json()["code"]) == (403, "not_of_the_room")

    async def test_a_patrol_sees_every_room(self, served: Served) -> None:
        token = await login(served.room, Role.PATROL)
        await served.room.writer.submit(functools.partial(relieved, token=token))
        async with await served.opened(token) as console:
            assert (await told(console))["type"] == "snapshot"

    async def test_no_page_of_another_site(self, served: Served) -> None:
        assert await self.refused_with(served.console(origin="http://other.example")) == 403

    async def test_no_session_that_is_not_there(self, served: Served) -> None:
        token = await login(served.room, Role.PROCTOR)
        assert await self.refused_with(served.opened(token, session="s9")) == 403


class TestSlow:
    async def test_a_console_that_does_not_read_is_cut_off_and_others_go_on(self, served: Served) -> None:
        await sitting(served)
        token = await login(served.room, Role.PROCTOR)
        deaf = sockets.socket()
        deaf.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4_096)
        deaf.setblocking(False)
        await asyncio.get_running_loop().sock_connect(deaf, ("127.0.0.1", served.port))
        request = (
            f"GET /api/live/s1 HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Sec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:{served.port}\r\n"
            f"Cookie: {COOKIE_PLAIN}={token}\r\n\r\n"
        )
        await asyncio.get_running_loop().sock_sendall(deaf, request.encode())
        await asyncio.get_running_loop().sock_recv(deaf, 64)
        async with await served.console() as console:
            await told(console)
            watched = served.hub._watched["s1"]
            assert len(watched.consoles) == 2
            heavy = json.dumps({"n": 0, "filler": "x" * 1_000_000})
            for _ in range(CONSOLE_QUEUE_MESSAGES_MAX + 8):
                served.hub._send(watched, list(watched.consoles), heavy)
                await console.recv()
            assert len(watched.consoles) == 1
            await served.room.records(office.RoomAlarm(code="after", attempt=None))
            assert (await told(console))["alarms"][0]["code"] == "after"
        deaf.close()

    async def test_the_code_says_come_again(self, served: Served) -> None:
        async with await served.console() as console:
            await told(console)
            [held] = served.hub._watched["s1"].consoles
            held.cut.set()
            with pytest.raises(websockets.ConnectionClosed):
                await told(console)
            assert console.close_code == CUT_OFF

    async def test_nothing_is_kept_when_nobody_watches(self, served: Served) -> None:
        async with await served.console() as console:
            await told(console)
        async with await served.console() as console:
            await told(console)
            assert list(served.hub._watched) == ["s1"]


class TestTimeline:
    async def lines(self, served: Served, role: Role, after: int = 0) -> list[Message]:
        async with client(served.port, await login(served.room, role)) as http:
            answer = await http.get(f"/api/sessions/s1/attempts/s1-c1/timeline?after={after}")
        assert answer.status_code == 200, answer.text
        lines: list[Message] = answer.json()
        return lines

    async def test_tells_what_happened_in_order(self, served: Served) -> None:
        seat = await sitting(served)
        await seat.says(station.AnswerSaved(slot=3, response=["A", "C"]))
        await served.room.writer.submit(
            lambda desk: rulings.send(desk, "s1", "s1-c1", "p", "安静", warning=True)
        )
        lines = await self.lines(served, Role.PROCTOR)
        assert [line["type"] for line in lines] == [
            "attempt.listed",
            "attempt.checked_in",
            "attempt.seated",
            "stream.opened",
            "order.heard",
            "rules.acknowledged",
            "answer.saved",
            "message.sent",
        ]
        assert lines[-1]["note"] == "安静"
        assert (lines[-1]["by"], lines[-1]["author"], lines[-1]["facts"]["warning"]) == ("p", "server", True)
        assert lines[4]["facts"]["order"] == "session.started"
        after = await self.lines(served, Role.PROCTOR, lines[-2]["n"])
        assert [line["n"] for line in after] == [lines[-1]["n"]]

    async def test_what_was_answered_is_for_those_who_review(self, served: Served) -> None:
        seat = await sitting(served)
        await seat.says(station.AnswerSaved(slot=3, response=["A", "C"]))
        for role in (Role.PROCTOR, Role.REVIEWER):
            line = (await self.lines(served, role))[-1]
            assert (line["facts"]["response"], line["facts"]["choices"]) == ("", 2), "while the session sits"
        await served.room.records(office.SessionMoved(step="ended", by="room"))
        for role, shown in ((Role.PROCTOR, ""), (Role.REVIEWER, "AC")):
            line = next(each for each in await self.lines(served, role) if each["type"] == "answer.saved")
            assert (line["facts"]["response"], line["facts"]["choices"]) == (shown, 2)

    async def test_a_score_is_for_those_who_see_results(self, served: Served) -> None:
        await sitting(served)
        await served.room.records(office.SessionMoved(step="ended", by="room"))
        scored = office.AttemptScored(
            attempt="s1-c1", score=5_950, max_score=10_000, answers_digest="0" * 64, cause="session_end"
        )
        await served.room.records(scored)
        for role, sees in ((Role.PROCTOR, False), (Role.PATROL, False), (Role.EXAM_OFFICE, True)):
            facts = (await self.lines(served, role))[-1]["facts"]
            assert ("score" in facts, facts["cause"]) == (sees, "session_end")
            assert sees or "5950" not in str(facts)

    async def test_a_bank_keeper_sees_no_room(self, served: Served) -> None:
        async with client(served.port, await login(served.room, Role.BANK_KEEPER)) as http:
            assert (await http.get("/api/sessions/s1/attempts/s1-c1/timeline")).status_code == 403
