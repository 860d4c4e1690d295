"""The server's disk is gone in mid-exam: the second copy and the seats' journals give the day back."""

import asyncio
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.async_api import Browser

from server.attempts.rules import Attempts
from server.results.rules import Results
from tests.exam_day.candidate import Candidate
from tests.exam_day.day import SESSION, ExamDay, Seat, until

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(400)]

MINUTES = 5


async def test_a_fresh_server_with_the_copy_and_the_journals_has_the_day(
    tmp_path: Path, browser: Browser
) -> None:
    """One seat comes back by itself, the other as a journal on a stick; nothing they showed as saved is missing."""
    copy = tmp_path / "second-copy"
    settings = f'[second_copy]\nfolder = "{copy}"\n'
    day = await asyncio.to_thread(ExamDay.open, tmp_path, candidates=2, minutes=MINUTES, settings=settings)
    try:
        staying, leaving = day.seats
        await asyncio.to_thread(day.office.check_in, SESSION)
        candidates = [await _seated(browser, seat) for seat in day.seats]
        started = await asyncio.to_thread(day.office.begin, SESSION)
        for candidate in candidates:
            await candidate.reads_the_rules()
            await candidate.answers(1, "A")
            await candidate.is_saved("room")
        await until(lambda: _copied(day), "the copy has caught up")

        day.room.kill()
        shutil.rmtree(day.room.data)
        for candidate in candidates:
            await candidate.answers(2, "B")
            await candidate.answers(3, "A")
        leaving.end(signal.SIGKILL)
        journal = tmp_path / "stick.journal"
        _kaochang("station", "export", "--data", str(leaving.folder), str(journal))
        shutil.rmtree(leaving.folder)

        await asyncio.to_thread(
            _kaochang, "kaochang", "admin", "restore", "--from", str(copy), "--data", str(day.room.data)
        )
        await asyncio.to_thread(day.room.start)
        await candidates[0].answers(4, "B")
        await candidates[0].is_saved("room")
        for _ in range(2):
            await asyncio.to_thread(_brought_on_a_stick, day, journal)

        held = day.folded().part(Attempts).by_id
        for seat, candidate in zip(day.seats, candidates, strict=True):
            answers = {slot: answer.response for slot, answer in held[seat.attempt].answers.items()}
            assert answers == {slot: [letter] for slot, letter in candidate.given.items()}
        assert held[staying.attempt].clock.started_at == started
        await asyncio.to_thread(
            day.office.desk("proctor1").do, f"/api/sessions/{SESSION}/end", {"reason": "故事讲完"}
        )
        await until(lambda: len(day.folded().part(Results).by_attempt) == 2, "both papers are scored")
    finally:
        await asyncio.to_thread(day.close)


async def _seated(browser: Browser, seat: Seat) -> Candidate:
    page = await (
        await browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
    ).new_page()
    await page.goto(await asyncio.to_thread(seat.start))
    candidate = Candidate(page, seat.person)
    await candidate.signs_in()
    return candidate


def _copied(day: ExamDay) -> bool:
    health = day.office.desk("proctor1").get("/api/health")
    copy = health["second_copy"]
    return bool(copy["n"] >= health["n"] and not copy["registers_behind"])


def _brought_on_a_stick(day: ExamDay, journal: Path) -> None:
    with journal.open("rb") as file:
        day.office.desk("proctor1").do(
            f"/api/sessions/{SESSION}/journals", files={"file": (journal.name, file)}
        )


def _kaochang(module: str, *words: str) -> None:
    done = subprocess.run([sys.executable, "-m", module, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
