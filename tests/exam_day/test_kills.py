"""Answers survive whatever ends: the page's station, the room server, both at once."""

import asyncio
import signal
from pathlib import Path

import pytest
from playwright.async_api import Browser

from server.attempts.rules import Attempts
from server.results.rules import Results
from tests.exam_day.candidate import Candidate
from tests.exam_day.day import SESSION, ExamDay, until

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(400)]

MINUTES = 2
LEFT_S_MIN = 45
"""With less left the proctors give a minute: the story takes as long as the machine needs, and ends by itself."""


class Time:
    """The end as the room counts it; it is moved by orders, whatever was killed meanwhile."""

    def __init__(self, day: ExamDay, started: int) -> None:
        self._desk = day.office.desk("proctor1")
        self.end = started + MINUTES * 60_000

    def left_s(self) -> float:
        """Seconds until the end."""
        now: int = self._desk.get("/api/health")["room_time"]
        return (self.end - now) / 1000

    def suffices(self) -> None:
        """Extend by a minute where the next steps might not fit."""
        if self.left_s() < LEFT_S_MIN:
            self._desk.do(f"/api/sessions/{SESSION}/extend", {"minutes": 1, "reason": "补时"})
            self.end += 60_000


async def test_no_answer_shown_as_saved_is_lost_and_no_second_given_or_taken(
    tmp_path: Path, browser: Browser
) -> None:
    """Twenty answers, the station killed among them, then the server; the rest is collected at time-up."""
    day = await asyncio.to_thread(ExamDay.open, tmp_path, candidates=1, minutes=MINUTES)
    try:
        seat = day.seats[0]
        await asyncio.to_thread(day.office.check_in, SESSION)
        page = await (
            await browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
        ).new_page()
        await page.goto(await asyncio.to_thread(seat.start))
        candidate = Candidate(page, seat.person)
        await candidate.signs_in()
        started = await asyncio.to_thread(day.office.begin, SESSION)
        await candidate.reads_the_rules()
        time = Time(day, started)
        await asyncio.to_thread(time.suffices)

        for slot in range(1, 8):
            await candidate.answers(slot, "A")
        await candidate.is_saved("room")

        await asyncio.to_thread(time.suffices)
        seat.end(signal.SIGKILL)
        await page.goto(await asyncio.to_thread(seat.start))
        for slot in range(8, 13):
            await candidate.answers(slot, "B")

        await asyncio.to_thread(time.suffices)
        day.room.kill()
        for slot in range(13, 18):
            await candidate.answers(slot, "A")
        await asyncio.to_thread(day.room.start)
        await asyncio.to_thread(time.suffices)
        for slot in range(18, 21):
            await candidate.answers(slot, "B")
        await candidate.is_saved("room")

        await asyncio.to_thread(time.suffices)
        await until(
            lambda: day.folded().part(Attempts).by_id[seat.attempt].heard_clock.end_at == time.end,
            "the seat heard every extension",
        )
        left, really = await candidate.seconds_left(), await asyncio.to_thread(time.left_s)
        assert abs(left - really) <= 1.5, f"the page shows {left} s, the room counts {really} s"

        await until(
            lambda: day.session()["state"] == "ended", "the session ends by itself", LEFT_S_MIN + 90
        )
        ended = day.session()["ended_at"]
        assert 0 <= ended - time.end < 15_000
        attempt = await asyncio.to_thread(day.attempt, seat)
        assert attempt["state"] in ("handed_in", "collected")
        await until(lambda: day.folded().part(Results).by_attempt.get(seat.attempt), "the paper is scored")
        held = day.folded().part(Attempts).by_id[seat.attempt].answers
        assert {slot: answer.response for slot, answer in held.items()} == {
            slot: [letter] for slot, letter in candidate.given.items()
        }
        assert {answer.vouched for answer in held.values()} == {"room"}
    finally:
        await asyncio.to_thread(day.close)
