"""The console in a real browser, against a room server that follows a script."""

import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.web.after_the_exam import a_dossier, a_record, a_timeline, the_queue, the_results
from tests.web.scripted_room import PAGE_FOLDER, ScriptedRoom, a_busy_floor, a_row, an_alarm, now_ms, serve

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
    pytest.mark.skipif(
        not (PAGE_FOLDER / "index.html").exists(), reason="the console is not built: make web"
    ),
]

Open = Callable[..., Awaitable[tuple[Page, ScriptedRoom]]]
FLOOR = "/sessions/s1/floor"


def busy_room(seats: int = 30) -> ScriptedRoom:
    """A room in the middle of its exam."""
    rows, alarms = a_busy_floor(now_ms(), seats)
    return ScriptedRoom(rows, alarms=alarms)


@pytest.fixture
async def open_console() -> AsyncIterator[Open]:
    """Open the console on a scripted room as somebody; the page must end without an error of its own."""
    errors: list[str] = []
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        stack.push_async_callback(browser.close)

        async def open_on(
            at: str, room: ScriptedRoom, *roles: str, locale: str = "zh-CN"
        ) -> tuple[Page, ScriptedRoom]:
            room.roles, room.logged_in = list(roles), bool(roles)
            address = await stack.enter_async_context(serve(room))
            context = await browser.new_context(locale=locale, viewport={"width": 1366, "height": 768})
            page = await context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on(
                "console",
                lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None,
            )
            await page.goto(address + at)
            return page, room

        yield open_on
    assert errors == []


def tile(page: Page, seat: int) -> Locator:
    """A seat on map or wall."""
    return page.locator(f"button.tile[data-seat='{seat}']")


def alarms(page: Page) -> Locator:
    """The lines of the alarm queue."""
    return page.locator(".queue ol > li .title")


class TestLogin:
    """Local names and passwords."""

    async def test_a_wrong_password_is_said_and_a_right_one_leads_where_one_wanted(
        self, open_console: Open
    ) -> None:
        page, room = await open_console(FLOOR, busy_room())
        await page.get_by_label("登录名").fill("wang")
        await page.get_by_label("密码", exact=True).fill("wrong")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_have_text("登录名或密码不正确。")
        await expect(page.get_by_label("密码", exact=True)).to_have_value("")
        room.roles = ["proctor"]
        await page.get_by_label("密码", exact=True).fill("right")
        await page.keyboard.press("Enter")
        await expect(tile(page, 1)).to_be_visible()

    async def test_the_sentence_follows_the_language(self, open_console: Open) -> None:
        page, _ = await open_console("/login", busy_room(), locale="en-GB")
        await page.get_by_label("Login").fill("wang")
        await page.get_by_label("Password", exact=True).fill("wrong")
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("alert")).to_have_text("Login or password is wrong.")

    async def test_who_is_signed_out_meanwhile_is_asked_to_sign_in_again(self, open_console: Open) -> None:
        page, room = await open_console(FLOOR, busy_room(), "proctor")
        await expect(tile(page, 1)).to_be_visible()
        room.logged_in = False
        room.refusals["/api/sessions/s1/flags/f9a/close"] = (
            401,
            {"code": "not_logged_in", "zh": "请先登录。", "en": "Please log in."},
        )
        await page.keyboard.press("j")
        await page.keyboard.press("a")
        await expect(page.get_by_role("heading", name="登录考场")).to_be_visible()

    async def test_the_menu_knows_the_roles(self, open_console: Open) -> None:
        page, _ = await open_console("/bank", busy_room(), "bank_keeper")
        menu = page.locator("header nav a")
        await expect(menu).to_have_text(["题库", "题包"])


class TestFloor:
    """Three views of one floor."""

    async def test_the_room_stands_as_it_is(self, open_console: Open) -> None:
        page, _ = await open_console(FLOOR, busy_room(), "proctor")
        await expect(page.locator("button.tile")).to_have_count(29)
        boxes = [await tile(page, seat).bounding_box() for seat in (1, 2, 10, 16)]
        one, two, ten, sixteen = (box for box in boxes if box is not None)
        assert two["x"] == one["x"]
        assert two["y"] > one["y"]
        assert ten["y"] == one["y"]
        assert sixteen["x"] - one["x"] > 3 * (ten["x"] - one["x"])

    async def test_state_progress_time_and_flags_are_said_in_words(self, open_console: Open) -> None:
        page, _ = await open_console(FLOOR, busy_room(), "proctor")
        await expect(tile(page, 3)).to_contain_text("离开页面")
        await expect(tile(page, 3)).to_contain_text("21/60")
        await expect(tile(page, 3)).to_contain_text("剩 83 分")
        await expect(tile(page, 7)).to_contain_text("秒无消息")
        await expect(tile(page, 9)).to_have_accessible_name(
            "9 号, 吴海涛, 暂停答题, 待第二人签字, 2 个疑点, 已答 3 题，共 60 题, 剩余 83 分钟"
        )

    async def test_a_changed_row_replaces_its_tile_and_no_other(self, open_console: Open) -> None:
        page, room = await open_console(FLOOR, busy_room(), "proctor")
        await expect(tile(page, 1)).to_contain_text("答题")
        kept = await tile(page, 2).element_handle()
        await room.push(rows=[a_row(1, now_ms(), state="handed_in", answered=60)])
        await expect(tile(page, 1)).to_contain_text("已交卷")
        assert kept is not None
        assert await kept.evaluate("(element) => element.isConnected")

    async def test_views_share_filter_and_selection(self, open_console: Open) -> None:
        page, _ = await open_console(FLOOR, busy_room(), "proctor")
        await page.get_by_role("button", name="无消息 1").click()
        await expect(page.locator("button.tile.dimmed")).to_have_count(28)
        await tile(page, 7).click()
        await page.keyboard.press("2")
        await expect(page.locator("button.tile")).to_have_count(1)
        await page.keyboard.press("3")
        await expect(page.locator("table.seats tbody tr.selected")).to_contain_text("黄志强")
        await page.reload()
        await expect(page.locator("table.seats tbody tr.selected")).to_contain_text("黄志强")

    async def test_search_by_document_tail(self, open_console: Open) -> None:
        page, _ = await open_console(f"{FLOOR}?view=wall", busy_room(), "proctor")
        await expect(tile(page, 1)).to_be_visible()
        await page.keyboard.press("/")
        await page.keyboard.type("1012")
        await expect(page.locator("button.tile")).to_have_count(1)
        await expect(tile(page, 12)).to_be_visible()

    async def test_arrows_walk_over_the_aisle(self, open_console: Open) -> None:
        page, _ = await open_console(FLOOR, busy_room(), "proctor")
        await tile(page, 11).focus()
        await page.keyboard.press("ArrowRight")
        await expect(tile(page, 16)).to_be_focused()

    async def test_a_lost_connection_is_said_and_comes_back(self, open_console: Open) -> None:
        page, room = await open_console(FLOOR, busy_room(), "proctor")
        await expect(page.locator(".link")).to_have_text("实时")
        room.rows["a1"] = a_row(1, now_ms(), state="collected")
        await room.cut()
        await room.until(lambda: room.consoles == 1)
        await expect(tile(page, 1)).to_contain_text("已收卷")
        await expect(page.locator(".link")).to_have_text("实时")

    async def test_two_thousand_seats_are_few_lines(self, open_console: Open) -> None:
        at = now_ms()
        room = ScriptedRoom([a_row(seat, at) for seat in range(1, 2001)])
        page, _ = await open_console(f"{FLOOR}?view=table", room, "proctor")
        await expect(page.locator("table.seats tbody tr[aria-rowindex='2']")).to_be_visible()
        assert await page.locator("table.seats tbody tr").count() < 60
        await page.locator("[data-scroller]").evaluate("(box) => box.scrollTo(0, box.scrollHeight)")
        await expect(page.locator("table.seats tbody tr").last).to_contain_text("202606152000")


class TestAlarms:
    """The queue at the side."""

    async def test_worst_first_and_handled_by_keyboard(self, open_console: Open) -> None:
        page, room = await open_console(FLOOR, busy_room(), "proctor")
        await expect(alarms(page)).to_have_text(
            [
                "代替他人或者让他人代替自己参加考试",
                "考生称信息不符",
                "摄像头被遮挡",
                "机位失去联络",
                "离开考试页面",
            ]
        )
        for key in ("j", "j", "j", "k", "a"):
            await page.keyboard.press(key)
        await room.until(lambda: bool(room.said("/flags/f9b/close")))
        assert room.said("/flags/f9b/close") == [{"outcome": "acknowledged", "reason": None}]
        await room.push(alarms=[an_alarm("f9b", 9, now_ms(), code="not_me", severity="major", open=False)])
        await expect(alarms(page)).to_have_count(4)
        await page.keyboard.press("Enter")
        await expect(page.locator(".drawer h2")).to_have_text("朱丽娟")

    async def test_a_dismissal_asks_why(self, open_console: Open) -> None:
        page, room = await open_console(FLOOR, busy_room(), "proctor")
        await expect(alarms(page)).to_have_count(5)
        await page.keyboard.press("j")
        await page.keyboard.press("d")
        send = page.get_by_role("dialog").get_by_role("button", name="排除")
        await expect(send).to_be_disabled()
        await page.get_by_label("理由").press("1")
        await send.click()
        await room.until(lambda: bool(room.said("/flags/f9a/close")))
        assert room.said("/flags/f9a/close") == [{"outcome": "dismissed", "reason": "已到机位查看，无异常"}]

    async def test_a_new_severe_alarm_shows_in_the_title_and_is_spoken(self, open_console: Open) -> None:
        page, room = await open_console(FLOOR, busy_room(), "proctor")
        await expect(page).to_have_title("(1) 考场监控")
        await room.push(alarms=[an_alarm("f20", 20, now_ms(), code="stream_forked", severity="severe")])
        await expect(page).to_have_title("(2) 考场监控")
        await expect(page.locator(".queue [role=status]")).to_have_text("新的严重报警：同一序号出现两份记录")


class TestSeat:
    """The drawer and its acts."""

    async def test_pictures_stand_side_by_side_with_the_age(self, open_console: Open) -> None:
        page, room = await open_console(f"{FLOOR}?attempt=a13", busy_room(), "proctor")
        room.timeline = a_timeline(room.at)
        await expect(page.get_by_alt_text("报名照片")).to_be_visible()
        await expect(page.locator(".drawer figcaption").first).to_contain_text("拍摄，")
        await expect(page.locator(".drawer dl")).to_contain_text("被遮挡")

    async def test_extend_asks_for_minutes_and_a_reason(self, open_console: Open) -> None:
        page, room = await open_console(f"{FLOOR}?attempt=a7", busy_room(), "proctor")
        await page.get_by_role("button", name="补时").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("补时分钟数").fill("12")
        await expect(dialog.get_by_role("button", name="补时")).to_be_disabled()
        await dialog.get_by_label("理由").fill("断网十二分钟")
        await dialog.get_by_role("button", name="补时").click()
        await room.until(lambda: bool(room.said("/attempts/a7/extend")))
        assert room.said("/attempts/a7/extend") == [{"minutes": 12, "reason": "断网十二分钟"}]
        await expect(dialog).to_be_hidden()

    async def test_a_refusal_stays_in_the_dialog_in_its_own_words(self, open_console: Open) -> None:
        page, room = await open_console(f"{FLOOR}?attempt=a7", busy_room(), "proctor")
        said = {"code": "not_now", "zh": "本场已经结束。", "en": "The session has ended."}
        room.refusals["/api/sessions/s1/attempts/a7/suspend"] = (409, said)
        await page.get_by_role("button", name="暂停答题", exact=True).first.click()
        await page.get_by_label("理由").fill("核对证件")
        await page.get_by_role("dialog").get_by_role("button", name="暂停答题").click()
        await expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text("本场已经结束。")

    async def test_a_void_is_proposed_with_code_statement_and_password(self, open_console: Open) -> None:
        page, room = await open_console(f"{FLOOR}?attempt=a13", busy_room(), "proctor")
        await page.get_by_role("button", name="提议取消成绩").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("处理理由代码").select_option("device_use")
        await expect(dialog).to_contain_text("将取消本批次全部科目的成绩")
        await dialog.get_by_label("理由", exact=True).fill("使用手机查阅答案")
        await dialog.get_by_label("本人密码").fill("right")
        send = dialog.get_by_role("button", name="提议取消成绩")
        await expect(send).to_be_disabled()
        await dialog.get_by_label("考生陈述申辩").fill("承认")
        await send.click()
        await room.until(lambda: bool(room.said("/attempts/a13/void/propose")))
        assert room.said("/attempts/a13/void/propose") == [
            {
                "code": "device_use",
                "flags": ["f13"],
                "statement": "承认",
                "statement_declined": False,
                "reason": "使用手机查阅答案",
                "password": "right",
            }
        ]

    async def test_the_second_person_reads_what_is_signed(self, open_console: Open) -> None:
        page, room = await open_console(f"{FLOOR}?attempt=a9", busy_room(), "proctor")
        await expect(page.locator(".proposed")).to_contain_text("本人承认替考")
        await page.get_by_role("button", name="签字取消成绩").click()
        await page.get_by_label("第二人登录名").fill("li")
        await page.get_by_label("第二人密码").fill("right")
        await page.get_by_role("dialog").get_by_role("button", name="签字取消成绩").click()
        await room.until(lambda: bool(room.said("/attempts/a9/void/v9/sign")))
        assert room.said("/attempts/a9/void/v9/sign") == [{"login": "li", "password": "right"}]

    async def test_keys_open_act_and_close(self, open_console: Open) -> None:
        page, room = await open_console(f"{FLOOR}?attempt=a7", busy_room(), "proctor")
        await expect(page.locator(".drawer h2")).to_have_text("黄志强")
        await page.keyboard.press("m")
        await page.get_by_label("内容").fill("请举手")
        await page.get_by_role("dialog").get_by_role("button", name="发消息").click()
        await room.until(lambda: bool(room.said("/attempts/a7/message")))
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await page.keyboard.press("]")
        await expect(page.locator(".drawer h2")).to_have_text("周文博")
        await page.keyboard.press("Escape")
        await expect(page.locator(".drawer")).to_be_hidden()
        await expect(tile(page, 8)).to_be_focused()

    async def test_a_name_is_text_whatever_it_holds(self, open_console: Open) -> None:
        rows = [a_row(1, now_ms(), name="<img src=x onerror=alert(1)>")]
        page, _ = await open_console(f"{FLOOR}?attempt=a1", ScriptedRoom(rows), "proctor")
        await expect(page.locator(".drawer h2")).to_have_text("<img src=x onerror=alert(1)>")

    async def test_patrol_watches_and_changes_nothing(self, open_console: Open) -> None:
        page, _ = await open_console(f"{FLOOR}?attempt=a9", busy_room(), "patrol")
        await expect(page.locator(".drawer")).to_contain_text("巡考只读")
        await expect(page.locator(".drawer .acts")).to_have_count(0)
        await expect(page.locator(".queue .acts")).to_have_count(0)
        await expect(page.locator(".steps .el-button")).to_have_text(["巡考记录"])

    async def test_patrol_writes_its_record_from_the_floor(self, open_console: Open) -> None:
        page, room = await open_console(FLOOR, busy_room(), "patrol")
        await page.locator(".steps .el-button").click()
        dialog = page.get_by_role("dialog")
        save = dialog.get_by_role("button", name="记入")
        await expect(save).to_be_disabled()
        await dialog.get_by_role("textbox").fill("两名监考员在岗，秩序良好")
        await save.click()
        await expect(dialog).to_be_hidden()
        assert room.said("/record/patrol") == [{"text": "两名监考员在岗，秩序良好"}]


class TestDay:
    """The step bar."""

    async def test_two_proctors_confirm_the_start_at_one_console(self, open_console: Open) -> None:
        at = now_ms()
        rows = [a_row(1, at, state="checked_in"), a_row(2, at, state="expected")]
        room = ScriptedRoom(
            rows, state="check_in", started_at=None, end_at=None, rules_read_at=None, start_confirmed_by=[]
        )
        page, _ = await open_console(FLOOR, room, "proctor")
        await expect(page.locator(".steps .missing")).to_have_text("1 人未到规则未宣读还差 2 名监考员确认")
        await page.get_by_role("button", name="登记宣读规则").click()
        await page.get_by_role("dialog").get_by_role("button", name="登记宣读规则").click()
        await room.until(lambda: bool(room.said("/rules-read")))
        assert room.said("/rules-read") == [{"waived": False, "reason": None}]
        await room.push(rules_read_at=at, start_confirmed_by=["p1"])
        await page.get_by_role("button", name="确认开考").click()
        await page.get_by_label("第二人登录名").fill("li")
        await page.get_by_label("第二人密码").fill("right")
        await page.get_by_role("dialog").get_by_role("button", name="确认开考").click()
        await room.until(lambda: bool(room.said("/confirm-start")))
        assert room.said("/confirm-start") == [{"login": "li", "password": "right"}]
        await room.push(start_confirmed_by=["p1", "p2"])
        await page.get_by_role("button", name="开考", exact=True).click()
        await page.get_by_role("dialog").get_by_role("button", name="开考", exact=True).click()
        await room.until(lambda: bool(room.said("/s1/start")))

    async def test_a_person_decides_whose_time_is_right(self, open_console: Open) -> None:
        room = busy_room()
        doubt = {"room_time": 0, "unconfirmed": True, "seats": 24, "offset_ms": 61_000, "holds": True}
        room.answers["/api/clock"] = doubt
        page, _ = await open_console(FLOOR, room, "proctor")
        await expect(page.locator(".doubt")).to_contain_text("24 台考试机的时间比服务器快 61.0 秒")
        await page.get_by_role("button", name="确认时间").click()
        await page.get_by_label("理由").fill("服务器断电后时钟偏慢")
        await page.get_by_role("dialog").get_by_role("button", name="确定").click()
        await room.until(lambda: bool(room.said("/api/clock")))
        assert room.said("/api/clock") == [{"take": "seats", "reason": "服务器断电后时钟偏慢"}]

    async def test_check_in_from_a_document_tail(self, open_console: Open) -> None:
        at = now_ms()
        rows = [a_row(seat, at, state="expected", picture=None) for seat in range(1, 6)]
        room = ScriptedRoom(rows, state="check_in", started_at=None, end_at=None)
        page, _ = await open_console("/sessions/s1/check-in", room, "proctor")
        await page.get_by_role("searchbox").fill("1003")
        await page.keyboard.press("Enter")
        await expect(page.locator(".candidate h1")).to_have_text("刘阿卜杜·热合曼")
        await expect(page.get_by_alt_text("报名照片")).to_be_visible()
        await page.keyboard.press("c")
        await room.until(lambda: bool(room.said("/attempts/a3/check-in")))
        assert room.said("/attempts/a3/check-in") == [{"reason": None}]

    async def test_a_refusal_at_the_door_has_a_code_and_a_reason(self, open_console: Open) -> None:
        at = now_ms()
        rows = [a_row(1, at, state="expected")]
        room = ScriptedRoom(rows, state="check_in", started_at=None, end_at=None)
        page, _ = await open_console("/sessions/s1/check-in", room, "proctor")
        await page.locator("aside li button").first.click()
        await page.keyboard.press("r")
        await page.get_by_label("拒绝原因").select_option("no_document")
        await page.get_by_label("理由").fill("只有复印件")
        await page.get_by_role("dialog").get_by_role("button", name="拒绝入场").click()
        await room.until(lambda: bool(room.said("/attempts/a1/refuse")))
        assert room.said("/attempts/a1/refuse") == [{"code": "no_document", "reason": "只有复印件"}]


class TestAfterwards:
    """Record form, review, results."""

    async def test_the_record_form_is_signed_and_prints(self, open_console: Open) -> None:
        room = busy_room()
        room.answers["/api/sessions/s1/record"] = a_record(room)
        page, _ = await open_console("/sessions/s1/record", room, "proctor")
        await expect(page.locator(".paper")).to_contain_text("考生拒绝陈述或拒签")
        await expect(page.locator(".signatures")).to_contain_text("王监考")
        await page.get_by_role("button", name="签字", exact=True).click()
        await page.get_by_label("登录名").fill("li")
        await page.get_by_label("密码", exact=True).fill("right")
        await page.get_by_role("dialog").get_by_role("button", name="签字").click()
        await room.until(lambda: bool(room.said("/record/sign")))
        assert room.said("/record/sign") == [{"login": "li", "password": "right"}]
        await page.emulate_media(media="print")
        await expect(page.locator("header.bar")).to_be_hidden()
        await expect(page.locator(".steps")).to_be_hidden()
        await expect(page.locator(".paper")).to_be_visible()

    async def test_what_must_be_seen_is_noted_when_it_is_on_the_screen(self, open_console: Open) -> None:
        room = busy_room()
        room.timeline = a_timeline(room.at)
        room.answers["/api/reviews/s1/a9"] = a_dossier(room)
        page, _ = await open_console("/reviews/s1/a9", room, "reviewer", "confirming_body")
        await expect(page.locator(".controls")).to_contain_text("第 1 张，共 60 张")
        await page.keyboard.press("ArrowRight")
        await expect(page.locator(".controls")).to_contain_text("第 2 张，共 60 张")
        assert room.said("/seen") == []
        await page.keyboard.press("n")
        await room.until(lambda: len(room.said("/seen")) == 1)
        assert room.said("/seen")[0]["what"] == "snapshot"
        await expect(page.locator("header button.tone")).to_have_text("必看 2/8")
        await page.keyboard.press("j")
        await room.until(lambda: {"what": "flag", "key": "f2"} in room.said("/seen"))

    async def test_number_keys_decide_with_a_reason(self, open_console: Open) -> None:
        room = busy_room()
        room.answers["/api/reviews/s1/a9"] = a_dossier(room)
        page, _ = await open_console("/reviews/s1/a9", room, "confirming_body")
        await expect(page.locator(".controls")).to_contain_text("共 60 张")
        await page.keyboard.press("3")
        await page.get_by_label("理由").fill("事实清楚")
        await page.get_by_role("dialog").get_by_role("button", name="维持取消").click()
        await room.until(lambda: bool(room.said("/void/v9/decide")))
        assert room.said("/void/v9/decide") == [{"outcome": "upheld", "reason": "事实清楚"}]
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await page.keyboard.press("1")
        await page.get_by_role("dialog").get_by_role("button", name="确认").click()
        await room.until(lambda: bool(room.said("/a9/confirm")))
        assert room.said("/a9/confirm") == [{"reason": None}]

    async def test_the_queue_is_loud_where_no_deadline_can_be_counted(self, open_console: Open) -> None:
        room = busy_room()
        room.answers["/api/reviews"] = the_queue(room)
        page, _ = await open_console("/reviews", room, "reviewer")
        await expect(page.get_by_text("日历缺该年度，无法计算")).to_be_visible()
        await expect(page.get_by_text("截止 2026-06-23")).to_be_visible()
        await page.get_by_role("link", name="审查").nth(1).click()
        await expect(page).to_have_url(re.compile("/reviews/s1/a9$"))

    async def test_only_confirmed_results_leave(self, open_console: Open) -> None:
        room = busy_room()
        room.answers["/api/sessions/s1/results"] = the_results(room, final=False)
        page, _ = await open_console("/sessions/s1/results", room, "exam_office")
        await expect(page.get_by_text("暂定成绩")).to_be_visible()
        await expect(page.get_by_role("button", name="下载成绩表")).to_be_disabled()
        await expect(page.locator("tbody tr", has_text="吴海涛")).to_contain_text("成绩取消")


class TestOffice:
    """Lists, forms and imports."""

    async def test_every_problem_of_a_roster_is_shown_at_once(self, open_console: Open) -> None:
        room = busy_room()
        room.answers["/api/candidates"] = []
        problems = [
            {
                "sheet": "名单",
                "row": row,
                "column": "证件号码",
                "cell": f"C{row}",
                "found": "42011119700512123",
                "code": "document",
                "zh": "18 位居民身份证号码",
                "en": "an ID number of 18 characters",
            }
            for row in (3, 8)
        ]
        said = {
            "code": "roster_refused",
            "zh": "名单有 2 处问题。",
            "en": "2 problems.",
            "problems": problems,
        }
        room.refusals["/api/candidates/roster"] = (409, said)
        page, _ = await open_console("/office/candidates", room, "exam_office")
        await expect(page.get_by_text("没有内容")).to_be_visible()
        roster = page.locator("input[type=file]").nth(1)
        await roster.set_input_files({"name": "r.csv", "mimeType": "text/csv", "buffer": "姓名\n".encode()})
        lines = page.locator(".problems tbody tr")
        await expect(lines).to_have_count(2)
        await expect(lines.nth(1)).to_have_text("名单8证件号码4201111970051212318 位居民身份证号码")
        assert room.said("/roster") == ["姓名\n".encode()]

    async def test_a_room_is_drawn_before_it_is_saved(self, open_console: Open) -> None:
        room = busy_room()
        room.answers["/api/sites"] = [
            {"id": "site1", "name": "武昌考点", "address": "", "seats": 30, "warnings": []}
        ]
        page, _ = await open_console("/office/rooms", room, "exam_office")
        await page.get_by_role("button", name="新建考场").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("名称").fill("二号机房")
        await dialog.get_by_label("排数").fill("2")
        await dialog.get_by_label("列数").fill("3")
        await dialog.get_by_label("列数").blur()
        await dialog.locator("button.place").nth(1).click()
        await expect(dialog.locator("button.place")).to_have_text(["1", "", "4", "2", "3", "5"])
        await dialog.get_by_role("button", name="保存").click()
        await room.until(lambda: bool(room.said("/api/rooms")))
        assert room.said("/api/rooms")[0]["layout"] == {
            "rows": 2,
            "columns": 3,
            "numbering": "s_columns",
            "gaps": [[1, 2]],
            "spare": [],
        }

    async def test_a_screen_that_cannot_be_read_says_so(self, open_console: Open) -> None:
        page, room = await open_console("/office/people", busy_room(), "administrator")
        await expect(page.get_by_role("alert")).to_contain_text("没有读到数据。 没有这个地址。")
        room.answers["/api/people"] = []
        await page.get_by_role("button", name="再试").or_(page.get_by_role("button", name="重试")).click()
        await expect(page.get_by_role("alert")).to_have_count(0)
