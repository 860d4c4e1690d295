"""Every kind of item on the candidate's page, in a real browser: typed, ordered, matched, and under a shared stem."""

import pytest
from playwright.async_api import Page, expect

from protocol import limits
from protocol.page import Answer, HandIn
from tests.web.conftest import CHROMIUM, Open
from tests.web.every_kind import every_kind
from tests.web.scripted_station import PAGE_FOLDER, ScriptedStation

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
    pytest.mark.skipif(not (PAGE_FOLDER / "index.html").exists(), reason="the page is not built: make web"),
]


async def at_item(open_page: Open, slot: int, **more: str) -> tuple[Page, ScriptedStation]:
    """The page with this item in sight."""
    page, station = await open_page("exam", paper=every_kind(), **more)  # type: ignore[arg-type]
    await page.locator(".cells button").nth(slot - 1).click()
    await expect(page.locator(f"article[data-slot='{slot}']")).to_be_visible()
    return page, station


async def answered(station: ScriptedStation, slot: int, *response: str) -> None:
    """Wait until the station holds this response."""
    await station.until(lambda: slot in station.answers and station.answers[slot].response == list(response))


def said_of(station: ScriptedStation, slot: int) -> list[list[str]]:
    """The responses the page sent for an item, in order."""
    return [
        message.response
        for message in station.said(Answer)
        if isinstance(message, Answer) and message.slot == slot
    ]


class TestTyping:
    """What is typed is unsaved at once, travels when the typing pauses, and is never lost."""

    async def test_blanks_are_numbered_and_saved_in_few_words(self, open_page: Open) -> None:
        page, station = await at_item(open_page, 2)
        await expect(page.locator(".stem .blank")).to_have_text(["1", "2"])
        await page.get_by_label("第 1 空").focus()
        await page.keyboard.type("２4 V")
        await expect(page.locator("[data-saved=seat]")).to_have_text("正在保存到本机")
        await answered(station, 2, "２4 V", "")
        assert len(said_of(station, 2)) <= 2
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("第 2 空")).to_be_focused()
        await page.keyboard.type("12")
        await answered(station, 2, "２4 V", "12")
        await page.get_by_label("第 1 空").fill("  ")
        await page.get_by_label("第 2 空").fill("")
        await answered(station, 2)

    async def test_leaving_the_item_sends_what_was_typed_without_a_pause(self, open_page: Open) -> None:
        page, station = await at_item(open_page, 5)
        await page.get_by_label("作答处").focus()
        await page.keyboard.type("先断电")
        await page.get_by_role("button", name="上一题").click()
        await answered(station, 5, "先断电")
        await page.get_by_role("button", name="下一题").click()
        await expect(page.get_by_label("作答处")).to_have_value("先断电")

    async def test_hand_in_waits_for_the_last_stroke(self, open_page: Open) -> None:
        page, station = await at_item(open_page, 2)
        await station.tell_time(50 * 60_000)
        await page.get_by_label("第 1 空").focus()
        await page.keyboard.type("36")
        await page.get_by_role("button", name="交卷").click()
        await expect(page.get_by_role("dialog")).to_contain_text("其中 1 题没有答完")
        await page.get_by_role("button", name="我要交卷").click()
        await page.get_by_role("button", name="确认交卷").click()
        await expect(page.get_by_role("heading", name="已交卷")).to_be_visible()
        kinds = [type(message) for message in station.heard if isinstance(message, Answer | HandIn)]
        assert kinds[-1] is HandIn
        assert said_of(station, 2)[-1] == ["36", ""]

    async def test_an_input_method_is_left_to_compose(self, open_page: Open) -> None:
        page, station = await at_item(open_page, 5)
        await page.get_by_label("作答处").focus()
        keyboard = await page.context.new_cdp_session(page)
        for pinyin in ("a", "an", "anquandai"):
            await keyboard.send(
                "Input.imeSetComposition",
                {"text": pinyin, "selectionStart": len(pinyin), "selectionEnd": len(pinyin)},
            )
        await station.push(hand_raised=True)
        await expect(page.get_by_label("作答处")).to_have_value("anquandai")
        await expect(page.get_by_role("button", name="第 5 题，未答")).to_be_visible()
        await keyboard.send("Input.insertText", {"text": "安全带"})
        await expect(page.get_by_label("作答处")).to_have_value("安全带")
        await answered(station, 5, "安全带")
        assert said_of(station, 5) == [["安全带"]]

    async def test_a_lost_station_gets_the_newest_text(self, open_page: Open) -> None:
        page, station = await at_item(open_page, 5)
        await page.get_by_label("作答处").focus()
        await page.keyboard.type("一")
        await answered(station, 5, "一")
        await station.cut()
        await page.keyboard.type("二三")
        await answered(station, 5, "一二三")
        await expect(page.get_by_label("作答处")).to_have_value("一二三")

    async def test_nobody_types_more_than_the_room_takes(self, open_page: Open) -> None:
        page, station = await at_item(open_page, 5)
        await page.get_by_label("作答处").fill("字" * (limits.RESPONSE_CHARS_MAX + 7))
        await expect(page.get_by_text("已达字数上限")).to_be_visible()
        await page.locator("article h2").click()
        await station.until(lambda: 5 in station.answers)
        assert station.answers[5].response == ["字" * limits.RESPONSE_CHARS_MAX]

    async def test_letters_typed_into_a_field_choose_nothing(self, open_page: Open) -> None:
        page, station = await at_item(open_page, 2)
        await page.get_by_label("第 1 空").focus()
        await page.keyboard.type("abm")
        await page.keyboard.press("ArrowLeft")
        await answered(station, 2, "abm", "")
        await expect(page.locator("article")).to_have_attribute("data-slot", "2")
        assert not station.answers[2].marked


class TestOrdering:
    """An order is an answer from the first move on, or when it is kept as it stands."""

    async def test_by_keyboard_and_buttons(self, open_page: Open) -> None:
        page, station = await at_item(open_page, 3)
        await expect(page.get_by_text("尚未排序", exact=False)).to_be_visible()
        assert said_of(station, 3) == []
        await page.get_by_role("button", name="上移选项 C").click()
        await answered(station, 3, "A", "C", "B", "D")
        await page.get_by_role("button", name="第 2 位：选项 C").focus()
        await page.keyboard.press("ArrowUp")
        await answered(station, 3, "C", "A", "B", "D")
        await expect(page.get_by_role("button", name="第 1 位：选项 C")).to_be_focused()
        await page.get_by_role("button", name="清除").click()
        await answered(station, 3)
        await page.get_by_role("button", name="按此顺序作答").click()
        await answered(station, 3, "A", "B", "C", "D")

    async def test_by_pointer(self, open_page: Open) -> None:
        page, station = await at_item(open_page, 3)
        first, last = page.locator("[data-row=A] .grip"), page.locator("[data-row=D] .grip")
        await first.hover()
        await page.mouse.down()
        target = await last.bounding_box()
        assert target is not None
        await page.mouse.move(target["x"] + 40, target["y"] + target["height"] - 2, steps=12)
        await page.mouse.up()
        await answered(station, 3, "B", "C", "D", "A")
        assert len(said_of(station, 3)) == 1


class TestMatching:
    """One letter for each premise."""

    async def test_by_letters_and_by_chips(self, open_page: Open) -> None:
        page, station = await at_item(open_page, 4)
        await page.keyboard.press("b")
        await answered(station, 4, "B", "", "")
        await page.locator("[data-premise='2']").click()
        await page.keyboard.press("a")
        await page.keyboard.press("c")
        await answered(station, 4, "B", "A", "C")
        await page.get_by_role("radio", name="第 1 项匹配 B").click()
        await answered(station, 4, "", "A", "C")
        await expect(page.get_by_role("button", name="第 4 题，已答，未答完")).to_be_visible()
        for letter, premise in (("A", 2), ("C", 3)):
            await page.get_by_role("radio", name=f"第 {premise} 项匹配 {letter}").click()
        await answered(station, 4)


class TestCases:
    """The shared stem stays in sight of its parts."""

    async def test_the_stem_stays_while_its_parts_are_answered(self, open_page: Open) -> None:
        page, station = await at_item(open_page, 6)
        stem = page.get_by_role("region", name="案例 1")
        await stem.evaluate("(box) => { box.scrollTop = 60; box.dataset.same = 'yes'; }")
        await page.keyboard.press("b")
        await answered(station, 6, "B")
        await page.keyboard.press("ArrowRight")
        await expect(page.locator("article h2")).to_contain_text("第 7 题")
        await expect(stem).to_have_attribute("data-same", "yes")
        assert await stem.evaluate("(box) => box.scrollTop") == 60
        await expect(page.get_by_role("group", name="案例 1").get_by_role("button")).to_have_count(3)

    async def test_in_the_list_all_parts_stand_beside_one_stem(self, open_page: Open) -> None:
        page, _ = await at_item(open_page, 6)
        await page.get_by_text("列表", exact=True).click()
        await expect(page.locator(".case article")).to_have_count(3)
        await expect(page.get_by_role("region", name="案例 1")).to_have_count(1)


    async def test_where_there_is_little_room_the_stem_stands_above_and_hides_no_item(self, open_page: Open) -> None:
        page, _ = await at_item(open_page, 6)
        await page.set_viewport_size({"width": 1093, "height": 614})
        await page.get_by_text("列表", exact=True).click()
        await page.get_by_role("button", name="第 7 题，未答").click()
        heading = await page.locator("article[data-slot='7'] h2").bounding_box()
        stem = await page.get_by_role("region", name="案例 1").bounding_box()
        assert heading is not None
        assert stem is not None
        assert heading["y"] >= stem["y"] + stem["height"]


class TestMarkup:
    """Tables, formulas and pictures, and nothing that runs."""

    async def test_a_picture_is_the_stations_own_and_can_be_enlarged(self, open_page: Open) -> None:
        page, station = await at_item(open_page, 6)
        picture = page.get_by_role("button", name="脚手架立面")
        await expect(picture).to_have_js_property("complete", True)
        assert await picture.evaluate("(img) => img.naturalWidth") == 640
        assert f"/pictures/{station.paper.pictures[0].name}" in (await picture.get_attribute("src") or "")
        await picture.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog", name="插图")).to_be_visible()
        await page.keyboard.press("a")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        assert said_of(station, 6) == []

    async def test_an_option_with_a_picture_is_chosen_or_enlarged(self, open_page: Open) -> None:
        page, station = await at_item(open_page, 1)
        await page.get_by_role("button", name="放大插图").click()
        await page.get_by_role("button", name="关闭").click()
        assert said_of(station, 1) == []
        await page.locator("[data-letter=A] img").click()
        await answered(station, 1, "A")

    async def test_formulas_are_mathml_and_scripts_are_gone(self, open_page: Open) -> None:
        page, _ = await at_item(open_page, 1)
        math = page.locator(".stem math")
        assert await math.evaluate("(node) => node.namespaceURI") == "http://www.w3.org/1998/Math/MathML"
        assert await math.locator("mfrac").first.evaluate(
            "(node) => node.getBoundingClientRect().height > 20"
        )
        assert await page.locator(".stem script").count() == 0
        assert "document.title" not in await page.locator(".stem").inner_text()
        assert await page.title() == "考试"


@pytest.mark.parametrize("slot", range(1, 9))
async def test_in_english_every_kind_speaks_english(open_page: Open, slot: int) -> None:
    page, _ = await at_item(open_page, slot, locale="en-GB")
    words = await page.locator("article header").inner_text()
    words += " ".join(
        await page.locator("article button").evaluate_all("(all) => all.map((one) => one.ariaLabel ?? '')")
    )
    assert not any("一" <= character <= "鿿" for character in words)
