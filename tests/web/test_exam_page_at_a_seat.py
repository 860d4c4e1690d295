"""The candidate's page on a real station process: killed in mid-answer, and back without a touch."""

import shutil
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from tests.station.scripted_room import ScriptedRoom
from tests.station.test_run import enrolment_file, station
from tests.station.waiting import until
from tests.web.scripted_station import PAGE_FOLDER

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
    pytest.mark.skipif(not (PAGE_FOLDER / "index.html").exists(), reason="the page is not built: make web"),
]


async def test_a_killed_station_loses_nothing_and_the_page_comes_back(tmp_path: Path) -> None:
    """What was answered while the station was dead is sent when it lives again; the room ends with the newest."""
    home, room = tmp_path / "seat", ScriptedRoom(candidates={"T1": ("D1", "a1")}, one_use={"st1": "s3cret-s3cret"})
    async with room.open(), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await (await browser.new_context(locale="zh-CN")).new_page()
        async with station(home, "--enrol", str(enrolment_file(room, tmp_path)), "--port", "0") as run:
            port = run.origin.rsplit(":", 1)[1]
            await page.goto(run.address)
            await page.get_by_label("准考证号").fill("T1")
            await page.get_by_label("证件号码").fill("D1")
            await page.get_by_role("button", name="登录").click()
            await page.get_by_role("button", name="信息无误，是我本人").click()
            await page.get_by_role("button", name="我已阅读，继续").click()
            await expect(page.get_by_alt_text("你的摄像头实时画面")).to_be_visible(timeout=15_000)
            await room.start("a1")
            await page.get_by_role("button", name="我已阅读").click()
            await expect(page.locator("article h2")).to_be_focused()
            await page.keyboard.press("a")
            await expect(page.locator("[data-saved=room]")).to_have_text("已保存到考场")
            await run.kill()
            await expect(page.get_by_text("正在重新连接本机", exact=False)).to_be_visible()
            await page.keyboard.press("b")
            await page.keyboard.press("ArrowRight")
            await page.keyboard.press("a")
            await expect(page.locator("[data-saved=seat]")).to_have_text("2 题尚未保存")
        async with station(home, "--port", port):
            await expect(page.locator("[data-saved=seat]")).to_have_text("已保存到本机", timeout=15_000)
            await expect(page.locator("[data-saved=room]")).to_have_text("已保存到考场", timeout=15_000)
            await until(lambda: room.answers() == {1: "B", 2: "A"})
            await page.get_by_role("button", name="交卷").click()
            await page.get_by_role("button", name="我要交卷").click()
            await page.get_by_role("button", name="确认交卷").click()
            await expect(page.get_by_role("heading", name="已交卷")).to_be_visible()
            await expect(page.get_by_text("答卷已送达考场。")).to_be_visible(timeout=15_000)
        await browser.close()
