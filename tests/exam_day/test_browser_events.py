"""What a browser tells of a candidate who wanders off: a real window on a real screen, a mouse and a keyboard."""

import time
from pathlib import Path

import pytest

from server.attempts.rules import Attempts
from server.rulings.rules import Rulings
from tests.exam_day.conftest import CHROMIUM
from tests.exam_day.day import SESSION, ExamDay
from tests.exam_day.screen import Person, missing, person_at, screen, until

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(400)]

GRACE_S = 5.0
"""The scheme's: the demo's policy has the grace of a real one."""

GUARDED = ("page.left", "page.returned", "clipboard.used")
SANCTIONS = ("attempt.suspended", "attempt.collected", "void.proposed", "void.signed", "message.sent")


class Watch:
    """What the ledger says of one seat since one last looked."""

    def __init__(self, day: ExamDay) -> None:
        self.day, self._seen = day, 0

    def news(self) -> list[tuple[str, dict[str, object]]]:
        """Entries of the guarded kinds that came since the last call."""
        found = self.day.entries(*GUARDED)
        new, self._seen = found[self._seen :], len(found)
        return [(one.entry.type, one.entry.body) for one in new]

    def until_told(self, kind: str, **body: object) -> list[tuple[str, dict[str, object]]]:
        """Wait for an entry; gives everything new up to then."""
        told: list[tuple[str, dict[str, object]]] = []

        def came() -> bool:
            told.extend(self.news())
            return any(each == kind and body.items() <= said.items() for each, said in told)

        until(came, f"{kind} {body}", 20)
        return told

    def state(self) -> str:
        """The attempt's, as a proctor sees it."""
        return str(self.day.attempt(self.day.seats[0])["state"])


def test_leaving_the_page_is_on_record_as_it_happened(tmp_path: Path) -> None:
    """Keys, a second window, the end of full screen, a minimised window: each on the ledger, none made up."""
    if CHROMIUM is None or missing():
        pytest.skip(f"there is no {', '.join(missing()) or 'chromium'} here")
    day = ExamDay.open(tmp_path, candidates=1, minutes=3)
    try:
        seat = day.seats[0]
        day.office.check_in(SESSION)
        with screen() as on, person_at(on, CHROMIUM, tmp_path / "profile", seat.start()) as person:
            _sits_down(person, day)
            ledger = Watch(day)
            person.clicks("article [data-letter=A]")
            until(lambda: day.entries("answer.saved"), "the answer is in the room")
            assert ledger.news() == [], "nobody left and nobody copied"
            assert ledger.state() == "running"

            _reaches_for_the_clipboard(person, ledger)
            first = time.monotonic()
            _looks_elsewhere(person, ledger)
            assert _flags(day) == {"clipboard"}, "all of it was within the grace"
            began = time.monotonic()
            _leaves_the_full_screen(person, ledger)
            _stays_away(person, ledger, began)
            _fills_the_screen_again(person, ledger, began)
            away_ms = day.folded().part(Attempts).by_id[seat.attempt].away_ms
            assert away_ms <= (time.monotonic() - first) * 1000, "no second is counted twice"
        assert not day.entries(*SANCTIONS), "a machine flags; only people rule"
    finally:
        day.close()


def _sits_down(person: Person, day: ExamDay) -> None:
    fictional = day.seats[0].person
    person.reads("考生登录")
    person.clicks("form input")
    person.types(fictional.ticket)
    person.screen.press("Tab")
    person.types(fictional.document)
    person.clicks("button", "登录")
    person.clicks("button", "信息无误，是我本人")
    person.clicks("button", "我已阅读，继续")
    person.reads("等待开考")
    day.office.begin(SESSION)
    person.clicks("button", "我已阅读")
    person.reads("已保存到本机")
    until(lambda: person.sees("document.fullscreenElement !== null"), "the page fills the screen")


def _reaches_for_the_clipboard(person: Person, ledger: Watch) -> None:
    for keys, action in (("ctrl+c", "copy"), ("ctrl+v", "paste"), ("ctrl+p", "print")):
        person.screen.press(keys)
        assert ledger.until_told("clipboard.used", action=action) == [("clipboard.used", {"action": action})]
    person.clicks("article h2", button=3)
    assert ledger.until_told("clipboard.used", action="context_menu") == [
        ("clipboard.used", {"action": "context_menu"})
    ]
    assert person.sees("document.hasFocus()"), "neither a print dialog nor a menu came up"


def _looks_elsewhere(person: Person, ledger: Watch) -> None:
    began = time.monotonic()
    other = person.opens_another_window()
    assert ("page.left", {"cause": "focus_lost"}) in ledger.until_told("page.left", cause="focus_lost")
    assert ledger.state() == "away"
    person.closes(other)
    told = ledger.until_told("page.returned", cause="focus_lost")
    assert {kind for kind, _ in told} <= {"page.left", "page.returned"}
    assert 0 < _longest(told, "focus_lost") <= (time.monotonic() - began) * 1000
    until(lambda: ledger.state() == "running", "the attempt runs again")


def _leaves_the_full_screen(person: Person, ledger: Watch) -> None:
    person.screen.press("F11")
    ledger.until_told("page.left", cause="full_screen_left")
    person.reads("已退出全屏，此情况已记录。")
    assert ledger.state() == "away"


def _stays_away(person: Person, ledger: Watch, began: float) -> None:
    minimised = time.monotonic()
    person.minimises()
    told = ledger.until_told("page.left", cause="hidden")
    left = time.monotonic()
    until(lambda: "page_left" in _flags(ledger.day), "the machine flags who stays away", GRACE_S + 10)
    assert time.monotonic() - began > GRACE_S, "not before the grace is over"
    stayed_ms = (time.monotonic() - left) * 1000
    person.comes_back()
    told += ledger.until_told("page.returned", cause="hidden")
    assert stayed_ms - 500 <= _longest(told, "hidden") <= (time.monotonic() - minimised) * 1000
    assert ledger.state() == "away", "the page is still out of full screen"


def _fills_the_screen_again(person: Person, ledger: Watch, began: float) -> None:
    person.clicks("button", "返回全屏")
    told = ledger.until_told("page.returned", cause="full_screen_left")
    assert GRACE_S * 1000 < _longest(told, "full_screen_left") <= (time.monotonic() - began) * 1000
    until(lambda: ledger.state() == "running", "the attempt runs again")
    rulings = ledger.day.folded().part(Rulings).of(ledger.day.seats[0].attempt)
    flags = [flag for flag in rulings.flags.values() if flag.code == "page_left"]
    assert [(flag.source, flag.severity, flag.open) for flag in flags] == [("machine", "minor", True)]


def _longest(told: list[tuple[str, dict[str, object]]], cause: str) -> int:
    return max(
        int(str(said["away_ms"])) for kind, said in told if kind == "page.returned" and said["cause"] == cause
    )


def _flags(day: ExamDay) -> set[str]:
    return {flag.code for flag in day.folded().part(Rulings).of(day.seats[0].attempt).flags.values()}
