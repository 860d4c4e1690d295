"""A real station process: enrolled, driven as its page would, killed with SIGKILL, and back with all it showed."""

import asyncio
import json
import os
import random
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from protocol import journal_file
from station.cli import main
from tests.station.scripted_room import ScriptedRoom
from tests.station.waiting import until

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def room() -> AsyncIterator[ScriptedRoom]:
    scripted = ScriptedRoom(candidates={"T1": ("D1", "a1")}, one_use={"st1": "s3cret-s3cret"})
    async with scripted.open() as opened:
        yield opened


def enrolment_file(room: ScriptedRoom, folder: Path) -> Path:
    key = room.key.public
    line = {"station": "st1", "secret": "s3cret-s3cret", "address": room.address, "room_key": key, "seat": 7}
    path = folder / "enrolment.json"
    path.write_text(json.dumps([line]))
    return path


class Process:
    """One run of ``kaochang-station run``."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        self.process, self.address = process, address
        self.origin = address.split("/?")[0]

    async def enter(self) -> dict[str, str]:
        """Use the token; gives the headers that let a page in."""
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(self.address)
        assert answer.status_code == 303
        return {"Cookie": answer.headers["set-cookie"].split(";")[0]}

    def page(self, headers: dict[str, str]) -> Any:
        return connect(
            self.origin.replace("http", "ws") + "/page",
            additional_headers=headers,
            origin=self.origin,  # type: ignore[arg-type]
            proxy=None,
        )

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


@asynccontextmanager
async def station(home: Path, *options: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "station", "run", "--data", str(home), "--camera", "drawn:3", "--no-browser"),
        *options,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
    found = re.search(r"http://\S+", line)
    assert found, line
    run = Process(process, found[0])
    try:
        yield run
    finally:
        await run.kill()


class Page:
    """What a page knows and does."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.view: dict[str, Any] = {}
        self.saved: dict[int, tuple[str, list[str]]] = {}
        self.replaced = False
        self.hearing = asyncio.create_task(self._hear())

    async def _hear(self) -> None:
        try:
            async for frame in self.socket:
                message = json.loads(frame)
                if message["type"] == "view":
                    self.view = message
                elif message["type"] == "saved":
                    for one in message["answers"]:
                        self.saved[one["slot"]] = one["saved"], one["response"]
                elif message["type"] == "replaced":
                    self.replaced = True
        except ConnectionClosed:
            return

    async def do(self, kind: str, **what: Any) -> None:
        await self.socket.send(json.dumps({"type": kind, **what}))

    async def at(self, stage: str) -> None:
        await until(lambda: self.view.get("stage") == stage)

    async def sit_down(self, room: ScriptedRoom) -> None:
        await until(lambda: self.view.get("stage") == "sign_in" and self.view["link"] == "connected")
        await self.do("sign_in", ticket="T1", document="D1")
        await self.at("confirm")
        await self.do("confirm", me=True)
        await self.at("notice")
        await self.do("notice_read")
        await self.at("waiting")
        await room.start("a1")
        await self.at("rules")
        await self.do("rules_read")
        await self.at("exam")


class TestRun:
    @pytest.mark.timeout(300)
    async def test_killed_again_and_again_it_loses_nothing_it_showed_as_saved(
        self, room: ScriptedRoom, tmp_path: Path
    ) -> None:
        home, dice = tmp_path / "seat", random.Random(5)
        shown: dict[int, list[str]] = {}
        given: dict[int, set[str]] = {}
        cookie: dict[str, str] = {}
        end: list[int] = []
        async with station(home, "--enrol", str(enrolment_file(room, tmp_path)), "--port", "0") as first:
            port = first.origin.rsplit(":", 1)[1]
            cookie = await first.enter()
            async with first.page(cookie) as socket:
                page = Page(socket)
                await page.sit_down(room)
                clock = page.view["clock"]
                end.append(clock["room_time"] + clock["remaining_ms"])
        for round_ in range(4):
            async with station(home, "--port", port) as run, run.page(cookie) as socket:
                page = Page(socket)
                await page.at("exam")
                held = {one["slot"]: one["response"] for one in page.view["answers"]}
                for slot, response in shown.items():
                    assert held.get(slot) == response or "".join(held.get(slot, [])) in given[slot], (
                        round_,
                        slot,
                    )
                clock = page.view["clock"]
                end.append(clock["room_time"] + clock["remaining_ms"])
                for _ in range(dice.randint(20, 60)):
                    slot, letter = dice.randint(6, 15), dice.choice("ABCD")
                    given.setdefault(slot, set()).add(letter)
                    await page.do("answer", slot=slot, response=[letter])
                await until(lambda page=page: len(page.saved) > 3)  # type: ignore[misc]
                await run.kill()
                await page.hearing
                shown |= {slot: response for slot, (_, response) in page.saved.items()}
                given = {slot: given[slot] | {"".join(response)} for slot, response in shown.items()} | {
                    slot: letters for slot, letters in given.items() if slot not in shown
                }
        async with station(home, "--port", port) as run, run.page(cookie) as socket:
            page = Page(socket)
            await page.at("exam")
            final = {one["slot"]: "".join(one["response"]) for one in page.view["answers"]}
            await page.do("hand_in")
            await page.at("handed_in")
            await until(lambda: page.view["receipt"]["delivered"])
        assert room.answers() == final
        assert set(shown) <= set(final)
        assert max(end) - min(end) <= 1_000

    async def test_only_its_own_page_gets_in_and_one_at_a_time(
        self, room: ScriptedRoom, tmp_path: Path
    ) -> None:
        file = enrolment_file(room, tmp_path)
        async with station(tmp_path / "seat", "--enrol", str(file), "--port", "0") as run:
            async with httpx.AsyncClient(trust_env=False) as client:
                assert (await client.get(run.origin)).status_code == 403
                assert (await client.get(f"{run.origin}/?token=wrong")).headers.get("set-cookie") is None
                cookie = await run.enter()
                assert (await client.get(run.address)).headers.get("set-cookie") is None
                index = await client.get(run.origin, headers=cookie)
                assert index.headers["content-security-policy"].startswith("default-src 'self'")
                odd = await client.get(run.origin, headers=[(b"Cookie", b"kaochang_page=\xe9")])
                assert odd.status_code == 403
                stranger = await client.get(run.origin, headers={**cookie, "Host": "exam.example"})
                assert stranger.status_code == 403
            address = run.origin.replace("http", "ws") + "/page"
            for headers, origin in (({}, run.origin), (cookie, "http://exam.example"), (cookie, None)):
                with pytest.raises(InvalidStatus):
                    await connect(address, additional_headers=headers, origin=origin, proxy=None)  # type: ignore[arg-type]
            async with run.page(cookie) as one:
                first = Page(one)
                await until(lambda: first.view)
                async with run.page(cookie) as two:
                    second = Page(two)
                    await until(lambda: first.replaced and second.view)
                    picture = await _camera(run, cookie)
                    assert picture[:2] == b"\xff\xd8"

    async def test_leaving_and_losing_the_page_are_on_record(
        self, room: ScriptedRoom, tmp_path: Path
    ) -> None:
        file = enrolment_file(room, tmp_path)
        async with station(tmp_path / "seat", "--enrol", str(file), "--port", "0") as run:
            cookie = await run.enter()
            async with run.page(cookie) as socket:
                page = Page(socket)
                await page.sit_down(room)
                await page.do("event", event="left", cause="hidden")
                await page.do("event", event="left", cause="hidden")
                await page.do("event", event="returned", cause="hidden")
                await page.do("event", event="clipboard", cause="paste")
                await until(lambda: room.entries("clipboard.used"))
            await until(
                lambda: [one.body["cause"] for one in room.entries("page.left")] == ["hidden", "page_lost"]
            )
            async with run.page(cookie):
                await until(lambda: len(room.entries("page.returned")) == 2)
            assert room.entries("page.returned")[1].body["away_ms"] > 0

    async def test_pictures_arrive_in_the_size_an_exam_needs(
        self, room: ScriptedRoom, tmp_path: Path
    ) -> None:
        file = enrolment_file(room, tmp_path)
        async with station(tmp_path / "seat", "--enrol", str(file), "--port", "0") as run:
            async with run.page(await run.enter()) as socket:
                page = Page(socket)
                await page.sit_down(room)
                await until(lambda: len(room.pictures) >= 4)
                await page.do("hand_in")
                await until(
                    lambda: any(one.body["reason"] == "hand_in" for one in room.entries("snapshot.taken"))
                )
            taken = room.entries("snapshot.taken")
            await until(
                lambda: {one.body["digest"] for one in room.entries("snapshot.taken")} <= room.pictures.keys()
            )
            assert {one.body["reason"] for one in taken} == {"login", "start", "schedule", "hand_in"}
            assert {(one.body["width"], one.body["height"]) for one in taken} == {(1280, 720)}
            assert room.entries("snapshot.missed") == []

    async def test_the_journal_goes_to_a_file_while_the_room_is_away(
        self, room: ScriptedRoom, tmp_path: Path
    ) -> None:
        home, file = tmp_path / "seat", enrolment_file(room, tmp_path)
        async with (
            station(home, "--enrol", str(file), "--port", "0") as run,
            run.page(await run.enter()) as socket,
        ):
            page = Page(socket)
            await page.sit_down(room)
            await page.do("answer", slot=1, response=["A"])
            await until(lambda: 1 in page.saved)
            result = await asyncio.to_thread(
                CliRunner().invoke, main, ["export", "--data", str(home), str(tmp_path / "journal")]
            )
            assert result.exit_code == 0, result.output
        read = journal_file.read((tmp_path / "journal").read_bytes())
        assert read.faults == []
        assert [entry.body for entry in read.streams[0].entries if entry.type == "answer.saved"] == [
            {"slot": 1, "response": ["A"]}
        ]
        assert read.heads[0].read is not None

    async def test_a_used_secret_is_refused_with_a_sentence(self, room: ScriptedRoom, tmp_path: Path) -> None:
        room.one_use.clear()
        file = enrolment_file(room, tmp_path)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "station", "run", "--data", str(tmp_path / "seat"), "--enrol", str(file)),
            cwd=ROOT,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await process.communicate()
        assert process.returncode == 1
        assert "密钥无效" in said.decode()


async def _camera(run: Process, cookie: dict[str, str]) -> bytes:
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            answer = await client.get(f"{run.origin}/camera.jpg", headers=cookie)
            if answer.status_code == 200:
                return answer.content
