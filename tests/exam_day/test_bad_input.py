"""What no room should be sent: each met with a sentence that says what to do, and the neighbour notices nothing.

A real server process over its real sockets. In every test a real seat answers all the while, and each of its answers
has to be in the room within a second.
"""

import asyncio
import hashlib
import io
import json
import time
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from kaochang.exam_office import photos_zip
from kaochang.fictional import people
from protocol import limits
from protocol.entry import Entry, compose
from protocol.files import DiskFiles
from protocol.keys import Purpose, SigningKey
from protocol.version import PROTOCOL, SOFTWARE
from server.rulings.rules import Rulings
from station.enrolment import EnrolmentLine
from station.identity import Identity
from station.simulated import Shared, SimulatedSeat, enrolled
from tests.exam_day.day import SESSION, ExamDay, until

pytestmark = [pytest.mark.story, pytest.mark.timeout(400)]

ACK_S_MAX = 1.0
ANSWER_EVERY_S = 0.05
MEGABYTE = 1_048_576


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExamDay]:
    """Two candidates in a running session: at seat 1 whoever comes, at seat 2 one who just answers."""
    opened = ExamDay.open(tmp_path_factory.mktemp("bad_input"), candidates=2, minutes=10)
    opened.office.check_in(SESSION)
    opened.office.begin(SESSION)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
async def neighbour(day: ExamDay) -> AsyncIterator[list[float]]:
    """The candidate at seat 2, answering as fast as nobody does; gives the seconds each answer took to the room."""
    seat = day.seats[1]
    identity = await enrolled(EnrolmentLine.model_validate(seat.line), seat.folder, DiskFiles())
    shared = Shared.of(identity)
    sitting = SimulatedSeat(identity, seat.folder, shared)
    running = asyncio.create_task(sitting.run())
    try:
        await sitting.sign_in(seat.person.ticket, seat.person.document)
        await sitting.begin()
        await sitting.until("exam")
        await sitting.connected()
        await sitting.answer(1, "A")
        took: list[float] = []
        answering = asyncio.create_task(_keeps_answering(sitting, took))
        yield took
        so_far = len(took)
        await until(lambda: answering.done() or len(took) > so_far + 1, "the neighbour still answers")
        answering.cancel()
        with suppress(asyncio.CancelledError):
            await answering
        assert max(took) < ACK_S_MAX, f"an answer of the neighbour took {max(took):.2f} s"
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await shared.http.aclose()


async def _keeps_answering(sitting: SimulatedSeat, took: list[float]) -> None:
    for number in range(100_000):
        began = time.monotonic()
        await sitting.answer(1 + number % 60, "AB"[number // 60 % 2])
        took.append(time.monotonic() - began)
        await asyncio.sleep(ANSWER_EVERY_S)


@pytest.fixture
async def stranger(day: ExamDay) -> Identity:
    """The machine at seat 1: enrolled, and at the mercy of whoever sits there."""
    seat = day.seats[0]
    return await enrolled(EnrolmentLine.model_validate(seat.line), seat.folder, DiskFiles())


@asynccontextmanager
async def link(to: Identity, **said: Any) -> AsyncIterator[tuple[ClientConnection, dict[str, Any]]]:
    """A station's socket after the handshake, with the room's answer to a hello that says what is given."""
    async with connect(to.link_address, ssl=to.tls(), max_size=None, proxy=None) as socket:
        challenge = json.loads(await socket.recv())
        key = said.pop("signs", to.key)
        hello = {
            "type": "hello",
            "protocol": PROTOCOL,
            "station": to.station,
            "key": key.public,
            "software": SOFTWARE,
            "signature": key.sign(Purpose.LINK, f"{challenge['nonce']}\n{challenge['server']}\n{to.station}"),
        }
        await socket.send(json.dumps(hello | said))
        yield socket, json.loads(await socket.recv())


async def answered(socket: ClientConnection, *types: str) -> dict[str, Any]:
    """The next message of one of these types."""
    async with asyncio.timeout(10):
        while True:
            message: dict[str, Any] = json.loads(await socket.recv())
            if message["type"] in types:
                return message


def tells(refusal: dict[str, Any], code: str, zh: str, en: str) -> None:
    """The refusal has this code, and sentences that say so in both languages."""
    assert refusal["code"] == code, refusal
    assert zh in refusal.get("sentence_zh", refusal.get("zh", "")), refusal
    assert en in refusal.get("sentence_en", refusal.get("en", "")), refusal


class TestTheLink:
    @pytest.mark.parametrize(
        ("frame", "why"),
        [
            ("{", "not JSON"),
            ("", "not JSON"),
            ("[1]", "a JSON object was expected"),
            ('{"type":"ping","sent_at":1,"sent_at":2}', "'sent_at' stands twice"),
            ('{"type":"ping","sent_at":1,"more":2}', "more"),
            ('{"type":"ping","sent_at":NaN}', "NaN is not JSON"),
            ('{"type":"ping","sent_at":9007199254740993}', "larger than 2**53 - 1"),
            ('{"type":"resume","attempt":"\\ud800"}', "lone surrogate"),
            ('{"type":"open_sesame"}', "does not match any of the expected tags"),
            ('{"type":"entries","entries":[]}', "at least 1 item"),
            ('{"type":"ping","sent_at":' + "[" * 200_000 + "]" * 200_000 + "}", "nested"),
        ],
    )
    async def test_what_is_no_message_is_refused_and_the_link_stays(
        self, stranger: Identity, frame: str, why: str
    ) -> None:
        async with link(stranger) as (socket, welcome):
            assert welcome["type"] == "welcome"
            await socket.send(frame)
            refusal = await answered(socket, "refused")
            tells(refusal, "malformed", "请更新或重启考试机软件", "Update or restart the station's software")
            assert why in refusal["sentence_en"], refusal
            await socket.send('{"type":"ping","sent_at":7}')
            assert (await answered(socket, "pong"))["sent_at"] == 7

    async def test_a_frame_past_the_limit_ends_the_link_with_the_code_that_says_so(
        self, stranger: Identity
    ) -> None:
        async with link(stranger) as (socket, _):
            await socket.send('{"type":"ping","sent_at":' + " " * limits.FRAME_BYTES_MAX + "1}")
            with pytest.raises(ConnectionClosed) as closed:
                await answered(socket, "pong")
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009

    @pytest.mark.parametrize("version", [0, PROTOCOL + 1])
    async def test_another_protocol_is_told_to_update(self, stranger: Identity, version: int) -> None:
        async with link(stranger, protocol=version) as (socket, refusal):
            tells(refusal, "protocol", "请更新考试机软件", "Update the station")
            assert refusal["fatal"]
            with pytest.raises(ConnectionClosed):
                await socket.recv()

    async def test_a_wrong_key_is_told_to_enrol(self, stranger: Identity) -> None:
        for said in (
            {"signs": SigningKey.generate()},
            {"key": SigningKey.generate().public},
            {"station": "nobody"},
        ):
            async with link(stranger, **said) as (socket, refusal):
                tells(refusal, "not_enrolled", "请重新登记", "enrol it again")
                with pytest.raises(ConnectionClosed):
                    await socket.recv()

    async def test_a_forked_stream_is_put_aside_and_a_new_one_taken(
        self, stranger: Identity, day: ExamDay
    ) -> None:
        async with link(stranger) as (socket, _):
            seat = await _SitsDown.at(socket, stranger, day, "forked")
            first = seat.writes("answer.saved", {"slot": 1, "response": ["A"]})
            await seat.sends(first)
            assert (await answered(socket, "ack"))["seq"] == first.seq
            forged = compose(
                seat.opening.head, "forked", first.at, "answer.saved", {"slot": 1, "response": ["B"]}
            )
            await seat.sends(forged)
            told = await answered(socket, "open_new_stream")
            assert (told["stream"], told["held"]) == ("forked", first.seq)
            assert "fork" in told["reason"]
            seat = await _SitsDown.at(socket, stranger, day, "after-the-fork", follows=first)
            second = seat.writes("answer.saved", {"slot": 2, "response": ["A"]})
            await seat.sends(second)
            assert (await answered(socket, "ack"))["stream"] == "after-the-fork"
        attempt = day.seats[0].attempt
        flags = await until(lambda: _flags(day, attempt) & {"stream_forked"}, "the room is alarmed")
        assert flags == {"stream_forked"}
        assert not await asyncio.to_thread(_flags, day, day.seats[1].attempt) & {
            "stream_forked",
            "stream_quarantined",
        }


class TestPictures:
    async def test_twenty_megabytes_are_not_even_read(self, stranger: Identity, day: ExamDay) -> None:
        answer = await _puts(stranger, day, b"\xff\xd8\xff" + bytes(20 * MEGABYTE))
        assert answer.status_code == 413
        tells(answer.json(), "picture_too_large", "请调低摄像头分辨率", "Lower the camera's resolution")

    async def test_a_text_called_jpg_is_no_picture(self, stranger: Identity, day: ExamDay) -> None:
        text = b"this is not the picture you are looking for"
        async with link(stranger) as (socket, _):
            seat = await _SitsDown.at(socket, stranger, day, "pictures")
            taken = {
                "digest": hashlib.sha256(text).hexdigest(),
                "size": len(text),
                "width": 1280,
                "height": 720,
            }
            taken |= {"reason": "login", "taken_at": seat.opening.at}
            await seat.sends(seat.writes("snapshot.taken", taken))
            await answered(socket, "ack")
            answer = await _puts(stranger, day, text)
        assert answer.status_code == 415
        tells(answer.json(), "not_a_jpeg", "请发送摄像头拍摄的 JPEG", "Send the JPEG the camera took")

    async def test_of_somebody_with_another_key_is_refused(self, stranger: Identity, day: ExamDay) -> None:
        answer = await _puts(stranger, day, b"\xff\xd8\xff", SigningKey.generate())
        assert answer.status_code == 403
        tells(answer.json(), "not_enrolled", "未在本考场登记", "enrolled in this room")


class TestTheOffice:
    async def test_bad_document_numbers_are_named_row_by_row_and_odd_ones_are_taken(
        self, day: ExamDay
    ) -> None:
        bad = {
            "420111197005121238": "校验码",
            "4201111970051212": "18 位",
            "420111197002301232": "出生日期",
            "42011119700512123７8": "18 位",
        }
        good = ("420111197005121237", "810000199408230021")
        answer = await _sends(day, "roster", _roster([*good, *bad]))
        assert answer.status_code == 409, answer.text
        told = answer.json()
        assert told["zh"], told
        assert told["en"], told
        assert [problem["row"] for problem in told["problems"]] == [4, 5, 6, 7], told
        for problem, expected in zip(told["problems"], bad.values(), strict=True):
            assert problem["column"], problem
            assert expected in problem["zh"], problem
            assert problem["en"], problem
        answer = await _sends(day, "roster", _roster(good))
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["lines"]) == 2

    async def test_a_text_among_the_photos_is_named(self, day: ExamDay) -> None:
        who = day.seats[0].person
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(f"{who.name}-{who.document}.jpg", "not a picture. " * 2_000)
        answer = await _sends(day, "photos", file.getvalue(), profile="P1")
        assert answer.status_code == 409, answer.text
        [problem] = answer.json()["problems"]
        assert problem["file"] == f"{who.name}-{who.document}.jpg"
        assert "JPEG" in problem["zh"], problem
        assert "JPEG" in problem["en"], problem

    async def test_zip_bombs_are_refused_before_they_go_off(self, day: ExamDay) -> None:
        who, before = day.seats[0].person, day.room.memory_mb()
        bomb = await asyncio.to_thread(_bomb, f"{who.name}-{who.document}.jpg")
        answer = await _sends(day, "photos", bomb, profile="P1")
        assert answer.status_code == 409, answer.text
        assert "字节" in answer.json()["problems"][0]["zh"], answer.text
        bomb = await asyncio.to_thread(_bomb, "xl/worksheets/sheet1.xml", "[Content_Types].xml")
        answer = await _sends(day, "roster", bomb)
        assert answer.status_code == 409, answer.text
        assert answer.json()["problems"], answer.text
        assert day.room.memory_mb() - before < 100, "nothing was unpacked into memory"

    async def test_what_is_no_json_is_told_so(self, day: ExamDay) -> None:
        answer = await _sends(day, "", b'{"name": ', kind="application/json")
        assert answer.status_code == 422
        tells(answer.json(), "malformed", "请求格式不正确", "The request is malformed")

    async def test_good_photos_are_still_taken(self, day: ExamDay) -> None:
        answer = await _sends(day, "photos", photos_zip([seat.person for seat in day.seats]), profile="P1")
        assert answer.status_code == 200, answer.text


class _SitsDown:
    """The candidate of seat 1 by hand: a stream that can be written wrong."""

    def __init__(self, socket: ClientConnection, opening: Entry) -> None:
        self.socket, self.opening, self._head = socket, opening, opening

    @classmethod
    async def at(
        cls,
        socket: ClientConnection,
        identity: Identity,
        day: ExamDay,
        stream: str,
        follows: Entry | None = None,
    ) -> "_SitsDown":
        person = day.seats[0].person
        asked = {"type": "sign_in", "request": "r", "ticket": person.ticket, "document": person.document}
        await socket.send(json.dumps(asked))
        facts = (await answered(socket, "signed_in"))["facts"]
        body = {
            "author": "station",
            "station": identity.station,
            "session": facts["session"],
            "attempt": facts["attempt"],
            "key": identity.key.public,
            "follows": follows.head.to_json() if follows else None,
            "reason": "repair" if follows else "sign_in",
        }
        found = cls(socket, compose(None, stream, int(time.time() * 1000), "stream.opened", body))
        await found.sends(found.opening)
        assert (await answered(socket, "ack"))["stream"] == stream
        return found

    def writes(self, kind: str, body: dict[str, Any]) -> Entry:
        """The next entry of the stream."""
        self._head = compose(self._head.head, self._head.stream, int(time.time() * 1000), kind, body)
        return self._head

    async def sends(self, entry: Entry) -> None:
        """Send an entry."""
        await self.socket.send(json.dumps({"type": "entries", "entries": [entry.text]}))


async def _puts(to: Identity, day: ExamDay, data: bytes, key: SigningKey | None = None) -> httpx.Response:
    digest, attempt = hashlib.sha256(data).hexdigest(), day.seats[0].attempt
    headers = {
        "x-kaochang-station": to.station,
        "x-kaochang-attempt": attempt,
        "x-kaochang-signature": (key or to.key).sign(Purpose.PICTURE, f"{digest}\n{attempt}\n{to.station}"),
    }
    async with httpx.AsyncClient(verify=to.tls() or True, trust_env=False, timeout=30) as client:
        return await client.put(f"{to.address}/api/snapshots/{digest}", content=data, headers=headers)


async def _sends(day: ExamDay, what: str, body: bytes, *, kind: str = "", **query: str) -> httpx.Response:
    """An upload of the exam office, as its console would send it; gives the answer whatever it is."""
    desk = await asyncio.to_thread(day.office.desk, "office")
    path = f"/api/candidates/{what}".rstrip("/")
    sent = httpx.Request(
        "POST",
        day.room.address + path,
        params={"scheme": "story", **query},
        content=body,
        headers={
            "idempotency-key": hashlib.sha256(body + path.encode()).hexdigest()[:32],
            "origin": day.room.address,
            "cookie": "; ".join(f"{name}={value}" for name, value in desk.cookies().items()),
            **({"content-type": kind} if kind else {}),
        },
    )
    async with httpx.AsyncClient(verify=day.tls(), trust_env=False, timeout=60) as client:
        return await client.send(sent)


def _roster(documents: Any) -> bytes:
    lines = ["姓名,证件类型,证件号码,准考证号"]
    names = people(20, seed=7, batch="R")
    lines += [
        f"{person.name},居民身份证,{number},{person.ticket}"
        for person, number in zip(names, documents, strict=False)
    ]
    return "\n".join(lines).encode()


def _bomb(name: str, *others: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for other in others:
            archive.writestr(other, "<Types/>")
        with archive.open(name, "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(bytes(MEGABYTE))
    return file.getvalue()


def _flags(day: ExamDay, attempt: str) -> set[str]:
    return {flag.code for flag in day.folded().part(Rulings).of(attempt).flags.values()}
