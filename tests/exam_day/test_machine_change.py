"""换机: the candidate goes on at another seat, and what the dead machine still holds is not lost, and not trusted."""

import asyncio
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from server.attempts.rules import Attempt, Attempts
from server.results.rules import Results
from tests.exam_day.cable import cable
from tests.exam_day.candidate import Candidate
from tests.exam_day.day import SESSION, ExamDay, Seat, until

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(300)]

MINUTES, SPARE = 3, 2


async def test_a_candidate_moves_and_the_old_machine_comes_back(tmp_path: Path, browser: Browser) -> None:
    """Same paper, answers, marks and time; the old machine's late answers wait for a person, item by item."""
    day = await asyncio.to_thread(ExamDay.open, tmp_path, candidates=1, minutes=MINUTES)
    old, spare = day.seats[0], await asyncio.to_thread(_spare, day, tmp_path)
    try:
        async with cable(day.room.port) as line:
            old.line["address"] = line.address
            await asyncio.to_thread(day.office.check_in, SESSION)
            candidate = Candidate(await _page(browser, old), old.person)
            await candidate.signs_in()
            started = await asyncio.to_thread(day.office.begin, SESSION)
            await candidate.reads_the_rules()
            for slot in (1, 2, 3):
                await candidate.answers(slot, "A")
            await candidate.page.locator("article[data-slot='3']").get_by_role("button", name="标记").click()
            await candidate.is_saved("room")
            before = {slot: await candidate.item(slot) for slot in (1, 30, 60)}

            await line.pull_out()
            for slot in (1, 4, 5):
                await candidate.answers(slot, "B")
            await asyncio.to_thread(old.end, signal.SIGKILL)
            await candidate.page.close()

            await asyncio.to_thread(_allows, day)
            moved = Candidate(await _page(browser, spare), old.person)
            await _signs_in_again(moved)
            assert {slot: await moved.item(slot) for slot in (1, 30, 60)} == before, "the same paper"
            await _shows_what_the_room_holds(moved)
            left = await moved.seconds_left()
            health = await asyncio.to_thread(day.office.desk("proctor1").get, "/api/health")
            really = (started + MINUTES * 60_000 - health["room_time"]) / 1000
            assert abs(left - really) <= 1.5, f"the page shows {left} s, the room counts {really} s"
            for slot in (5, 6):
                await moved.answers(slot, "A")
            await moved.is_saved("room")

            await asyncio.to_thread(_brings_the_journal_twice, day, old, tmp_path / "seat1.journal")
            returned = await _page(browser, old)
            await Candidate(returned, old.person).answers(8, "B")
            await line.put_in()
            await expect(returned.get_by_role("heading", name="考生登录")).to_be_visible(timeout=30_000)
            await _is_still_answering(moved)

        there = {1: "A", 2: "A", 3: "A", 5: "A", 6: "A", 7: "A"}
        assert await asyncio.to_thread(_counted, day) == there, "nobody has admitted what is late"
        await until(lambda: {late.slot for late in _attempt(day).late} == {1, 4, 5, 8}, "it has delivered")
        assert not await asyncio.to_thread(day.entries, "room.alarm"), (
            "a machine that comes back alarms nobody"
        )
        await asyncio.to_thread(_admits_what_is_late, day)
        counted = there | {1: "B", 4: "B", 8: "B"}
        assert await asyncio.to_thread(_counted, day) == counted, "but where the candidate went on since"
        desk = day.office.desk("proctor1")
        await asyncio.to_thread(desk.do, f"/api/sessions/{SESSION}/end", {"reason": "故事到此为止"})
        await expect(moved.page.get_by_role("heading", name="已交卷")).to_be_visible(timeout=20_000)
        await until(lambda: day.folded().part(Results).by_attempt.get(old.attempt), "the paper is scored")
        assert await asyncio.to_thread(_counted, day) == counted
        held = (await asyncio.to_thread(_attempt, day)).answers
        assert {slot for slot, each in held.items() if each.vouched == "seat"} == {1, 4, 8}, "marked as such"
    finally:
        await asyncio.to_thread(spare.end)
        await asyncio.to_thread(day.close)


def _spare(day: ExamDay, folder: Path) -> Seat:
    """A machine at a spare seat of the room."""
    room = day.session()["room"]
    asked = {"seats": [SPARE], "address": day.room.address}
    [line] = day.office.desk("office").do(f"/api/rooms/{room}/enrolment", asked)
    return Seat(folder / "spare", line, day.seats[0].person, day.seats[0].attempt)


async def _page(browser: Browser, seat: Seat) -> Page:
    page = await (await browser.new_context(locale="zh-CN")).new_page()
    await page.goto(await asyncio.to_thread(seat.start))
    return page


def _allows(day: ExamDay) -> None:
    """The proctor looks for the machine that went silent, and sends the candidate to another."""
    path = f"/api/sessions/{SESSION}/attempts/{day.seats[0].attempt}/allow-seat-change"
    day.office.desk("proctor1").do(path, {"seat": SPARE, "reason": "1 号机位死机"})


async def _signs_in_again(candidate: Candidate) -> None:
    """As before, but that the exam runs and its rules were read already."""
    page = candidate.page
    await page.get_by_label("准考证号").fill(candidate.person.ticket)
    await page.get_by_label("证件号码").fill(candidate.person.document)
    await page.get_by_role("button", name="登录").click()
    await page.get_by_role("button", name="信息无误，是我本人").click()
    await page.get_by_role("button", name="我已阅读，继续").click()
    await expect(page.locator("article")).to_be_visible(timeout=20_000)


async def _shows_what_the_room_holds(candidate: Candidate) -> None:
    card = candidate.page.get_by_role("navigation", name=re.compile("答题卡"))
    for slot, said in ((1, "已答"), (2, "已答"), (3, "已答.*已标记"), (4, "未答"), (5, "未答")):
        await expect(card.get_by_role("button", name=re.compile(rf"第 {slot} 题.*{said}"))).to_be_visible()
    await candidate.item(1)
    checked = candidate.page.locator("article[data-slot='1'] [data-letter=A]")
    await expect(checked).to_have_attribute("aria-checked", "true")


async def _is_still_answering(candidate: Candidate) -> None:
    await candidate.answers(7, "A")
    await candidate.is_saved("room")


def _brings_the_journal_twice(day: ExamDay, seat: Seat, file: Path) -> None:
    """The dead machine's journal on a stick, imported at the console, and again by mistake."""
    done = subprocess.run(
        [sys.executable, "-m", "station", "export", "--data", str(seat.folder), str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, again = (_imports(day, file) for _ in range(2))
    assert first["taken"] >= 3, first
    assert (again["taken"], again["quarantined"], again["faults"]) == (0, 0, []), again
    assert again["repeated"] == again["entries"] == first["taken"] + first["repeated"]
    assert {late.slot: late.response for late in _attempt(day).late} == {1: ["B"], 4: ["B"], 5: ["B"]}


def _imports(day: ExamDay, file: Path) -> dict[str, Any]:
    files = {"file": (file.name, file.read_bytes())}
    found: dict[str, Any] = day.office.desk("proctor1").do(f"/api/sessions/{SESSION}/journals", files=files)
    return found


def _admits_what_is_late(day: ExamDay) -> None:
    for stream in sorted({late.stream for late in _attempt(day).late}):
        path = f"/api/sessions/{SESSION}/attempts/{day.seats[0].attempt}/admit-late"
        day.office.desk("proctor1").do(path, {"stream": stream, "reason": "死机前已作答，核对无误"})


def _attempt(day: ExamDay) -> Attempt:
    return day.folded().part(Attempts).by_id[day.seats[0].attempt]


def _counted(day: ExamDay) -> dict[int, str]:
    return {slot: "".join(each.response) for slot, each in sorted(_attempt(day).answers.items())}
