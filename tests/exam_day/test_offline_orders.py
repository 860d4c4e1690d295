"""Orders given while a seat was off the line bind it, in order, when it hears them; the candidate never waits."""

import asyncio
import time
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from protocol.entry_types import ORDERS
from server.attempts.rules import Attempts
from server.results.rules import Results
from tests.exam_day.cable import cable
from tests.exam_day.candidate import Candidate
from tests.exam_day.day import SESSION, ExamDay, until

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(400)]

MINUTES, MORE_MINUTES = 2, 1
WORDS = "网络正在修复，请继续作答。\nThe network is being repaired, go on."


async def test_the_room_goes_on_ordering_while_a_cable_is_out(tmp_path: Path, browser: Browser) -> None:
    """Extended, told something, paused and resumed meanwhile: heard in order, to the second, and nothing is lost."""
    day = await asyncio.to_thread(ExamDay.open, tmp_path, candidates=1, minutes=MINUTES)
    seat = day.seats[0]
    try:
        async with cable(day.room.port) as line:
            seat.line["address"] = line.address
            await asyncio.to_thread(day.office.check_in, SESSION)
            page = await (await browser.new_context(locale="zh-CN")).new_page()
            await page.goto(await asyncio.to_thread(seat.start))
            candidate = Candidate(page, seat.person)
            await candidate.signs_in()
            started = await asyncio.to_thread(day.office.begin, SESSION)
            await candidate.reads_the_rules()
            for slot in (1, 2):
                await candidate.answers(slot, "A")
            await candidate.is_saved("room")

            await line.pull_out()
            await candidate.answers(3, "B")
            offline = page.get_by_text("考场网络中断：答案保存在本机，计时继续，请照常作答。")
            await expect(offline).to_be_visible(timeout=15_000)
            paused_ms = await asyncio.to_thread(_gives_orders, day)
            for slot in (4, 5):
                await candidate.answers(slot, "B")
            await candidate.answers(1, "B")
            await expect(page.locator("[data-saved=room]")).to_have_text("网络中断，4 题待送考场")
            assert await asyncio.to_thread(_unheard, day) == 4

            await line.put_in()
            await expect(page.get_by_text(WORDS.splitlines()[0])).to_be_visible(timeout=30_000)
            await page.get_by_role("button", name="我知道了").click()
            await candidate.is_saved("room")
            await expect(offline).to_be_hidden()
            await until(lambda: not _unheard(day), "the seat has heard everything")
            assert await asyncio.to_thread(_heard, day) == await asyncio.to_thread(_given, day)
            await until(lambda: day.entries("message.acknowledged"), "the message was read")

            left = await candidate.seconds_left()
            health = await asyncio.to_thread(day.office.desk("proctor1").get, "/api/health")
            end = started + (MINUTES + MORE_MINUTES) * 60_000 + paused_ms
            really = (end - health["room_time"]) / 1000
            assert abs(left - really) <= 1.5, f"the page shows {left} s, the room counts {really} s"
            attempt = (await asyncio.to_thread(day.folded)).part(Attempts).by_id[seat.attempt]
            assert (attempt.clock.end_at, attempt.heard_clock.end_at) == (end, end)

            desk = day.office.desk("proctor1")
            await asyncio.to_thread(desk.do, f"/api/sessions/{SESSION}/end", {"reason": "故事到此为止"})
            await expect(page.get_by_role("heading", name="已交卷")).to_be_visible(timeout=20_000)
            await until(
                lambda: day.folded().part(Results).by_attempt.get(seat.attempt), "the paper is scored"
            )
            held = (await asyncio.to_thread(day.folded)).part(Attempts).by_id[seat.attempt]
            assert held.state == "collected"
            assert {slot: each.response for slot, each in held.answers.items()} == {
                slot: [letter] for slot, letter in candidate.given.items()
            }
            assert {each.vouched for each in held.answers.values()} == {"room"}
            assert held.not_counted == 0
    finally:
        await asyncio.to_thread(day.close)


def _gives_orders(day: ExamDay) -> int:
    """A proctor extends, sends a message, pauses, and resumes two seconds later; gives the pause in milliseconds."""
    desk, attempt = day.office.desk("proctor1"), f"/api/sessions/{SESSION}/attempts/{day.seats[0].attempt}"
    desk.do(f"{attempt}/extend", {"minutes": MORE_MINUTES, "reason": "网线被碰掉"})
    desk.do(f"{attempt}/message", {"text": WORDS})
    paused_at: int = desk.do(f"/api/sessions/{SESSION}/pause", {"reason": "检查线路"})["paused_at"]
    time.sleep(2)  # the length of the pause, not a wait for something
    resumed_at: int = desk.do(f"/api/sessions/{SESSION}/resume")["resumed_at"]
    return resumed_at - paused_at


def _given(day: ExamDay) -> list[str]:
    return [one.entry.hash for one in day.entries(*ORDERS)]


def _heard(day: ExamDay) -> list[str]:
    return [one.entry.body["order"]["hash"] for one in day.entries("order.heard")]


def _unheard(day: ExamDay) -> int:
    return len(set(_given(day)) - set(_heard(day)))
