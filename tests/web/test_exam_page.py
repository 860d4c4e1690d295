"""The candidate's page in a real browser, against a station that follows a script."""

import asyncio
import gzip

import pytest
from playwright.async_api import Locator, Page, expect

from protocol.page import Acknowledge, Answer, HandIn, Mark, Notice, PageEvent, RaiseHand, TrySignIn
from tests.web.conftest import CHROMIUM, Open
from tests.web.scripted_station import CARD, MINUTE_MS, PAGE_FOLDER, ScriptedStation, small_paper

SCRIPT_BYTES_MAX = 100_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
    pytest.mark.skipif(not (PAGE_FOLDER / "index.html").exists(), reason="the page is not built: make web"),
]

def option(page: Page, letter: str) -> Locator:
    """The option of the item in sight."""
    return page.locator(f"article [data-letter={letter}]")


async def answered(station: ScriptedStation, slot: int, *response: str) -> None:
    """Wait until the station holds this response."""
    await station.until(lambda: slot in station.answers and station.answers[slot].response == list(response))


class TestTheWay:
    """From the sign-in to the receipt."""

    async def test_sign_in_exam_answers_and_hand_in(self, open_page: Open) -> None:
        page, station = await open_page("sign_in", remaining_ms=50 * MINUTE_MS)
        await expect(page.get_by_label("准考证号")).to_be_focused()
        await page.get_by_label("准考证号").fill(CARD.ticket)
        await page.get_by_label("证件号码").fill("420111197005121230")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("不正确")
        await page.get_by_label("证件号码").fill("420111 19700512 1237")
        await page.get_by_role("button", name="登录").click()
        assert isinstance(station.heard[-1], TrySignIn)
        await expect(page.get_by_text(CARD.document_masked)).to_be_visible()
        await page.get_by_role("button", name="信息无误，是我本人").click()
        await page.get_by_role("button", name="我已阅读，继续").click()
        await expect(page.get_by_role("heading", name="等待开考")).to_be_visible()
        await expect(page.get_by_role("timer")).to_have_text("05:00")
        await expect(page.get_by_alt_text("实时画面", exact=False)).to_be_visible()
        await station.push(stage="rules")
        await page.get_by_role("button", name="我已阅读").click()

        await option(page, "A").click()
        await answered(station, 1, "A")
        await page.get_by_role("button", name="下一题").click()
        await page.get_by_role("button", name="标记").click()
        await station.until(lambda: bool(station.said(Mark)))
        await expect(page.locator("[data-saved=seat]")).to_have_text("已保存到本机")
        await expect(page.locator("[data-saved=room]")).to_have_text("已保存到考场")

        await page.get_by_role("button", name="交卷").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("未答4 题")
        await expect(dialog).to_contain_text("已标记1 题")
        await dialog.get_by_role("button", name="我要交卷").click()
        assert station.said(HandIn) == []
        await page.get_by_role("button", name="确认交卷").click()
        await expect(page.get_by_role("heading", name="已交卷")).to_be_visible()
        await expect(page.get_by_text("1 / 5 题")).to_be_visible()
        await expect(page.get_by_text("3FA9 C17E 52B0")).to_be_visible()
        assert len(station.said(HandIn)) == 1

    async def test_not_me_raises_a_hand(self, open_page: Open) -> None:
        page, _ = await open_page("confirm")
        await page.get_by_role("button", name="不是我本人").click()
        await expect(page.get_by_role("heading", name="考生登录")).to_be_visible()
        await expect(page.get_by_text("已举手，监考员会到你的座位来。")).to_be_visible()

    async def test_hand_in_before_its_time_says_when(self, open_page: Open) -> None:
        page, station = await open_page("exam", remaining_ms=80 * MINUTE_MS)
        await page.get_by_role("button", name="交卷").click()
        await expect(page.get_by_role("dialog")).to_contain_text("开考 30 分钟后才可以交卷，还需等待")
        await expect(page.get_by_role("button", name="我要交卷")).to_be_disabled()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        assert station.said(HandIn) == []

    async def test_time_up_takes_no_more_answers_and_no_dialog_stays(self, open_page: Open) -> None:
        page, station = await open_page("exam")
        await page.get_by_role("button", name="交卷").click()
        await station.tell_time(0)
        await expect(page.get_by_role("heading", name="考试时间到")).to_be_visible()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await page.keyboard.press("a")
        await station.push(stage="handed_in")
        await expect(page.get_by_role("heading", name="已交卷")).to_be_visible()
        assert station.said(Answer) == []

    async def test_in_english_nothing_of_the_page_is_chinese(self, open_page: Open) -> None:
        page, _ = await open_page("sign_in", locale="en-GB")
        words = await page.locator("main").inner_text()
        assert "Ticket number" in words
        assert not any("一" <= character <= "鿿" for character in words)
        await page.get_by_text("中文").click()
        await expect(page.get_by_label("准考证号")).to_be_visible()


class TestKeyboard:
    """Everything without a mouse."""

    async def test_letters_arrows_and_m(self, open_page: Open) -> None:
        page, station = await open_page("exam")
        await page.keyboard.press("b")
        await answered(station, 1, "B")
        await page.keyboard.press("B")
        await answered(station, 1)
        for _ in range(4):
            await page.keyboard.press("ArrowRight")
        await expect(page.locator("article h2")).to_contain_text("第 5 题")
        await page.keyboard.press("d")
        await page.keyboard.press("a")
        await answered(station, 5, "A", "D")
        await page.keyboard.press("m")
        await station.until(lambda: station.answers[5].marked)
        cell = page.get_by_role("button", name="第 5 题，已答，已标记")
        await expect(cell).to_have_attribute("aria-current", "true")

    async def test_letters_still_choose_after_the_size_was_changed(self, open_page: Open) -> None:
        page, station = await open_page("exam")
        await page.get_by_text("大", exact=True).click()
        assert await page.locator("html").get_attribute("data-size") == "large"
        await page.keyboard.press("a")
        await answered(station, 1, "A")

    async def test_an_option_is_reached_by_tab(self, open_page: Open) -> None:
        page, station = await open_page("exam")
        await page.locator("article h2").focus()
        for _ in range(2):
            await page.keyboard.press("Tab")
        await page.keyboard.press("Space")
        await answered(station, 1, "A")

    async def test_a_key_meant_for_an_item_confirms_no_dialog(self, open_page: Open) -> None:
        page, station = await open_page("exam")
        await station.push(notices=[Notice(message="m1", text="请保持安静。", warning=True)])
        await expect(page.get_by_role("alertdialog")).to_contain_text("请保持安静。")
        for key in ("a", "Enter", "Space", "Escape"):
            await page.keyboard.press(key)
        await expect(page.get_by_role("alertdialog")).to_be_visible()
        assert station.said(Acknowledge) == []
        assert station.said(Answer) == []
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alertdialog")).to_have_count(0)
        await station.until(lambda: station.said(Acknowledge) == [Acknowledge(message="m1")])


class TestList:
    """All items in one scrolling list."""

    async def test_the_item_read_is_current(self, open_page: Open) -> None:
        page, station = await open_page("exam")
        await page.get_by_text("列表", exact=True).click()
        await expect(page.locator("article")).to_have_count(5)
        await page.get_by_role("button", name="第 4 题，未答").click()
        await page.keyboard.press("c")
        await answered(station, 4, "C")
        await page.locator(".paper").hover()
        await page.mouse.wheel(0, 10_000)
        await expect(page.get_by_role("button", name="第 5 题，未答")).to_have_attribute("aria-current", "true")


class TestSafety:
    """What is shown as saved is saved; what is not, says so and is not lost."""

    async def test_unsaved_until_the_seat_holds_it(self, open_page: Open) -> None:
        page, station = await open_page("exam")
        station.saving = False
        await page.keyboard.press("a")
        await expect(page.locator("[data-saved=seat]")).to_have_text("正在保存到本机")
        await expect(page.get_by_role("button", name="第 1 题，已答，尚未保存")).to_be_visible()
        await station.until(lambda: len(station.said(Answer)) == 1)
        await station.save_held_back()
        await expect(page.locator("[data-saved=seat]")).to_have_text("已保存到本机")
        await expect(page.get_by_role("button", name="第 1 题，已答")).to_be_visible()

    async def test_a_lost_station_blocks_nothing_and_gets_the_newest(self, open_page: Open) -> None:
        page, station = await open_page("exam")
        station.saving = False
        await page.keyboard.press("a")
        await station.until(lambda: len(station.said(Answer)) == 1)
        await station.cut()
        await expect(page.get_by_text("正在重新连接本机", exact=False)).to_be_visible()
        station.saving = True
        await page.keyboard.press("b")
        await expect(option(page, "B")).to_have_attribute("aria-checked", "true")
        await answered(station, 1, "B")
        await expect(page.locator("[data-saved=seat]")).to_have_text("已保存到本机")

    async def test_offline_is_said_steadily_and_nothing_is_blocked(self, open_page: Open) -> None:
        page, station = await open_page("exam")
        await station.push(link="offline")
        await expect(page.get_by_text("考场网络中断：答案保存在本机，计时继续，请照常作答。")).to_be_visible()
        await page.keyboard.press("a")
        await answered(station, 1, "A")
        await expect(page.locator("[data-saved=seat]")).to_have_text("已保存到本机")
        await expect(page.locator("[data-saved=room]")).to_have_text("网络中断，1 题待送考场")

    async def test_a_second_page_takes_over_and_the_first_writes_no_more(self, open_page: Open) -> None:
        first, station = await open_page("exam")
        await first.keyboard.press("a")
        await answered(station, 1, "A")
        second = await first.context.new_page()
        await second.goto(first.url)
        await expect(second.get_by_role("button", name="第 1 题，已答")).to_be_visible()
        await expect(first.get_by_role("heading", name="考试已在另一个窗口打开")).to_be_visible()
        await second.keyboard.press("b")
        await answered(station, 1, "B")
        heard = len(station.heard)
        await first.bring_to_front()
        await first.keyboard.press("a")
        await second.keyboard.press("m")
        await station.until(lambda: station.answers[1].marked)
        assert station.answers[1].response == ["B"]
        assert not any(isinstance(message, Answer) for message in station.heard[heard:])


class TestTime:
    """The page counts by itself, and never by the machine's clock."""

    async def test_a_moved_system_clock_moves_nothing(self, open_page: Open) -> None:
        page, _ = await open_page("exam", remaining_ms=40 * MINUTE_MS)
        await page.evaluate("() => { const real = Date.now; Date.now = () => real() + 86_400_000; }")
        await expect(page.get_by_role("timer")).to_have_text("39:59")
        await expect(page.get_by_role("timer")).to_have_text("39:58")

    async def test_ten_minutes_left_is_said_and_closes_by_itself(self, open_page: Open) -> None:
        page, station = await open_page("exam", remaining_ms=11 * MINUTE_MS)
        await station.push(time_left_warning_shown_ms=600)
        await station.tell_time(10 * MINUTE_MS)
        await expect(page.get_by_text("考试还剩 10 分钟")).to_be_visible()
        await expect(page.get_by_text("考试还剩 10 分钟")).to_have_count(0)


class TestWatching:
    """What the browser tells is told on, and the clipboard stays empty."""

    async def test_clipboard_and_menu_are_prevented_and_reported(self, open_page: Open) -> None:
        page, station = await open_page("exam")
        await page.locator("article h2").focus()
        for keys in ("Control+c", "Control+v", "Control+p"):
            await page.keyboard.press(keys)
        await page.locator(".stem").click(button="right")
        await station.until(lambda: len(station.said(PageEvent)) >= 4)
        causes = [event.cause for event in station.said(PageEvent) if isinstance(event, PageEvent)]
        assert causes == ["copy", "paste", "print", "context_menu"]

    async def test_the_sign_in_watches_nobody(self, open_page: Open) -> None:
        page, station = await open_page("sign_in")
        await page.get_by_label("准考证号").click(button="right")
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="举手").click()
        await station.until(lambda: station.said(RaiseHand) == [RaiseHand(raised=True)])
        assert station.said(PageEvent) == []


def test_the_page_is_small_and_asks_no_other_host() -> None:
    """An old machine opens it at once; nothing is fetched from anywhere else."""
    files = [file for file in PAGE_FOLDER.rglob("*") if file.suffix in {".js", ".css", ".html"}]
    scripts = b"".join(file.read_bytes() for file in files if file.suffix == ".js")
    assert len(gzip.compress(scripts)) < SCRIPT_BYTES_MAX
    html = (PAGE_FOLDER / "index.html").read_text()
    assert "http" not in html
    assert not any("@import" in file.read_text() or "url(http" in file.read_text() for file in files)


async def test_the_station_of_this_test_says_whole_views() -> None:
    """The script itself keeps to the protocol: every stage can be shown."""
    for stage in ("connecting", "sign_in", "confirm", "waiting", "exam", "paused", "suspended", "voided"):
        station = ScriptedStation(small_paper(), stage)
        await asyncio.wait_for(station.push(), 1)
        assert (station.view.paper is not None) == (stage in ("exam", "paused", "suspended"))
