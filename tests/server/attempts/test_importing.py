"""A journal brought on a stick: taken up to what the seat signed, once, and from stations of this room alone."""

import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from protocol import journal_file
from protocol import station_entries as station
from protocol.entry import Entry, parse
from protocol.keys import SigningKey
from protocol.shapes import HeadRef
from protocol.witness import sign_head
from server.attempts import routes
from server.middleware import BodyLimit
from server.people.rules import Role
from server.rooms.models import RoomRow, SeatRow, SiteRow
from server.stations.models import StationRow
from tests.server.attempts.building import MINUTE, Sitting, answers, running
from tests.server.conftest import command
from tests.server.room import Room, Seat, open_room
from tests.server.rooms_people import client, login, plain_app
from tests.server.serving import serving


@pytest.fixture
async def sitting(tmp_path: Path) -> AsyncIterator[Sitting]:
    async with open_room(tmp_path) as room:
        yield await running(room, "c1", "c2")


def held(room: Room, seat: Seat) -> list[Entry]:
    """What the room holds of a seat's stream."""
    with room.database.read_ledger() as ledger:
        return [parse(row.text) for row in ledger.stream_entries(seat.stream)]


def file_of(
    seat: Seat, entries: Sequence[Entry], *, key: SigningKey | None = None, signed: Entry | None = None
) -> bytes:
    """A journal file as the seat exports it."""
    head = HeadRef(**(signed or entries[-1]).head.to_json())
    heads = [sign_head(key or seat.key, head, None, seat.room.now)]
    return journal_file.write(seat.station, seat.room.now, "0.1.0", [one.text for one in entries], [], heads)


def offline(seat: Seat, count: int, first: int = 1) -> list[Entry]:
    """Answers the seat could not send."""
    return [
        seat.writes(station.AnswerSaved(slot=slot, response=["C"])) for slot in range(first, first + count)
    ]


async def enrolled(room: Room, seat: Seat) -> None:
    """The seat's station stands in the register with its key."""

    def verb(desk: Any) -> None:
        desk.db.add(SiteRow(id="site", name="考点"))
        desk.db.flush()
        desk.db.add(RoomRow(id="r1", site="site", name="一考场", rows=1, columns=2, numbering="rows"))
        desk.db.flush()
        desk.db.add(SeatRow(room="r1", number=1, row=1, column=1))
        desk.db.flush()
        desk.db.add(
            StationRow(id=seat.station, room="r1", seat=1, state="enrolled", public_key=seat.key.public)
        )

    await room.writer.submit(verb)


async def brings(room: Room, data: bytes, role: Role = Role.PROCTOR, session: str = "s1") -> httpx.Response:
    app = plain_app(room)
    app.include_router(routes.ROUTER)
    app.state.keys = SimpleNamespace(room=room.key)
    app.add_middleware(BodyLimit, uploads=routes.UPLOADS)
    token = await login(room, role)
    async with serving(app) as port, client(port, token) as asking:
        return await asking.post(
            f"/api/sessions/{session}/journals", files={"file": ("seat.journal", data)}, headers=command()
        )


class TestImport:
    async def test_takes_what_the_room_did_not_have(self, sitting: Sitting) -> None:
        seat, room = sitting["c1"], sitting.room
        before = held(room, seat)
        lost = offline(seat, 3)
        answer = await brings(room, file_of(seat, [*before, *lost]))
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert (told["entries"], told["taken"], told["repeated"]) == (len(before) + 3, 3, len(before))
        assert (told["quarantined"], told["refused"], told["faults"]) == (0, 0, [])
        assert answers(sitting.attempt("c1")) == {1: ["C"], 2: ["C"], 3: ["C"]}

    async def test_twice_is_harmless(self, sitting: Sitting) -> None:
        seat, room = sitting["c1"], sitting.room
        data = file_of(seat, [*held(room, seat), *offline(seat, 3)])
        await brings(room, data)
        n = room.day().n
        told = (await brings(room, data)).json()
        assert (told["taken"], told["repeated"]) == (0, told["entries"])
        assert room.day().n == n

    async def test_many_entries_go_in_pieces(self, sitting: Sitting) -> None:
        seat, room = sitting["c1"], sitting.room
        data = file_of(seat, [*held(room, seat), *offline(seat, 400), *offline(seat, 400)])
        assert (await brings(room, data)).json()["taken"] == 800

    async def test_the_seat_may_send_the_same_again_afterwards(self, sitting: Sitting) -> None:
        seat, room = sitting["c1"], sitting.room
        lost = offline(seat, 3)
        await brings(room, file_of(seat, [*held(room, seat), *lost]))
        taken = await seat.sends(lost)
        assert taken.acks == {seat.stream: lost[-1].seq}

    async def test_a_stream_never_seen_is_taken_from_an_enrolled_station(self, sitting: Sitting) -> None:
        seat, room = sitting["c1"], sitting.room
        await enrolled(room, seat)
        entries = unsent_stream(seat, "offline-1")
        told = (await brings(room, file_of(seat, entries))).json()
        assert (told["taken"], told["faults"]) == (len(entries), [])

    async def test_the_file_and_who_brought_it_are_kept(self, sitting: Sitting) -> None:
        seat, room = sitting["c1"], sitting.room
        data = file_of(seat, held(room, seat))
        await brings(room, data)
        with room.database.read_ledger() as ledger:
            told = [row.text for row in ledger.entries() if '"noun":"journal"' in row.text]
        assert len(told) == 1
        assert any(room.store.get(digest) == data for digest in digests_in(told[0]) if room.store.has(digest))


def digests_in(text: str) -> list[str]:
    return re.findall(r"[0-9a-f]{64}", text)


def unsent_stream(seat: Seat, name: str) -> list[Entry]:
    """A new stream the seat wrote while nobody heard it."""
    seat.stream, seat.head = name, None
    opened = seat.writes(
        station.StreamOpened.model_validate(
            {
                "author": "station",
                "station": seat.station,
                "session": seat.session,
                "attempt": seat.attempt,
                "key": seat.key.public,
                "follows": None,
                "reason": "restart",
            }
        )
    )
    return [opened, *offline(seat, 2)]


class TestDoubt:
    async def test_a_stream_of_an_unknown_key_is_not_taken(self, sitting: Sitting) -> None:
        seat, room = sitting["c1"], sitting.room
        await enrolled(room, seat)
        seat.key = SigningKey.generate()
        told = (await brings(room, file_of(seat, unsent_stream(seat, "forged-1")))).json()
        assert (told["taken"], told["refused"]) == (0, 3)
        assert "forged-1" in told["faults"][0]

    async def test_entries_behind_the_last_signed_head_are_not_taken(self, sitting: Sitting) -> None:
        seat, room = sitting["c1"], sitting.room
        before, lost = held(room, seat), offline(seat, 4)
        told = (await brings(room, file_of(seat, [*before, *lost], signed=lost[1]))).json()
        assert (told["taken"], told["refused"]) == (2, 2)
        assert answers(sitting.attempt("c1")) == {1: ["C"], 2: ["C"]}

    async def test_a_file_nobody_signed_is_not_taken(self, sitting: Sitting) -> None:
        seat, room = sitting["c1"], sitting.room
        data = file_of(seat, [*held(room, seat), *offline(seat, 2)], key=SigningKey.generate())
        assert (await brings(room, data)).json()["taken"] == 0

    async def test_another_history_is_put_aside_and_alarmed(self, sitting: Sitting) -> None:
        seat, room = sitting["c1"], sitting.room
        before, head = held(room, seat), seat.head
        await seat.says(station.AnswerSaved(slot=1, response=["A"]))
        seat.head = head
        told = (await brings(room, file_of(seat, [*before, *offline(seat, 2)]))).json()
        assert told["quarantined"] == 2
        assert "fork" in told["faults"][0]
        assert answers(sitting.attempt("c1")) == {1: ["A"]}

    async def test_a_changed_file_is_refused_whole(self, sitting: Sitting) -> None:
        seat, room = sitting["c1"], sitting.room
        data = bytearray(file_of(seat, [*held(room, seat), *offline(seat, 2)]))
        data[len(data) // 2] ^= 1
        answer = await brings(room, bytes(data))
        assert (answer.status_code, answer.json()["code"]) == (409, "bad_journal")

    async def test_another_sessions_journal_is_named_so(self, sitting: Sitting) -> None:
        seat, room = sitting["c1"], sitting.room
        await room.plans("s2", candidates=["c9"])
        answer = await brings(room, file_of(seat, held(room, seat)), session="s2")
        assert answer.json()["code"] == "journal_of_another_session"

    async def test_is_for_the_rooms_staff(self, sitting: Sitting) -> None:
        seat, room = sitting["c1"], sitting.room
        assert (await brings(room, file_of(seat, held(room, seat)), Role.REVIEWER)).status_code == 403


async def test_what_comes_after_the_end_still_counts_by_the_seats_time(sitting: Sitting) -> None:
    seat, room = sitting["c1"], sitting.room
    lost = offline(seat, 2)
    before = held(room, seat)
    room.now += 200 * MINUTE
    await brings(room, file_of(seat, [*before, *lost]))
    attempt = sitting.attempt("c1")
    assert {slot: one.vouched for slot, one in attempt.answers.items()} == {1: "seat", 2: "seat"}
