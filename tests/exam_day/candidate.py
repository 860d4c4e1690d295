"""A candidate at the exam page, clicking as a person would."""

import re

from playwright.async_api import Page, expect

from kaochang.fictional import Fictional


class Candidate:
    """One person in front of one page."""

    def __init__(self, page: Page, person: Fictional) -> None:
        self.page = page
        self.person = person
        self.given: dict[int, str] = {}

    async def signs_in(self) -> None:
        """From the sign-in to the waiting page."""
        page = self.page
        await page.get_by_label("准考证号").fill(self.person.ticket)
        await page.get_by_label("证件号码").fill(self.person.document)
        await page.get_by_role("button", name="登录").click()
        await page.get_by_role("button", name="信息无误，是我本人").click()
        await page.get_by_role("button", name="我已阅读，继续").click()
        await expect(page.get_by_role("heading", name="等待开考")).to_be_visible()

    async def reads_the_rules(self) -> None:
        """我已阅读: from here the paper is shown."""
        await self.page.get_by_role("button", name="我已阅读").click(timeout=60_000)
        await expect(self.page.locator("article")).to_be_visible()

    async def item(self, slot: int) -> str:
        """Go to an item by the answer card and read it."""
        card = self.page.get_by_role("navigation", name=re.compile("答题卡"))
        await card.get_by_role("button", name=re.compile(rf"^\D*{slot}\D")).first.click()
        return await self.page.locator(f"article[data-slot='{slot}']").inner_text()

    async def answers(self, slot: int, letter: str) -> None:
        """Go to an item and choose an option; returns once the page shows it as saved here."""
        await self.item(slot)
        await self.page.locator(f"article[data-slot='{slot}'] [data-letter={letter}]").click()
        self.given[slot] = letter
        await self.is_saved("seat")

    async def hands_in(self) -> None:
        """Asked twice, twice yes; returns once the receipt is shown."""
        page = self.page
        await page.get_by_role("button", name="交卷").click()
        await page.get_by_role("dialog").get_by_role("button", name="我要交卷").click()
        await page.get_by_role("button", name="确认交卷").click()
        await expect(page.get_by_role("heading", name="已交卷")).to_be_visible(timeout=30_000)

    async def is_saved(self, where: str) -> None:
        """Wait until everything is shown as saved on this seat, or in the room."""
        words = {"seat": "已保存到本机", "room": "已保存到考场"}[where]
        await expect(self.page.locator(f"[data-saved={where}]")).to_have_text(words, timeout=30_000)

    async def seconds_left(self) -> int:
        """What the clock shows."""
        text = await self.page.get_by_role("timer").first.inner_text()
        found = re.search(r"(?:(\d+):)?(\d+):(\d+)", text)
        assert found is not None, text
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds
