"""No answer key reaches a seat, nor a proctor: on the wire, on the disk, on the page, in any answer of the server."""

import asyncio
import base64
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page, WebSocket, expect
from websockets.sync.client import connect

from kaochang.exam_office import SAMPLES
from protocol.keys import SigningKey
from protocol.paper import SealedPaper, SeatPaper
from protocol.sealing import CannotOpen, derive, open_paper
from server.app import routes_only
from server.bank.key_file import KeyFile
from server.db import Database
from server.papers.access import wrapping_key
from server.papers.actions import secret_of, server_part
from server.papers.models import Paper
from server.papers.queries import parts, promise, session_secret
from server.papers.sealing import RECORD, SEAL, item_salt, open_record
from server.results.rules import Results
from server.settings import Argon2
from tests.exam_day.cable import Cable, cable
from tests.exam_day.candidate import Candidate
from tests.exam_day.day import SESSION, ExamDay, Seat, until

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(400)]

KEY_WORDS = re.compile(r"^(is_)?correct(_|$)|solution|explanation|answer_key|^right|difficulty|正确|解析|难度")
"""Words of a name in JSON that would be an answer key's."""

NOT_FOR_PROCTORS = {"/api/bank", "/api/bank/{bank}/coverage/{blueprint}"}


@dataclass
class Secrets:
    """What must not be known: solutions in words, and the bytes that open them."""

    solutions: list[str]
    stems: list[str]
    sealed: SealedPaper
    seal_key: bytes
    never: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, day: ExamDay, attempt: str) -> "Secrets":
        """Everything the room itself knows of a paper."""
        keys = day.room.data / "keys"
        room_key = SigningKey.from_pem((keys / "room.pem").read_bytes())
        database = Database(day.room.data / "room.sqlite")
        try:
            with database.read() as db:
                secret = session_secret(db, SESSION, wrapping_key(room_key))
                row = db.get(Paper, attempt)
                promised = promise(db, SESSION)
                assert row is not None
                assert promised is not None
                record = open_record(attempt, row.digest, row.record_nonce, row.record, secret)
                sealed = SealedPaper(attempt=attempt, digest=row.digest, nonce=row.nonce, sealed=row.sealed)
                never = {
                    "the session's secret": secret,
                    "the record's key": derive(secret, RECORD, attempt),
                    "the sealed record": base64.b64decode(row.record),
                    "the salt of the draw's items": item_salt(secret, SESSION, "theory"),
                    "the room's part of the draw's secret": server_part(promised, wrapping_key(room_key)),
                    "the draw's secret": secret_of(
                        promised, parts(db, SESSION), wrapping_key(room_key), SESSION, "theory"
                    ),
                    "the bank's key": KeyFile(keys / "bank_key.json", Argon2()).open(
                        day.office.desk("keeper").get("/api/me")["id"], day.office.passphrases["keeper"]
                    ),
                    "the bank's passphrase": day.office.passphrases["keeper"].encode(),
                    "the room's key": room_key.to_raw(),
                }
        finally:
            database.close()
        text = (SAMPLES / "sgy-tujian" / "items.csv").read_text("utf-8-sig")
        solutions = [row["解析"] for row in csv.DictReader(io.StringIO(text))]
        stems = [item.stem for item in record.items]
        return cls(solutions, stems, sealed, derive(secret, SEAL, attempt), never)

    def not_in(self, heap: dict[str, bytes]) -> None:
        """Neither the words nor the bytes stand in any of these."""
        for name, data in heap.items():
            for solution in self.solutions:
                assert not any(form in data for form in _spellings(solution)), f"{name}: {solution}"
            for what, secret in self.never.items():
                assert not any(form in data for form in _writings(secret)), f"{name}: {what}"
            for word in _names(data):
                assert not KEY_WORDS.search(word), f"{name}: a field called {word}"

    def stay_sealed_for(self, heap: dict[str, bytes]) -> None:
        """Whatever stands there opens no paper, and no item can be read."""
        for name, data in heap.items():
            assert not any(form in data for form in _writings(self.seal_key)), f"{name}: the paper's key"
            for stem in self.stems:
                assert not any(form in data for form in _spellings(stem)), f"{name}: {stem}"
            for key in _keys_of(data):
                with pytest.raises(CannotOpen):
                    open_paper(self.sealed, key)


async def test_nothing_that_reaches_a_seat_or_a_proctor_holds_a_key(tmp_path: Path, browser: Browser) -> None:
    """From the sign-in to the scored paper, everything that was sent is kept and searched."""
    day = await asyncio.to_thread(ExamDay.open, tmp_path, candidates=1, minutes=2)
    seat = day.seats[0]
    try:
        async with cable(day.room.port, day.room.data / "keys") as tap:
            seat.line["address"] = tap.address
            await asyncio.to_thread(day.office.check_in, SESSION)
            page = await (await browser.new_context(locale="zh-CN")).new_page()
            shown = _listens(page)
            await page.goto(await asyncio.to_thread(seat.start))
            candidate = Candidate(page, seat.person)
            await candidate.signs_in()
            secrets = await asyncio.to_thread(Secrets.of, day, seat.attempt)
            before = _reached(seat, tap, shown)
            assert b'"signed_in"' in before["the wire"]
            assert secrets.sealed.sealed.encode() in before["the wire"], "the sealed paper is there already"
            secrets.not_in(before)
            secrets.stay_sealed_for(before)
            proctor = await asyncio.to_thread(_proctor_reads, day)
            secrets.not_in(proctor)
            secrets.stay_sealed_for(proctor)

            await asyncio.to_thread(day.office.begin, SESSION)
            await candidate.reads_the_rules()
            for slot in (1, 2, 3):
                await candidate.answers(slot, "A")
            await candidate.is_saved("room")
            desk = day.office.desk("proctor1")
            await asyncio.to_thread(desk.do, f"/api/sessions/{SESSION}/end", {"reason": "故事到此为止"})
            await expect(page.get_by_role("heading", name="已交卷")).to_be_visible(timeout=20_000)
            await until(
                lambda: day.folded().part(Results).by_attempt.get(seat.attempt), "the paper is scored"
            )

            after = _reached(seat, tap, shown)
            assert base64.b64encode(secrets.seal_key) in after["the wire"], (
                "the start brought the paper's key"
            )
            stems = "".join(json.loads(after["the page"].decode()))
            assert all(json.dumps(stem, ensure_ascii=False)[1:-1] in stems for stem in secrets.stems)
            _is_a_seats_paper(open_paper(secrets.sealed, secrets.seal_key))
            secrets.not_in(after)
            proctor = await asyncio.to_thread(_proctor_reads, day)
            secrets.not_in(proctor)
            secrets.stay_sealed_for(proctor)
    finally:
        await asyncio.to_thread(day.close)


def _listens(page: Page) -> list[str]:
    """What the page's socket is told from here on."""
    told: list[str] = []

    def opened(socket: WebSocket) -> None:
        socket.on(
            "framereceived", lambda frame: told.append(frame if isinstance(frame, str) else frame.decode())
        )

    page.on("websocket", opened)
    return told


def _reached(seat: Seat, tap: Cable, shown: list[str]) -> dict[str, bytes]:
    """Everything that reached the seat up to now: the wire, the page and every file."""
    files = [file for file in seat.folder.rglob("*") if file.is_file()]
    assert any(file.parent.parent.name == "attempts" for file in files), "the journal is there"
    kept = {f"{file.relative_to(seat.folder)}": file.read_bytes() for file in files if file.suffix != ".jpg"}
    return {"the wire": bytes(tap.heard), "the page": json.dumps(shown).encode(), **kept}


def _proctor_reads(day: ExamDay) -> dict[str, bytes]:
    """Every answer a proctor gets, and the floor's first word."""
    attempt = day.attempt(day.seats[0])
    known = {
        "session": SESSION,
        "attempt": attempt["id"],
        "candidate": attempt["candidate"],
        "room": day.session()["room"],
        "bank": "sgy-tujian",
        "blueprint": "s3a",
    }
    desk, found = day.office.desk("proctor1"), {}
    with httpx.Client(
        base_url=day.room.address, verify=day.tls(), cookies=desk.cookies(), timeout=30, trust_env=False
    ) as browser:
        for path, verbs in routes_only().openapi()["paths"].items():
            names = set(re.findall(r"\{(\w+)\}", path))
            if "get" not in verbs or not names <= known.keys():
                continue
            answer = browser.get(path.format(**known))
            assert answer.status_code in (200, 403, 404, 409), f"{path}: {answer.status_code} {answer.text}"
            assert answer.status_code == 403 or path not in NOT_FOR_PROCTORS, path
            found[path] = answer.content
            if answer.headers.get("content-type", "").startswith("image/"):
                del found[path]
    cookie = "; ".join(f"{name}={value}" for name, value in desk.cookies().items())
    with connect(
        f"wss://127.0.0.1:{day.room.port}/api/live/{SESSION}",
        ssl=day.tls(),
        origin=day.room.address,  # type: ignore[arg-type]
        additional_headers={"cookie": cookie},
        proxy=None,
    ) as floor:
        found["the floor"] = str(floor.recv(timeout=10)).encode()
    assert len(found) > 10, sorted(found)
    return found


def _is_a_seats_paper(paper: SeatPaper) -> None:
    """What was opened is words and letters, and nothing beside."""
    for section in paper.to_json()["sections"]:
        assert section.keys() == {"title", "kind", "score_each", "cases", "items"}
        for item in section["items"]:
            shown = {"stem", "options", "premises", "blanks", "case", "markup"}
            assert item.keys() == {"slot", "kind", "score"} | shown
            assert all(option.keys() == {"letter", "text"} for option in item["options"])


def _spellings(text: str) -> tuple[bytes, ...]:
    """A text as it may stand in a stream of bytes."""
    return text.encode(), json.dumps(text)[1:-1].encode(), json.dumps(json.dumps(text))[3:-3].encode()


def _writings(secret: bytes) -> tuple[bytes, ...]:
    """Bytes as they may be written."""
    return (
        secret,
        secret.hex().encode(),
        base64.b64encode(secret),
        base64.urlsafe_b64encode(secret).rstrip(b"="),
    )


def _names(data: bytes) -> set[str]:
    """Every name of a field in a stream of JSON, however it is wrapped."""
    text = data.decode(errors="replace").replace("\\", "")
    return set(re.findall(r'"([^"\s]{1,40})"\s*:', text))


def _keys_of(data: bytes) -> Iterator[bytes]:
    """Everything in a stream of bytes that may be meant as a key of 32 bytes."""
    for found in set(re.findall(rb"[A-Za-z0-9+/_-]{43}=?", data)):
        yield base64.urlsafe_b64decode(found[:43].replace(b"+", b"-").replace(b"/", b"_") + b"=")
    for found in set(re.findall(rb"[0-9a-f]{64}", data)):
        yield bytes.fromhex(found.decode())
