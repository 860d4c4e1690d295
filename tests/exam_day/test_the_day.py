"""From the door to the confirmed result: one candidate sits, another cheats, two proctors rule, the room signs."""

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, expect

from kaochang.exam_office import OfficeRefused
from tests.exam_day.candidate import Candidate
from tests.exam_day.day import SESSION, ExamDay, Seat, until

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(400)]

MINUTES = 2


async def test_one_sits_one_is_voided_and_the_result_is_confirmed(tmp_path: Path, browser: Browser) -> None:
    """Every step a person takes goes through the room's own doors."""
    day = await asyncio.to_thread(ExamDay.open, tmp_path, candidates=2, minutes=MINUTES)
    try:
        honest, cheat = day.seats
        await asyncio.to_thread(day.office.check_in, SESSION)
        sitting, cheating = await _seated(browser, honest), await _seated(browser, cheat)
        await asyncio.to_thread(day.office.begin, SESSION)
        await sitting.reads_the_rules()
        await cheating.reads_the_rules()
        for slot in range(1, 6):
            await sitting.answers(slot, "A")
        await cheating.answers(1, "B")

        ruling = await asyncio.to_thread(_caught, day, cheat)
        await expect(cheating.page.get_by_text("请把手机交给监考员")).to_be_visible()
        await asyncio.to_thread(_voided_by_two, day, cheat, ruling)
        await expect(cheating.page.get_by_role("heading", name="本次考试已终止")).to_be_visible()
        await expect(cheating.page.locator("article")).to_have_count(0)

        await sitting.answers(6, "A")
        await sitting.is_saved("room")
        await until(lambda: day.session()["state"] == "ended", "the session ends by itself", MINUTES * 60 + 60)

        await asyncio.to_thread(_pictures_are_evidence, day, honest, cheat)
        results = await until(lambda: _scored(day, honest), "the paper is scored")
        assert _subject(results, honest)["voided"] is False
        voided = _subject(results, cheat)
        assert voided["voided"] is True
        assert voided["score"] is None
        assert voided["text"] == "成绩取消"

        await asyncio.to_thread(_record_signed_by_two, day)
        with pytest.raises(OfficeRefused):
            await asyncio.to_thread(day.office.desk("office").get_bytes, f"/api/sessions/{SESSION}/results.xlsx")
    finally:
        await asyncio.to_thread(day.close)


async def _seated(browser: Browser, seat: Seat) -> Candidate:
    page = await (await browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})).new_page()
    await page.goto(await asyncio.to_thread(seat.start))
    candidate = Candidate(page, seat.person)
    await candidate.signs_in()
    return candidate


def _at(seat: Seat) -> str:
    return f"/api/sessions/{SESSION}/attempts/{seat.attempt}"


def _caught(day: ExamDay, seat: Seat) -> str:
    """A proctor sees a phone: flag with a picture, warn, propose the void with the candidate's refusal to state."""
    proctor = day.office.desk("proctor1")
    flag = proctor.do(
        f"{_at(seat)}/flag", {"code": "device_use", "severity": "severe", "reason": "使用手机", "evidence": []}
    )["flag"]
    proctor.do(f"{_at(seat)}/warn", {"text": "请把手机交给监考员"})
    proposal = {
        "code": "device_use",
        "flags": [flag],
        "statement_declined": True,
        "reason": "当场发现使用手机",
        "password": day.office.logins["proctor1"].password,
    }
    ruling: str = proctor.do(f"{_at(seat)}/void/propose", proposal)["ruling"]
    return ruling


def _voided_by_two(day: ExamDay, seat: Seat, ruling: str) -> None:
    """The proposer cannot sign twice; a second proctor can, at the same console."""
    proctor, first, second = (
        day.office.desk("proctor1"),
        day.office.logins["proctor1"],
        day.office.logins["proctor2"],
    )
    with pytest.raises(OfficeRefused):
        proctor.do(f"{_at(seat)}/void/{ruling}/sign", {"login": first.login, "password": first.password})
    assert day.attempt(seat)["state"] != "voided"
    proctor.do(f"{_at(seat)}/void/{ruling}/sign", {"login": second.login, "password": second.password})
    assert day.attempt(seat)["state"] == "voided"


def _pictures_are_evidence(day: ExamDay, honest: Seat, cheat: Seat) -> None:
    """Pictures of both seats are in the room, large enough, with those forced by moment and by the flag."""
    for seat, forced in ((honest, {"login", "start", "hand_in"}), (cheat, {"login", "start", "flag"})):
        listed = day.office.desk("reviewer").get(f"{_at(seat)}/snapshots")
        pictures = [each for each in listed["snapshots"] if each["held"]]
        assert forced <= {each["reason"] for each in pictures}
        data = day.office.desk("reviewer").get_bytes(f"/api/sessions/{SESSION}/snapshots/{pictures[0]['digest']}")
        with Image.open(io.BytesIO(data)) as image:
            assert image.width >= 1280
            assert image.height >= 720


def _scored(day: ExamDay, seat: Seat) -> dict[str, Any] | None:
    results: dict[str, Any] = day.office.desk("reviewer").get(f"/api/sessions/{SESSION}/results")
    return results if _subject(results, seat)["score"] is not None else None


def _subject(results: dict[str, Any], seat: Seat) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each for one in results["candidates"] for each in one["subjects"] if each["attempt"] == seat.attempt
    )
    return found


def _record_signed_by_two(day: ExamDay) -> None:
    """The form is filled from the ledger and signed by two different people."""
    proctor = day.office.desk("proctor1")
    for who in ("proctor1", "proctor2"):
        signer = day.office.logins[who]
        proctor.do(
            f"/api/sessions/{SESSION}/record/sign", {"login": signer.login, "password": signer.password}
        )
    assert day.session()["state"] in ("signed", "under_review")
