"""From the door to the confirmed result: one candidate sits, another cheats, two proctors rule, the room signs."""

import asyncio
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image
from playwright.async_api import Browser, expect

from kaochang.exam_office import OfficeRefused
from question_bank.reveal import Verdict, prove, read_reveal
from tests.exam_day.candidate import Candidate
from tests.exam_day.day import SESSION, ExamDay, Seat, until

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(400)]

MINUTES = 8


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
        # The picture of the start comes within its spread; this day is over sooner than any real one.
        for seat in (honest, cheat):
            await until(lambda seat=seat: "start" in _held(day, seat), "the pictures of the start arrived")

        ruling = await asyncio.to_thread(_caught, day, cheat)
        await expect(cheating.page.get_by_text("请把手机交给监考员")).to_be_visible()
        await asyncio.to_thread(_voided_by_two, day, cheat, ruling)
        await expect(cheating.page.get_by_role("heading", name="本次考试已终止")).to_be_visible()
        await expect(cheating.page.locator("article")).to_have_count(0)

        await sitting.answers(6, "A")
        await sitting.is_saved("room")
        await sitting.hands_in()
        await until(lambda: day.attempt(honest)["state"] == "handed_in", "the room knows of the hand-in")
        await asyncio.to_thread(
            day.office.desk("proctor1").do, f"/api/sessions/{SESSION}/end", {"reason": "全部交卷"}
        )
        assert day.session()["state"] == "ended"

        await asyncio.to_thread(_pictures_are_evidence, day, honest, cheat)
        results = await until(lambda: _scored(day, honest), "the paper is scored")
        assert _subject(results, honest)["voided"] is False
        voided = _subject(results, cheat)
        assert voided["voided"] is True
        assert voided["score"] is None
        assert voided["text"] == "成绩取消"

        await asyncio.to_thread(_record_signed_by_two, day)
        with pytest.raises(OfficeRefused):
            await asyncio.to_thread(
                day.office.desk("office").get_bytes, f"/api/sessions/{SESSION}/results.xlsx"
            )

        await asyncio.to_thread(_reviewed_and_confirmed, day, [honest, cheat], ruling)
        data = await asyncio.to_thread(
            day.office.desk("office").get_bytes, f"/api/sessions/{SESSION}/results.xlsx"
        )
        cells = {
            str(cell.value) for row in load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row
        }
        assert {honest.person.name, cheat.person.name, "成绩取消"} <= cells
        await asyncio.to_thread(_the_bundle_proves_itself, day, honest, tmp_path)
        await asyncio.to_thread(_the_draw_proves_every_paper, day)
    finally:
        await asyncio.to_thread(day.close)


def _the_draw_proves_every_paper(day: ExamDay) -> None:
    """What both seats opened, the voided one too, is what the revealed parts draw again."""
    reveal = read_reveal(day.office.desk("reviewer").get_bytes(f"/api/sessions/{SESSION}/draws"))
    proof = prove(reveal)
    assert proof.holds, proof.faults
    assert [paper.verdict for paper in proof.papers if paper.attempt is not None] == [Verdict.SAME] * 2


async def _seated(browser: Browser, seat: Seat) -> Candidate:
    page = await (
        await browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
    ).new_page()
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
        f"{_at(seat)}/flag",
        {"code": "device_use", "severity": "severe", "reason": "使用手机", "evidence": []},
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
        held = _held(day, seat)
        assert forced <= held.keys()
        data = day.office.desk("reviewer").get_bytes(f"/api/sessions/{SESSION}/snapshots/{held['start']}")
        with Image.open(io.BytesIO(data)) as image:
            assert image.width >= 1280
            assert image.height >= 720


def _held(day: ExamDay, seat: Seat) -> dict[str, str]:
    """The pictures the room holds of a seat: the digest of one for each reason."""
    listed = day.office.desk("reviewer").get(f"{_at(seat)}/snapshots")
    return {each["reason"]: each["digest"] for each in listed["snapshots"] if each["held"]}


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


def _reviewed_and_confirmed(day: ExamDay, seats: list[Seat], ruling: str) -> None:
    """A reviewer sees what must be seen; the confirming body upholds the void and confirms, within its window."""
    reviewer, body = day.office.desk("reviewer"), day.office.desk("body")
    reviewer.do(f"/api/sessions/{SESSION}/begin-review")
    queue = reviewer.get("/api/reviews")
    assert [each["session"] for each in queue["sessions"]] == [SESSION]
    with pytest.raises(OfficeRefused):
        body.do(f"/api/sessions/{SESSION}/confirm")
    for seat in seats:
        at = f"/api/reviews/{SESSION}/{seat.attempt}"
        dossier = reviewer.get(at)
        assert dossier["recused"] is None
        for wanted in dossier["to_see"]:
            what, _, key = wanted.partition(":")
            reviewer.do(f"{at}/seen", {"what": what, "key": key})
        assert reviewer.get(at)["to_see"] == []
    body.do(f"{_at(seats[1])}/void/{ruling}/decide", {"outcome": "upheld", "reason": "证据确凿"})
    body.do(f"/api/sessions/{SESSION}/confirm")
    assert day.session()["state"] == "confirmed"


def _the_bundle_proves_itself(day: ExamDay, seat: Seat, folder: Path) -> None:
    """Checked offline against the fingerprint on the record form; one flipped byte is found and named."""
    file = folder / "attempt.kaochang.zip"
    file.write_bytes(day.office.desk("reviewer").get_bytes(f"{_at(seat)}/bundle"))
    trust = day.office.desk("proctor1").get(f"/api/sessions/{SESSION}/record")["form"]["room_key"]
    assert _verify(file, "--trust", trust) == (0, None)
    assert _verify(file)[0] == 3
    data = bytearray(file.read_bytes())
    place = data.index(b'"answer.saved"')
    data[place + 1] ^= 1
    file.write_bytes(data)
    code, first = _verify(file, "--trust", trust)
    assert code == 1
    assert first is not None
    assert first["file"].endswith(".ndjson")


def _verify(file: Path, *options: str) -> tuple[int, dict[str, Any] | None]:
    done = subprocess.run(
        [sys.executable, "-m", "kaochang", "bundle", "verify", str(file), "--json", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    first: dict[str, Any] | None = json.loads(done.stdout)["first"]
    return done.returncode, first
