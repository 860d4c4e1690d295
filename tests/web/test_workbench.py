"""The bank keepers' workbench in a real browser, on a real room with two keepers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.server.bank.keeping import BANK, PASSPHRASE, SECOND_PASSPHRASE, Keepers, item, row
from tests.server.conftest import PASSWORD
from tests.server.serving import serving
from tests.web.conftest import CHROMIUM
from tests.web.scripted_room import PAGE_FOLDER

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
    pytest.mark.skipif(
        not (PAGE_FOLDER / "index.html").exists(), reason="the console is not built: make web"
    ),
]

OpenAs = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_as(app: FastAPI, keepers: Keepers) -> AsyncIterator[OpenAs]:
    """A console of the room, signed in; pages must end without an error of their own."""
    errors: list[str] = []
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(serving(app))
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        stack.push_async_callback(browser.close)

        async def open_on(at: str, login: str = "keeper1", locale: str = "zh-CN") -> Page:
            context = await browser.new_context(locale=locale, viewport={"width": 1366, "height": 768})
            page = await context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            answer = await context.request.post(
                f"http://127.0.0.1:{port}/api/login",
                data={"login": login, "password": PASSWORD},
                headers={"origin": f"http://127.0.0.1:{port}"},
            )
            assert answer.ok, await answer.text()
            await page.goto(f"http://127.0.0.1:{port}{at}")
            return page

        yield open_on
    assert errors == []


def line(page: Page, code: str) -> Locator:
    """The line of an item in the list."""
    return page.locator(f"tr[data-code='{code}']")


class TestTheLock:
    """Nobody reads an item before the bank is unlocked."""

    async def test_own_passphrase_opens_and_a_wrong_one_says_so(
        self, keepers: Keepers, open_as: OpenAs
    ) -> None:
        await keepers.stocks(3)
        await keepers.did("/lock")
        page = await open_as(f"/bank/{BANK}", "keeper2")
        await expect(page.get_by_role("heading", name="题库已锁定")).to_be_visible()
        await page.get_by_label("题库口令", exact=True).fill(PASSPHRASE)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).not_to_be_empty()
        await expect(page.get_by_label("题库口令", exact=True)).to_have_value("")
        await page.get_by_label("题库口令", exact=True).fill(SECOND_PASSPHRASE)
        await page.keyboard.press("Enter")
        await expect(line(page, "Q001")).to_be_visible()
        await page.get_by_role("button", name="立即锁定").click()
        await expect(page.get_by_role("heading", name="题库已锁定")).to_be_visible()
        await expect(line(page, "Q001")).to_have_count(0)


class TestTheList:
    """Found as one types, and worked through by keyboard."""

    async def test_search_filter_and_keys(self, keepers: Keepers, open_as: OpenAs) -> None:
        await keepers.stocks(150)
        await keepers.did(
            f"/{BANK}/items", {"item": item("N1", stem="塔式起重机的限位器"), "expected_version": 0}
        )
        page = await open_as(f"/bank/{BANK}")
        await expect(page.get_by_text("共 151 题")).to_be_visible()
        await page.keyboard.press("/")
        await page.keyboard.type("塔式 限位")
        await expect(page.get_by_text("共 1 题")).to_be_visible()
        await page.keyboard.press("Enter")
        await expect(page.locator(".pane article")).to_contain_text("塔式起重机的限位器")
        await page.keyboard.press("Escape")
        await page.locator(".search input").fill("")
        await page.get_by_role("checkbox", name="已审").check()
        await expect(page.get_by_text("共 150 题")).to_be_visible()
        await page.keyboard.press("End")
        await expect(line(page, "Q150")).to_be_visible()
        await expect(line(page, "Q001")).to_have_count(0)
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("e")
        await expect(page.get_by_role("heading", name="编辑 Q149")).to_be_visible()

    async def test_labels_for_many_can_be_taken_back(self, keepers: Keepers, open_as: OpenAs) -> None:
        await keepers.stocks(5)
        page = await open_as(f"/bank/{BANK}")
        await page.get_by_role("button", name="选择全部 5 题").click()
        await page.get_by_role("button", name="标签", exact=True).click()
        await page.get_by_role("dialog").locator("input").first.fill("高处")
        await page.keyboard.press("Enter")
        await page.get_by_role("dialog").get_by_role("button", name="保存").click()
        await expect(line(page, "Q003")).to_contain_text("高处")
        await page.get_by_role("button", name="撤销").click()
        await expect(line(page, "Q003")).not_to_contain_text("高处")

    async def test_retiring_needs_a_reason_and_can_be_taken_back(
        self, keepers: Keepers, open_as: OpenAs
    ) -> None:
        await keepers.stocks(3)
        page = await open_as(f"/bank/{BANK}")
        await line(page, "Q002").get_by_role("checkbox").check()
        await page.get_by_role("button", name="停用", exact=True).click()
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("button", name="停用")).to_be_disabled()
        await dialog.get_by_label("理由").fill("规范已修订")
        await dialog.get_by_role("button", name="停用").click()
        await expect(line(page, "Q002")).to_contain_text("停用")
        await page.get_by_role("button", name="撤销停用").click()
        await expect(line(page, "Q002")).to_contain_text("待审")


class TestEditing:
    """An edit makes the next version; somebody else lets it in."""

    async def test_the_preview_is_the_candidates_and_another_keeper_approves(
        self, keepers: Keepers, open_as: OpenAs
    ) -> None:
        await keepers.stocks(2)
        page = await open_as(f"/bank/{BANK}/edit/Q001")
        await page.get_by_label("题干").fill("保护层厚度应为<多少>？")
        await expect(page.locator(".preview .stem")).to_have_text("保护层厚度应为<多少>？")
        await page.locator(".preview [data-letter=C]").click()
        await expect(page.locator(".preview [data-letter=C]")).to_have_attribute("aria-checked", "true")
        await page.get_by_role("button", name="保存并提交审核").click()
        await expect(page.locator(".pane")).to_contain_text("第 2 版")
        await expect(page.locator(".pane").get_by_role("button", name="审核通过")).to_be_disabled()
        await expect(page.locator(".pane")).to_contain_text("须由另一名题库管理员审核")

        other = await open_as(f"/bank/{BANK}?state=proposed", "keeper2")
        await expect(line(other, "Q001")).to_be_visible()
        await other.keyboard.press("a")
        await other.get_by_role("dialog").get_by_role("button", name="审核通过").click()
        await expect(other.get_by_text("已发布第", exact=False)).to_be_visible()

        await page.reload()
        await page.get_by_role("button", name="版本").click()
        await expect(page.locator("del").first).to_contain_text("第1号钢筋的")
        await expect(page.locator("ins").first).to_contain_text("应为")

    async def test_what_is_missing_is_said_where_it_is_missing(
        self, open_as: OpenAs, keepers: Keepers
    ) -> None:
        await keepers.stocks(1)
        page = await open_as(f"/bank/{BANK}/new")
        await page.get_by_label("编号").fill("F1")
        await page.get_by_label("题型").select_option("fill_in")
        await page.get_by_label("题干").fill("安全电压不超过____V。")
        await page.get_by_role("button", name="保存并提交审核").click()
        await expect(page.get_by_text("请填写可接受的答案或数值")).to_be_visible()
        await page.get_by_label("可接受的答案").fill("三十六\n36")
        await page.get_by_role("button", name="保存并提交审核").click()
        await expect(page.locator(".pane")).to_contain_text("三十六 / 36")
        shown = await keepers.get(f"/{BANK}/items/F1")
        assert shown["item"]["blanks"][0]["accepted"] == ["三十六", "36"]

    async def test_an_unsaved_edit_is_not_left_by_mistake(self, open_as: OpenAs, keepers: Keepers) -> None:
        await keepers.stocks(1)
        page = await open_as(f"/bank/{BANK}/edit/Q001")
        await page.get_by_label("题干").fill("另一个题干")
        await page.get_by_role("link", name="组卷方案").click()
        await page.get_by_role("dialog").get_by_role("button", name="返回").click()
        await expect(page.get_by_role("textbox", name="题干")).to_have_value("另一个题干")


class TestFiles:
    """Whole or not at all, every problem in one table."""

    async def test_problems_first_then_the_corrected_file(self, open_as: OpenAs, keepers: Keepers) -> None:
        await keepers.stocks(1)
        page = await open_as(f"/bank/{BANK}")
        head = "编号,题型,题干,选项A,选项B,选项C,选项D,正确答案,难度,标签\n"
        await page.get_by_role("button", name="导入").click()
        dialog = page.get_by_role("dialog")
        for answer, shown in (("H", "发现 1 处问题"), ("C", "新增 1 题")):
            text = head + row(77, stem="扣件螺栓的拧紧力矩不应小于多少？", answer=answer)
            await dialog.locator("input[type=file]").first.set_input_files(
                {"name": "items.csv", "mimeType": "text/csv", "buffer": text.encode()}
            )
            await dialog.get_by_role("button", name="导入", exact=True).click()
            await expect(dialog.get_by_text(shown, exact=False)).to_be_visible()
        await dialog.get_by_role("button", name="关闭").last.click()
        await expect(line(page, "Q077")).to_contain_text("待审")


class TestPlans:
    """Blueprints sum to their full score; a trial says how alike the papers are."""

    async def test_a_blueprint_is_written_checked_and_drawn_on_trial(
        self, open_as: OpenAs, keepers: Keepers
    ) -> None:
        await keepers.stocks(30)
        page = await open_as(f"/bank/{BANK}/blueprints")
        await page.get_by_role("button", name="新建方案").click()
        await page.get_by_label("方案编号").fill("theory")
        await page.get_by_label("名称").fill("理论卷")
        await page.get_by_label("大题").fill("单项选择题")
        await expect(page.get_by_text("各大题合计须等于满分")).to_be_visible()
        await page.get_by_label("每题分值").fill("10")
        await expect(page.get_by_text("100 / 100")).to_be_visible()
        await page.get_by_role("button", name="保存").click()
        await page.get_by_role("button", name="检查覆盖").click()
        await expect(
            page.get_by_text("题库可以满足此方案。").or_(page.get_by_text("题库不能满足此方案："))
        ).to_be_visible()
        await page.get_by_role("link", name="试组卷").click()
        await page.get_by_role("button", name="试组卷").click()
        await expect(page.get_by_text("邻座最多相同").or_(page.get_by_role("alert"))).to_be_visible()


class TestPackages:
    """Sealed here, its key given to two people, opened again by both."""

    async def test_two_people_write_their_parts_down_and_open_it_with_them(
        self, open_as: OpenAs, keepers: Keepers
    ) -> None:
        await keepers.stocks(10)
        plan = {"title": "理论卷", "full_score": 10_000}
        section = {"title": "单选", "kind": "single", "count": 10, "score_each": 1_000}
        await keepers.did(
            f"/{BANK}/blueprints/theory", {"blueprint": {**plan, "sections": [section]}}, method="PUT"
        )
        page = await open_as("/packages")
        await page.get_by_role("button", name="制作题包").click()
        await page.get_by_label("场次", exact=True).fill("s1")
        await page.get_by_label("最早开启时间").fill("2020-01-01T08:30")
        await page.get_by_role("button", name="密封").click()
        parts = []
        for second in (False, True):
            if second:
                await self._somebody_else(page)
            await page.get_by_role("button", name="显示").click()
            parts.append(await page.get_by_label("密钥段", exact=True).inner_text())
            await page.get_by_role("button", name="已抄写，关闭").click()
        assert parts[0] != parts[1]
        await expect(page.get_by_role("dialog")).to_have_count(0)

        await page.get_by_role("button", name="开启").click()
        await page.get_by_label("密钥段", exact=True).fill(
            parts[0][:-1] + ("A" if parts[0][-1] != "A" else "B")
        )
        await page.get_by_role("button", name="输入").click()
        await expect(page.get_by_role("alert")).to_contain_text("不是该题包的密钥段")
        await page.get_by_label("密钥段", exact=True).fill(parts[0].lower())
        await page.get_by_role("button", name="输入").click()
        await expect(page.get_by_text("第一段正确")).to_be_visible()
        await page.get_by_label("第二人登录名").fill("keeper2")
        await page.get_by_label("第二人密码").fill(PASSWORD)
        await page.get_by_label("密钥段", exact=True).fill(parts[1])
        await page.get_by_role("button", name="输入").click()
        await page.get_by_role("dialog").get_by_role("button", name="关闭").last.click()
        await expect(page.get_by_text("已开启", exact=True)).to_be_visible()

    async def _somebody_else(self, page: Page) -> None:
        """The second person proves at the same console who they are."""
        await page.get_by_label("由另一人，在此验证身份").check()
        await page.get_by_label("第二人登录名").fill("keeper2")
        await page.get_by_label("第二人密码").fill(PASSWORD)


async def test_in_english_the_workbench_speaks_english(open_as: OpenAs, keepers: Keepers) -> None:
    await keepers.stocks(2)
    page = await open_as(f"/bank/{BANK}?open=Q001", locale="en-GB")
    await expect(page.get_by_text("2 items")).to_be_visible()
    for at in ("", "/new", "/outline", "/blueprints", "/trial"):
        await page.goto(page.url.split("/bank/")[0] + f"/bank/{BANK}{at}")
        await expect(page.get_by_text("Unlocked", exact=False)).to_be_visible()
        words = await page.locator("main").inner_text()
        own = words.replace("钢筋工", "").replace("题库甲", "").replace("题库乙", "")
        assert not any(
            "一" <= character <= "鿿"
            for character in own
            if character not in "号钢筋的保护层厚度是多少第正确错误"
        ), own
