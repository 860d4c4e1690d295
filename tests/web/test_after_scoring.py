"""Statistics, scoring by hand and key corrections in a real browser."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Page, expect

from tests.web import after_scoring as told
from tests.web.scripted_room import ScriptedRoom, a_busy_floor, now_ms
from tests.web.test_console import open_console, pytestmark

__all__ = ["open_console", "pytestmark"]

Open = Callable[..., Awaitable[tuple[Page, ScriptedRoom]]]
NEXT = "POST /api/hand-scoring/s1/next"
CORRECTIONS = "/api/sessions/s1/corrections"


def room(**answers: Any) -> ScriptedRoom:
    """A room whose exam is over."""
    rows, alarms = a_busy_floor(now_ms(), 4)
    found = ScriptedRoom(rows, alarms=alarms, state="signed")
    found.answers = {
        "/api/sessions/s1/statistics": told.session_statistics(keys=False),
        "/api/bank/tujian/statistics": told.bank_statistics(),
        "/api/bank/tujian/statistics/s1": told.session_statistics(keys=True),
        "/api/bank/lock": {"founded": True, "unlocked": True, "mine": True, "keepers": []},
        "/api/bank": [],
        "/api/hand-scoring": told.sessions_to_score(),
        NEXT: {"answer": told.an_answer()},
        CORRECTIONS: [told.a_correction()],
        f"{CORRECTIONS}/kc-1/report": told.a_report(),
        **answers,
    }
    return found


class TestStatistics:
    async def test_what_to_look_at_stands_first_and_columns_sort(self, open_console: Open) -> None:
        page, _ = await open_console("/sessions/s1/statistics", room(), "reviewer")
        first = page.locator("table.plain-table tbody tr").first
        await expect(first).to_contain_text("TJ-007")
        await expect(first).to_contain_text("答案存疑")
        await expect(page.get_by_role("img", name=re.compile("成绩分布图，共 120 人"))).to_be_visible()
        facility = page.get_by_role("columnheader", name="难度 P")
        await facility.get_by_role("button").click()
        await expect(facility).to_have_attribute("aria-sort", "ascending")
        await facility.get_by_role("button").click()
        await expect(first).to_contain_text("TJ-012")
        await page.get_by_label("按编号查找").fill("031")
        await expect(page.locator("table.plain-table tbody tr")).to_have_count(1)

    async def test_a_reviewer_opens_no_options_and_a_keeper_does(self, open_console: Open) -> None:
        page, _ = await open_console("/sessions/s1/statistics", room(), "reviewer")
        await expect(page.get_by_role("button", name="TJ-007")).to_have_count(0)
        keeping = room(**{"/api/sessions/s1/statistics": told.session_statistics(keys=True)})
        page, _ = await open_console("/bank/tujian/statistics/s1", keeping, "bank_keeper")
        await page.get_by_role("button", name="TJ-007").click()
        await expect(page.locator("table.options tbody tr")).to_have_count(4)
        await expect(page.locator("table.plain-table tbody tr").first).to_contain_text("高分组多选 C")

    async def test_difficulties_are_taken_over_for_another_keeper_to_pass(self, open_console: Open) -> None:
        house = room(
            **{"POST /api/bank/tujian/statistics/difficulties": {"proposed": 1, "passed_over": ["TJ-012"]}}
        )
        page, _ = await open_console("/bank/tujian/statistics", house, "bank_keeper", locale="en")
        await page.get_by_label("Choose TJ-001").check()
        await page.get_by_label("Choose TJ-012").check()
        await page.get_by_role("button", name="Take over difficulty (2)").click()
        await expect(page.get_by_text("New versions proposed: 1; 1 passed over")).to_be_visible()
        (asked,) = house.said("/statistics/difficulties")
        assert asked == {"refs": [{"code": "TJ-001", "version": 1}, {"code": "TJ-012", "version": 1}]}


class TestScoring:
    async def test_digits_and_enter_score_and_arrows_go_back(self, open_console: Open) -> None:
        house = room()
        before = told.an_answer(key="1e" * 16, text="上一份作答", mine=650, note="缺检查项")
        house.answers[f"/api/hand-scoring/s1/answers/{'1e' * 16}"] = before
        page, _ = await open_console("/scoring", house, "assessor")
        await expect(page.get_by_text("您在本场任职，须回避")).to_be_visible()
        await page.get_by_role("button", name="开始评分").click()
        await expect(page.get_by_text("下面不能站人")).to_be_visible()
        await expect(page.get_by_label("评分", exact=True)).to_be_focused()
        await page.keyboard.type("7.5")
        await page.keyboard.press("Enter")
        await house.until(lambda: bool(house.said(f"/answers/{'0f' * 16}")))
        assert house.said(f"/answers/{'0f' * 16}") == [{"score": 750, "note": None}]
        await expect(page.get_by_text("已评 7.5 分")).to_be_visible()
        await page.keyboard.press("ArrowLeft")
        await expect(page.get_by_text("上一份作答")).to_be_visible()
        await expect(page.get_by_label("评分", exact=True)).to_have_value("6.5")
        await expect(page.get_by_role("button", name="修改评分")).to_be_enabled()
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_text("下面不能站人")).to_be_visible()
        await expect(page.get_by_label("评分", exact=True)).to_have_value("")

    async def test_what_is_no_score_is_said_before_it_is_sent(self, open_console: Open) -> None:
        house = room()
        page, _ = await open_console("/scoring/s1", house, "assessor", locale="en")
        await page.get_by_label("Score", exact=True).fill("10.5")
        await expect(page.get_by_role("alert")).to_contain_text("between 0 and 10, in steps of 0.5")
        await expect(page.get_by_role("button", name="Give score")).to_be_disabled()
        await page.get_by_role("button", name="Full", exact=True).click()
        await expect(page.get_by_role("button", name="Give score")).to_be_enabled()
        house.answers[NEXT] = {"answer": None}
        await page.get_by_role("button", name="Give score").click()
        await expect(page.get_by_text("No answer of this session waits for you any more.")).to_be_visible()

    async def test_a_refused_score_keeps_the_answer_on_the_screen(self, open_console: Open) -> None:
        house = room()
        refused = {"code": "hand_score_settled", "zh": "该答案的评分已经确定，不能再改。", "en": "Settled."}
        house.refusals[f"/api/hand-scoring/s1/answers/{'0f' * 16}"] = (409, refused)
        page, _ = await open_console("/scoring/s1", house, "assessor")
        await page.get_by_label("评分", exact=True).fill("3")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("该答案的评分已经确定")).to_be_visible()
        await expect(page.get_by_text("下面不能站人")).to_be_visible()


class TestCorrections:
    async def test_one_proposes_and_sees_who_would_change(self, open_console: Open) -> None:
        house = room(**{f"POST {CORRECTIONS}": {"correction": "kc-1"}})
        page, _ = await open_console("/sessions/s1/corrections", house, "reviewer")
        await page.get_by_role("button", name="提议更正").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("试题编号").fill("TJ-007")
        await dialog.get_by_label("认可的答案", exact=True).fill("a，Ｃ")
        await dialog.get_by_label("理由").fill("选项 C 也对")
        await dialog.get_by_role("button", name="提议更正").click()
        await expect(page.get_by_text("不合格 → 合格")).to_have_count(2)
        (asked,) = house.said("/corrections")
        assert (asked["item"], asked["keys"], asked["blanks"]) == ("TJ-007", ["A", "C"], [])

    async def test_two_people_rule_on_the_report_they_see(self, open_console: Open) -> None:
        house = room()
        page, _ = await open_console("/sessions/s1/corrections", house, "confirming_body")
        await page.get_by_role("button", name="查看报告").click()
        await page.get_by_label("理由").fill("专家组意见")
        await page.get_by_label("本人密码").fill("mine")
        house.answers[CORRECTIONS] = [
            told.a_correction(state="ruled", ruled_by="王监考", ruled_reason="意见")
        ]
        await page.get_by_role("button", name="裁定生效").click()
        await expect(page.get_by_text("待第二人签字")).to_have_count(2)
        assert house.said("/kc-1/rule") == [{"report": "ab" * 32, "reason": "专家组意见", "password": "mine"}]
        await page.get_by_role("button", name="查看报告").click()
        await page.get_by_label("第二人登录名").fill("li")
        await page.get_by_label("第二人密码").fill("hers")
        await page.get_by_role("button", name="第二人签字生效").click()
        await house.until(lambda: bool(house.said("/kc-1/sign")))
        assert house.said("/kc-1/sign") == [{"report": "ab" * 32, "login": "li", "password": "hers"}]

    async def test_a_report_that_changed_is_said_and_read_again(self, open_console: Open) -> None:
        house = room()
        said = {"code": "report_changed", "zh": "成绩在此期间有变动，报告已不同。", "en": "Another report."}
        house.refusals[f"{CORRECTIONS}/kc-1/rule"] = (409, said)
        page, _ = await open_console("/sessions/s1/corrections", house, "confirming_body")
        await page.get_by_role("button", name="查看报告").click()
        await page.get_by_label("理由").fill("r")
        await page.get_by_label("本人密码").fill("mine")
        house.answers[f"{CORRECTIONS}/kc-1/report"] = told.a_report(report="cd" * 32, gained=3)
        await page.get_by_role("button", name="裁定生效").click()
        await expect(page.get_by_text("报告已不同")).to_be_visible()

    async def test_a_keeper_sees_counts_and_no_candidate(self, open_console: Open) -> None:
        house = room(**{f"{CORRECTIONS}/kc-1/report": told.a_report(changes=[])})
        page, _ = await open_console("/bank/tujian/corrections/s1", house, "bank_keeper")
        await page.get_by_role("button", name="查看报告").click()
        await expect(page.get_by_text("题库管理人员看不到考生名单。")).to_be_visible()
        await expect(page.get_by_role("button", name="裁定生效")).to_have_count(0)
