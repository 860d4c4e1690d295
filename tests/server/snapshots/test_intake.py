"""Pictures put by stations and seen by people, over real HTTP into a real store."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from config.scheme import shipped_schemes
from protocol import limits
from protocol import office_entries as office
from protocol import station_entries as station
from protocol.keys import Purpose, SigningKey
from server.attempts.actions import pictures_bytes
from server.people.rules import Role
from server.rooms.models import RoomRow, SeatRow, SiteRow
from server.rooms.rules import Numbering
from server.snapshots import routes
from server.snapshots.intake import Intake
from server.snapshots.queries import accounted_offsets, outstanding
from server.snapshots.rules import EARLY_MAX, USUAL_TIMES_MAX, Pictures, Snapshots
from server.snapshots.thumbnails import THUMBNAIL, Thumbnails
from server.stations.models import StationRow
from server.writer.desk import Desk
from tests.server.room import Room, Seat, open_room
from tests.server.rooms_people import client, login, plain_app
from tests.server.serving import serving


def jpeg(width: int = 1280, height: int = 720, shade: int = 90) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (shade, 120, 140)).save(out, "JPEG")
    return out.getvalue()


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def taken(data: bytes, room: Room, planned_ms: int | None = None) -> station.SnapshotTaken:
    return station.SnapshotTaken(
        digest=digest_of(data),
        size=len(data),
        width=1280,
        height=720,
        reason="schedule",
        planned_ms=planned_ms,
        taken_at=room.now,
    )


class Served:
    """A room behind a socket, and one seat that sends pictures to it."""

    def __init__(self, room: Room, seat: Seat, port: int) -> None:
        self.room, self.seat, self.port = room, seat, port
        self.stranger = SigningKey.generate()

    async def put(
        self,
        data: bytes,
        *,
        digest: str | None = None,
        key: SigningKey | None = None,
        attempt: str = "s1-c1",
        **headers: str,
    ) -> httpx.Response:
        name = digest or digest_of(data)
        statement = f"{name}\n{attempt}\n{self.seat.station}"
        signed = {
            "X-Kaochang-Station": self.seat.station,
            "X-Kaochang-Attempt": attempt,
            "X-Kaochang-Signature": (key or self.seat.key).sign(Purpose.PICTURE, statement),
        }
        async with client(self.port) as http:
            return await http.put(f"/api/snapshots/{name}", content=data, headers=signed | headers)

    async def get(self, path: str, *roles: Role, **headers: str) -> httpx.Response:
        async with client(self.port, await login(self.room, *roles)) as http:
            return await http.get(path, headers=headers)

    def pictures(self) -> Pictures:
        return self.room.day().part(Snapshots).of("s1-c1")


def enrol(desk: Desk, seat: Seat) -> None:
    """Put the seat's station into the register, with its room and place."""
    desk.db.add(SiteRow(id="site", name="Site", address=""))
    desk.db.flush()
    desk.db.add(
        RoomRow(id="r1", site="site", name="Room 1", rows=1, columns=1, numbering=next(iter(Numbering)))
    )
    desk.db.flush()
    desk.db.add(SeatRow(room="r1", number=1, row=1, column=1))
    desk.db.flush()
    desk.db.add(StationRow(id=seat.station, room="r1", seat=1, state="enrolled", public_key=seat.key.public))


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with open_room(tmp_path) as room:
        await room.plans()
        seat = await room.seats("s1-c1")
        await room.writer.submit(lambda desk: enrol(desk, seat))
        app = plain_app(room)
        app.include_router(routes.ROUTER)
        thumbnails = Thumbnails(room.store, tmp_path / "thumbs")
        app.state.thumbnails = thumbnails
        app.state.intake = Intake(room.writer, room.database, room.store, thumbnails)
        async with serving(app) as port:
            yield Served(room, seat, port)
        thumbnails.close()


class TestTooMany:
    async def test_past_the_budget_is_refused_and_told_once(self, served: Served) -> None:
        room, usual = served.room, pictures_bytes(shipped_schemes()["s3-a"], [7_200_000])
        for number in range(USUAL_TIMES_MAX):
            body = office.SnapshotReceived(attempt="s1-c1", digest=digest_of(bytes([number])), size=usual)
            await room.records(body)
        for shade in (1, 2):
            data = jpeg(shade=shade)
            await served.seat.says(taken(data, room))
            answer = await served.put(data)
            assert (answer.status_code, answer.json()["code"]) == (507, "pictures_full")
            assert not room.store.has(digest_of(data))
        told = [row for row in room.writer.ledger.entries() if row.type == "room.alarm"]
        assert ["pictures_full" in row.text for row in told] == [True]

    async def test_counts_what_came_not_what_was_said(self, served: Served) -> None:
        data = jpeg()
        said = taken(data, served.room).model_copy(update={"size": 1})
        await served.seat.says(said)
        assert (await served.put(data)).status_code == 204
        assert (await served.put(data)).status_code == 204
        assert served.pictures().bytes == len(data)

    def test_of_all_together_refuses_only_who_had_their_share(self) -> None:
        usual = 100 * 1_048_576
        greedy, honest = Pictures(bytes=usual * 4), Pictures(bytes=usual)
        together = Snapshots({"a": greedy, "b": honest})
        assert not together.full("a", 1, lambda _: usual)
        together.by_attempt["c"] = Pictures(bytes=usual * 5)
        assert together.full("a", 1, lambda _: usual)
        assert not together.full("b", 1, lambda _: usual)


class TestPut:
    async def test_an_announced_picture_is_received_once_it_is_durable(self, served: Served) -> None:
        data = jpeg()
        await served.seat.says(taken(data, served.room))
        assert list(served.pictures().outstanding) == [digest_of(data)]
        answer = await served.put(data)
        assert answer.status_code == 204, answer.text
        assert served.room.store.get(digest_of(data)) == data
        found = served.pictures()
        assert (found.announced, found.received, found.outstanding) == (1, 1, {})
        assert found.newest is not None
        assert found.newest.digest == digest_of(data)

    async def test_bytes_may_come_before_their_entry(self, served: Served) -> None:
        data = jpeg()
        assert (await served.put(data)).status_code == 204
        assert (served.pictures().received, served.pictures().early) == (0, [digest_of(data)])
        await served.seat.says(taken(data, served.room))
        assert (served.pictures().received, served.pictures().early) == (1, [])
        answer = await served.get(f"/api/sessions/s1/snapshots/{digest_of(data)}", Role.PROCTOR)
        assert answer.content == data

    async def test_a_repeat_changes_nothing_one_after_the_other_or_at_once(self, served: Served) -> None:
        data = jpeg()
        await served.seat.says(taken(data, served.room))
        answers = await asyncio.gather(*[served.put(data) for _ in range(4)])
        assert {answer.status_code for answer in answers} == {204}
        n = served.room.day().n
        assert (await served.put(data)).status_code == 204
        assert served.room.day().n == n
        assert (served.pictures().received, served.pictures().early) == (1, [])

    async def test_one_seat_does_not_take_every_place(self, served: Served) -> None:
        data = jpeg()
        slow = [await self.begins(served, digest_of(b"%d" % number)) for number in range(4)]

        async def refused() -> bool:
            return (await served.put(data)).status_code == 503

        async with asyncio.timeout(10):
            while not await refused():
                pass
        for writer in slow:
            writer.close()
        async with asyncio.timeout(10):
            while await refused():
                pass
        assert (await served.put(data)).status_code == 204

    async def begins(self, served: Served, digest: str) -> asyncio.StreamWriter:
        """A picture whose bytes do not come."""
        _, writer = await asyncio.open_connection("127.0.0.1", served.port)
        signature = served.seat.key.sign(Purpose.PICTURE, f"{digest}\ns1-c1\n{served.seat.station}")
        writer.write(
            f"PUT /api/snapshots/{digest} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
            f"X-Kaochang-Station: {served.seat.station}\r\nX-Kaochang-Attempt: s1-c1\r\n"
            f"X-Kaochang-Signature: {signature}\r\n\r\n".encode()
        )
        await writer.drain()
        return writer

    async def test_the_same_picture_taken_twice_is_received_twice(self, served: Served) -> None:
        data = jpeg()
        await served.seat.says(taken(data, served.room, 1_000))
        await served.put(data)
        await served.seat.says(taken(data, served.room, 2_000))
        await served.room.writer.submit(lambda _desk: None)
        assert (served.pictures().received, served.pictures().outstanding) == (2, {})

    async def test_a_picture_of_20_mb_is_refused_before_it_is_read(self, served: Served) -> None:
        """Only the head is sent: an answer can come of nothing that was read."""
        head = (
            f"PUT /api/snapshots/{'0' * 64} HTTP/1.1\r\nHost: room\r\nContent-Length: {20 * 2**20}\r\n"
            f"X-Kaochang-Station: a\r\nX-Kaochang-Attempt: b\r\nX-Kaochang-Signature: {'s' * 88}\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(head.encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        assert b" 413 " in answer.splitlines()[0]

    async def test_one_byte_past_the_limit_is_too_much(self, served: Served) -> None:
        answer = await served.put(b"\xff\xd8\xff" + bytes(limits.PICTURE_BYTES_MAX - 2))
        assert answer.status_code == 413
        assert answer.json()["code"] == "picture_too_large"

    async def test_bytes_without_a_length_are_not_read(self, served: Served) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            yield jpeg()

        data = jpeg()
        statement = f"{digest_of(data)}\ns1-c1\n{served.seat.station}"
        headers = {
            "X-Kaochang-Station": served.seat.station,
            "X-Kaochang-Attempt": "s1-c1",
            "X-Kaochang-Signature": served.seat.key.sign(Purpose.PICTURE, statement),
        }
        async with client(served.port) as http:
            answer = await http.put(f"/api/snapshots/{digest_of(data)}", content=pieces(), headers=headers)
        assert answer.status_code == 411

    @pytest.mark.parametrize(
        "data",
        [b"just a text file called .jpg", b"\xff\xd8\xff and then nothing of a picture", b""],
        ids=["text", "only the magic", "nothing"],
    )
    async def test_what_is_no_jpeg_is_refused(self, served: Served, data: bytes) -> None:
        answer = await served.put(data)
        assert answer.status_code == 415
        assert not served.room.store.has(digest_of(data))

    async def test_a_png_is_no_jpeg(self, served: Served) -> None:
        out = io.BytesIO()
        Image.new("RGB", (1280, 720)).save(out, "PNG")
        assert (await served.put(out.getvalue())).status_code == 415

    async def test_bytes_of_another_digest_are_refused(self, served: Served) -> None:
        answer = await served.put(jpeg(), digest="0" * 64)
        assert (answer.status_code, answer.json()["code"]) == (409, "digest_mismatch")
        assert not served.room.store.has("0" * 64)

    async def test_fewer_pixels_than_the_scheme_asks_are_refused(self, served: Served) -> None:
        answer = await served.put(jpeg(1280, 719))
        assert (answer.status_code, answer.json()["code"]) == (409, "picture_too_small")
        assert "1280x719" in answer.json()["en"]

    async def test_a_foreign_key_is_refused(self, served: Served) -> None:
        answer = await served.put(jpeg(), key=served.stranger)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_enrolled")

    async def test_a_signature_for_another_picture_does_not_pass(self, served: Served) -> None:
        statement = f"{digest_of(jpeg())}\ns1-c1\n{served.seat.station}"
        signature = served.seat.key.sign(Purpose.PICTURE, statement)
        answer = await served.put(jpeg(shade=91), **{"X-Kaochang-Signature": signature})
        assert answer.status_code == 403

    async def test_an_attempt_that_never_sat_there_is_refused(self, served: Served) -> None:
        assert (await served.put(jpeg(), attempt="s1-c2")).status_code == 403
        assert (await served.put(jpeg(), attempt="nobody")).status_code == 404

    async def test_the_old_machine_still_delivers_after_a_machine_change(self, served: Served) -> None:
        data = jpeg()
        await served.seat.says(taken(data, served.room))
        await served.room.seats("s1-c1", station="another")
        assert (await served.put(data)).status_code == 204
        assert served.pictures().received == 1

    async def test_bytes_do_not_run_ahead_without_end(self, served: Served) -> None:
        for number in range(EARLY_MAX):
            served.room.day().part(Snapshots).by_attempt.setdefault("s1-c1", Pictures()).early.append(
                f"{number:064x}"
            )
        answer = await served.put(jpeg())
        assert (answer.status_code, answer.json()["code"]) == (409, "announce_first")

    async def test_bytes_that_are_here_already_are_received_when_announced(self, served: Served) -> None:
        data = jpeg()
        served.room.store.put(data)
        await served.seat.says(taken(data, served.room))
        await served.room.writer.submit(lambda _desk: None)
        assert served.pictures().received == 1


class TestGet:
    async def test_nobody_sees_a_picture_without_a_login_and_a_role(self, served: Served) -> None:
        data = jpeg()
        await served.seat.says(taken(data, served.room))
        await served.put(data)
        path = f"/api/sessions/s1/snapshots/{digest_of(data)}"
        async with client(served.port) as http:
            assert (await http.get(path)).status_code == 401
        assert (await served.get(path, Role.BANK_KEEPER)).status_code == 403
        for role in (Role.PROCTOR, Role.PATROL, Role.REVIEWER):
            assert (await served.get(path, role)).content == data

    async def test_a_picture_is_of_its_session_only(self, served: Served) -> None:
        data = jpeg()
        await served.seat.says(taken(data, served.room))
        await served.put(data)
        path = f"/api/sessions/s2/snapshots/{digest_of(data)}"
        assert (await served.get(path, Role.PATROL)).status_code == 404
        assert (await served.get(path, Role.PROCTOR)).status_code == 403

    async def test_a_thumbnail_is_small_and_kept(self, served: Served, tmp_path: Path) -> None:
        data = jpeg(1920, 1080)
        await served.seat.says(taken(data, served.room))
        await served.put(data)
        path = f"/api/sessions/s1/snapshots/{digest_of(data)}?thumb=1"
        first = await served.get(path, Role.PROCTOR)
        with Image.open(io.BytesIO(first.content)) as picture:
            assert picture.size == THUMBNAIL
        assert list((tmp_path / "thumbs").rglob("*.jpg"))
        again = await served.get(path, Role.PROCTOR, **{"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

    async def test_a_damaged_picture_is_not_served(self, served: Served) -> None:
        data = jpeg()
        await served.seat.says(taken(data, served.room))
        await served.put(data)
        path = served.room.store.path(digest_of(data))
        path.write_bytes(data[:-1] + b"!")
        answer = await served.get(f"/api/sessions/s1/snapshots/{digest_of(data)}", Role.REVIEWER)
        assert (answer.status_code, answer.json()["code"]) == (500, "picture_damaged")

    async def test_the_list_tells_taken_outstanding_and_missed(self, served: Served) -> None:
        here, there = jpeg(), jpeg(shade=10)
        await served.seat.says(
            taken(here, served.room, 5_000),
            taken(there, served.room, 9_000),
            station.SnapshotMissed(reason="schedule", planned_ms=14_000, cause="camera"),
        )
        await served.put(here)
        answer = await served.get("/api/sessions/s1/attempts/s1-c1/snapshots", Role.PROCTOR)
        told = answer.json()
        assert (told["received"], told["outstanding"], told["missed"]) == (1, 1, 1)
        assert [each["held"] for each in told["snapshots"]] == [True, False, False]
        with served.room.database.read() as db:
            assert outstanding(db, "s1-c1") == [digest_of(there)]
            assert accounted_offsets(db, "s1-c1") == {5_000, 9_000, 14_000}
