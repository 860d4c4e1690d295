"""A hall at work for ten minutes: ``make bench`` runs it, ``make test`` does not.

Simulated seats (the stations' own code, pictures included) and one real page in a real browser sit an exam; a console
looks on. What is measured: that nothing is lost, that the console is live, and that the page is quick.
"""

import asyncio
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
from playwright.async_api import Page, async_playwright, expect
from websockets.asyncio.client import connect

from kaochang.bench.kept import Kept, look
from kaochang.room_process import process_cpu_s
from server.data_folder import DataFolder
from tests.exam_day.candidate import Candidate
from tests.exam_day.conftest import CHROMIUM
from tests.exam_day.day import SESSION, ExamDay, Seat, story_scheme, until

CLICK_EVERY_S = 2.0
SIGN_IN_S_MAX = 240.0
AFTER_S_MAX = 120.0

PICTURES = {"min_gap_s": 5, "max_gap_s": 25, "start_spread_s": 30}
"""S3-A's own pictures: the demo's scheme takes more of them, and would measure the drawing of pictures."""

CLICK = """([slot, ends]) => new Promise((resolve, reject) => {
  const signs = ends.map(end => document.querySelector(`[data-saved=${end}]`));
  const options = [...document.querySelectorAll(`article[data-slot="${slot}"] [data-letter]`)];
  // Where several may be chosen and all are, one is taken back.
  const option = options.find(one => one.getAttribute("aria-checked") === "false") ?? options[0];
  const took = ends.map(() => null), left = ends.map(() => false);
  const began = performance.now();
  const watch = new MutationObserver(() => signs.forEach((sign, at) => {
    if (!sign.classList.contains("done")) left[at] = true;
    else if (left[at] && took[at] === null) took[at] = performance.now() - began;
    if (took.every(one => one !== null)) { watch.disconnect(); resolve(took); }
  }));
  signs.forEach(sign => watch.observe(sign, {attributes: true}));
  option.click();
  setTimeout(() => reject(new Error("not saved within 20 s")), 20000);
})"""
"""Click an option, one that is not chosen where there is one.

Gives the milliseconds until each sign says that everything is saved there.
"""


@dataclass
class Seen:
    """What one console and one page noticed; milliseconds."""

    ages: list[float] = field(default_factory=list)
    silences: list[float] = field(default_factory=list)
    answered: dict[int, float] = field(default_factory=dict)
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    on_seat: list[float] = field(default_factory=list)
    in_room: list[float] = field(default_factory=list)
    to_console: list[float] = field(default_factory=list)


@dataclass
class Hall:
    """The day, its simulated seats in one process, and the real seat, which is the last."""

    day: ExamDay
    folder: Path
    simulated: subprocess.Popen[bytes]
    seat: Seat

    @property
    def journals(self) -> list[Path]:
        """The folder of every seat."""
        return [*sorted((self.folder / "simulated").iterdir()), self.seat.folder]

    def cpu_s(self) -> tuple[float, float, float]:
        """CPU so far: server, simulated seats, the real seat's station."""
        assert self.seat.process is not None
        return (
            self.day.room.cpu_s(),
            process_cpu_s(self.simulated.pid) if self.simulated.poll() is None else 0.0,
            process_cpu_s(self.seat.process.pid),
        )

    def state(self) -> str:
        """Where the session stands."""
        return str(self.day.session()["state"])

    def waiting(self) -> int:
        """How many candidates wait for the start."""
        rows = self.day.office.desk("proctor1").get(f"/api/sessions/{SESSION}/attempts")
        return sum(row["state"] == "waiting" for row in rows)


def soak_scheme(minutes: int) -> str:
    """The story's scheme with S3-A's pictures."""
    text = story_scheme(minutes)
    for name, value in {**PICTURES, "min_count": minutes}.items():
        text, found = re.subn(rf"^{name} = \d+", f"{name} = {value}", text, flags=re.MULTILINE)
        assert found == 1, name
    return text


def open_hall(folder: Path, seats: int, minutes: int) -> Hall:
    """A room with everybody checked in, its simulated seats on their way."""
    day = ExamDay.open(folder, candidates=seats + 1, minutes=minutes, scheme=soak_scheme(minutes))
    day.office.check_in(SESSION)
    lines = [
        {**seat.line, "ticket": seat.person.ticket, "document": seat.person.document}
        for seat in day.seats[:-1]
    ]
    file = folder / "simulated.json"
    file.write_text(json.dumps(lines))
    command = [sys.executable, "-m", "station", "simulate", "--enrol", str(file), "--leave"]
    command += ["--hurry", "10", "--data", str(folder / "simulated")]
    with (folder / "simulated.log").open("wb") as log:
        simulated = subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
        )
    return Hall(day, folder, simulated, day.seats[-1])


@asynccontextmanager
async def page_of(seat: Seat) -> AsyncIterator[Page]:
    """The real seat's page in a real browser."""
    address = await asyncio.to_thread(seat.start)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        context = await browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
        page = await context.new_page()
        await page.goto(address)
        yield page
        await browser.close()


async def watch_console(hall: Hall, seen: Seen) -> None:
    """A proctor's console, until cancelled."""
    day, mine = hall.day, hall.seat.attempt
    health, began = await asyncio.to_thread(day.office.desk("proctor1").get, "/api/health"), time.time()
    ahead_ms = health["room_time"] - began * 1000
    cookies = "; ".join(f"{name}={value}" for name, value in day.office.desk("proctor1").cookies().items())
    address = f"{day.room.address.replace('https', 'wss')}/api/live/{SESSION}"
    headers = {"cookie": cookies}
    async with connect(
        address, ssl=day.tls(), additional_headers=headers, origin=day.room.address, max_size=None, proxy=None
    ) as socket:
        last = time.monotonic()
        async for text in socket:
            now, told = time.monotonic(), json.loads(text)
            if told["type"] == "changes":
                seen.silences.append((now - last) * 1000)
                seen.ages.append(time.time() * 1000 + ahead_ms - told["room_time"])
            last = now
            for row in told["rows"]:
                if row["attempt"] == mine:
                    seen.answered.setdefault(row["answered"], now)
                    seen.moved.set()


async def answer(page: Page, candidate: Candidate, slots: int, until_at: float, seen: Seen) -> None:
    """Answer item after item, at a steady pace, and measure each click where it happens."""
    given = 0
    while time.monotonic() < until_at:
        slot = given % slots + 1
        await candidate.item(slot)
        clicked = time.monotonic()
        seat_ms, room_ms = await page.evaluate(CLICK, [slot, ["seat", "room"]])
        seen.on_seat.append(seat_ms)
        seen.in_room.append(room_ms)
        given += 1
        if given <= slots:
            async with asyncio.timeout(10):
                while given not in seen.answered:
                    seen.moved.clear()
                    await seen.moved.wait()
            seen.to_console.append((seen.answered[given] - clicked) * 1000)
        await asyncio.sleep(max(0.0, CLICK_EVERY_S - (time.monotonic() - clicked)))


async def sit(hall: Hall, minutes: int, seen: Seen) -> dict[str, float]:
    """The exam from the sign-in to the last hand-in; CPU shares over it."""
    async with page_of(hall.seat) as page:
        candidate = Candidate(page, hall.seat.person)
        await candidate.signs_in()
        everybody = len(hall.day.seats)
        await until(lambda: hall.waiting() >= everybody, "everybody waits for the start", SIGN_IN_S_MAX)
        click.echo(f"{everybody} seats wait for the start", err=True)
        console = asyncio.create_task(watch_console(hall, seen), name="console")
        before, began = hall.cpu_s(), time.monotonic()
        await asyncio.to_thread(hall.day.office.begin, SESSION)
        end = time.monotonic() + minutes * 60
        await candidate.reads_the_rules()
        slots = await page.locator("nav [data-slot], nav button").count()
        await answer(page, candidate, min(slots, 60), end - 5, seen)
        took = time.monotonic() - began
        shares = [(now - then) / took for now, then in zip(hall.cpu_s(), before, strict=True)]
        memory_mb = hall.day.room.memory_mb()
        await until(lambda: hall.state() == "ended", "the session ends by itself", AFTER_S_MAX)
        await until(
            lambda: hall.simulated.poll() is not None, "every simulated hand-in is delivered", AFTER_S_MAX
        )
        assert hall.simulated.returncode == 0, (hall.folder / "simulated.log").read_text()[-2000:]
        await expect(page.get_by_text("答卷已送达考场")).to_be_visible(timeout=AFTER_S_MAX * 1000)
        console.cancel()
        await asyncio.gather(console, return_exceptions=True)
    hall.seat.end()
    names = ("server_cpu_share", "simulated_cpu_share", "station_cpu_share")
    return {**dict(zip(names, shares, strict=True)), "server_memory_mb": memory_mb}


def figures(hall: Hall, seen: Seen, kept: Kept, spent: dict[str, float]) -> dict[str, float]:
    """Everything measured, by name."""
    return {
        "seats": len(hall.day.seats),
        "answers": kept.answers,
        "answers_lost": len(kept.answers_lost),
        "pictures": kept.pictures,
        "pictures_outstanding": kept.pictures_outstanding,
        "pictures_unknown": len(kept.pictures_unknown),
        "clicks": len(seen.on_seat),
        "saved_on_seat_ms_p50": share(seen.on_seat, 0.5),
        "saved_on_seat_ms_p99": share(seen.on_seat, 0.99),
        "saved_in_room_ms_p50": share(seen.in_room, 0.5),
        "saved_in_room_ms_p99": share(seen.in_room, 0.99),
        "click_to_console_ms_p50": share(seen.to_console, 0.5),
        "click_to_console_ms_p99": share(seen.to_console, 0.99),
        "console_messages": len(seen.ages),
        "console_age_ms_p99": share(seen.ages, 0.99),
        "console_silence_ms_max": max(seen.silences, default=0.0),
        **spent,
    }


def share(values: list[float], part: float) -> float:
    """The value below which this part of all lies; 0 without any."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


async def soak(folder: Path, seats: int, minutes: int) -> dict[str, float]:
    """One hall from its founding to the comparison of its journals with the ledger."""
    hall = await asyncio.to_thread(open_hall, folder, seats, minutes)
    seen = Seen()
    try:
        spent = await sit(hall, minutes, seen)
        kept = await asyncio.to_thread(look, DataFolder(hall.day.room.data), SESSION, hall.journals)
    finally:
        if hall.simulated.poll() is None:
            hall.simulated.terminate()
            hall.simulated.wait(20)
        await asyncio.to_thread(hall.day.close)
    return figures(hall, seen, kept, spent)


@click.command()
@click.option("--seats", type=click.IntRange(1, 500), default=200, show_default=True, help="Simulated seats.")
@click.option(
    "--minutes", type=click.IntRange(2, 120), default=10, show_default=True, help="Length of the exam."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
def main(seats: int, minutes: int, as_json: bool) -> None:
    """Sit an exam in a whole hall, and count what is lost; ends with status 1 when anything is."""
    if CHROMIUM is None:
        raise click.ClickException("there is no chromium here: scripts/bootstrap tests")
    folder = Path(tempfile.mkdtemp(prefix="kaochang-soak-"))
    try:
        found = asyncio.run(soak(folder, seats, minutes))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if as_json:
        click.echo(json.dumps(found))
    else:
        click.echo(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        for name, value in found.items():
            click.echo(f"{name:28} {value:12,.3f}")
    if found["answers_lost"] or found["pictures_unknown"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
