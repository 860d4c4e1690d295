"""The stages of a seat as tables: what each is read from, and that the ordinary way leads where it says."""

from dataclasses import replace

import pytest

from protocol import office_entries as office
from protocol.entry import Entry, Head, compose
from protocol.page import Stage
from protocol.shapes import Closed, HeadRef
from protocol.station_entries import (
    AnswerSaved,
    HandedIn,
    HandRaised,
    ItemMarked,
    OrderHeard,
    RulesAcknowledged,
)
from station.attempt import Attempt
from station.lifecycle import (
    RECEIPT_SHOWN_MS,
    TRANSITIONS,
    SittingFacts,
    Verb,
    allowed,
    hand_in_due,
    hand_in_wait_ms,
    next_instant,
    stage_of,
)

START = 1_780_000_000_000
DURATION = 7_200_000
NOW = START + 60_000


class Days:
    """Makes the entries of one attempt, one after the other."""

    def __init__(self) -> None:
        self.attempt = Attempt.begin(DURATION)
        self._head: Head | None = None
        self._office: Head | None = None
        self.entries: list[Entry] = []

    def write(self, kind: str, body: Closed, at: int = NOW) -> None:
        entry = compose(self._head, "s1", at, kind, body.to_json())
        self._head = entry.head
        self.entries.append(entry)
        self.attempt.apply(entry)

    def hear(self, kind: str, body: Closed, at: int = NOW) -> None:
        order = compose(self._office, "o1", at, kind, body.to_json())
        self._office = order.head
        self.write(
            "order.heard",
            OrderHeard(order=HeadRef(**order.head.to_json()), text=order.text, signature="A" * 88),
            at,
        )

    def facts(self, **changes: bool) -> SittingFacts:
        return replace(SittingFacts(self.attempt, True, True, True), **changes)  # type: ignore[arg-type]

    def stage(self, now: int = NOW, **changes: bool) -> Stage:
        return stage_of(self.facts(**changes), now, ever_connected=True)


def start(days: Days) -> None:
    days.hear("session.started", office.SessionStarted(starts_at=START, by="p"))


def running() -> Days:
    days = Days()
    start(days)
    days.write("rules.acknowledged", RulesAcknowledged())
    return days


def hand_in(days: Days) -> None:
    days.write("handed_in", HandedIn(by="candidate", answered=0, digest="0" * 64))


class TestStage:
    def test_nobody_sits_here(self) -> None:
        assert stage_of(None, NOW, ever_connected=False) == "connecting"
        assert stage_of(None, NOW, ever_connected=True) == "sign_in"

    def test_the_way_to_the_paper(self) -> None:
        days = Days()
        assert days.stage(confirmed=False) == "confirm"
        assert days.stage(notice_read=False) == "notice"
        assert days.stage() == "waiting"
        start(days)
        assert days.stage(START - 1) == "waiting"
        assert days.stage(paper_open=False) == "waiting"
        assert days.stage() == "rules"
        days.write("rules.acknowledged", RulesAcknowledged())
        assert days.stage() == "exam"

    def test_a_suspended_seat_stays_suspended_through_a_pause(self) -> None:
        days = running()
        days.hear("session.paused", office.SessionPaused(paused_at=NOW, by="p"))
        assert days.stage() == "paused"
        days.hear("attempt.suspended", office.AttemptSuspended(attempt="a", by="p", note=None))
        assert days.stage() == "suspended"
        days.hear("session.resumed", office.SessionResumed(resumed_at=NOW, by="p"))
        assert days.stage() == "suspended"
        days.hear("attempt.unsuspended", office.AttemptUnsuspended(attempt="a", by="p"))
        assert days.stage() == "exam"

    @pytest.mark.parametrize("handed_in", [True, False])
    def test_a_lifted_void_restores_what_was(self, handed_in: bool) -> None:
        days = running()
        if handed_in:
            hand_in(days)
        before = days.stage()
        days.hear("void.signed", office.VoidSigned(ruling="r", attempt="a", by="p"))
        assert days.stage() == "voided"
        days.hear("void.decided", office.VoidDecided(ruling="r", attempt="a", outcome="upheld", by="b", note=None))
        assert days.stage() == "voided"
        days.hear("void.decided", office.VoidDecided(ruling="r", attempt="a", outcome="lifted", by="b", note=None))
        assert days.stage() == before


class TestTransitions:
    """Each line of the table is what the fold says after the verb's own entry."""

    @pytest.mark.parametrize(
        ("stage", "verb"),
        [key for key in TRANSITIONS if key[0] in ("rules", "exam", "paused", "suspended", "handed_in")],
    )
    def test_leads_where_the_table_says(self, stage: Stage, verb: Verb) -> None:
        days = _at(stage)
        assert days.stage() == stage
        if verb == "leave":
            return  # the sitting is closed, and nobody sits here
        _do(days, verb)
        assert days.stage() == TRANSITIONS[stage, verb]

    def test_what_does_not_stand_there_is_refused(self) -> None:
        for stage, verb in (("paused", "answer"), ("suspended", "hand_in"), ("voided", "answer"), ("waiting", "mark")):
            assert not allowed(stage, verb)  # type: ignore[arg-type]


def _at(stage: Stage) -> Days:
    if stage == "rules":
        days = Days()
        start(days)
        return days
    days = running()
    if stage == "paused":
        _do(days, "pause")
    elif stage == "suspended":
        _do(days, "suspend")
    elif stage == "handed_in":
        _do(days, "hand_in")
    return days


def _do(days: Days, verb: Verb) -> None:
    match verb:
        case "read_rules":
            days.write("rules.acknowledged", RulesAcknowledged())
        case "answer":
            days.write("answer.saved", AnswerSaved(slot=1, response=["A"]))
        case "mark":
            days.write("item.marked", ItemMarked(slot=1, marked=True))
        case "pause":
            days.hear("session.paused", office.SessionPaused(paused_at=NOW, by="p"))
        case "resume":
            days.hear("session.resumed", office.SessionResumed(resumed_at=NOW, by="p"))
        case "suspend":
            days.hear("attempt.suspended", office.AttemptSuspended(attempt="a", by="p", note=None))
        case "unsuspend":
            days.hear("attempt.unsuspended", office.AttemptUnsuspended(attempt="a", by="p"))
        case "hand_in":
            hand_in(days)
        case "revoke_hand_in":
            days.hear("attempt.hand_in_revoked", office.HandInRevoked(attempt="a", by="p", note=None))


class TestTime:
    @pytest.mark.parametrize(
        ("now", "due"), [(START, None), (START + DURATION - 1, None), (START + DURATION, "time_up")]
    )
    def test_the_end_hands_in(self, now: int, due: str | None) -> None:
        assert hand_in_due(running().attempt, now) == due

    def test_while_paused_nothing_is_due(self) -> None:
        days = running()
        _do(days, "pause")
        assert hand_in_due(days.attempt, START + 10 * DURATION) is None

    def test_a_collected_paper_is_due_at_once_and_not_twice(self) -> None:
        days = running()
        days.hear("session.collected", office.SessionCollected(cause="ordered", by="p"))
        assert hand_in_due(days.attempt, NOW) == "collected"
        hand_in(days)
        assert hand_in_due(days.attempt, NOW) is None

    @pytest.mark.parametrize(("used_ms", "wait_ms"), [(0, 1_800_000), (1_799_999, 1), (1_800_000, 0), (2_000_000, 0)])
    def test_the_earliest_hand_in_counts_exam_time(self, used_ms: int, wait_ms: int) -> None:
        assert hand_in_wait_ms(running().attempt, 1_800_000, START + used_ms) == wait_ms

    def test_the_next_instant_is_start_then_end_then_the_free_seat(self) -> None:
        days = running()
        assert next_instant(days.attempt, START - 1) == START
        assert next_instant(days.attempt, NOW) == START + DURATION
        days.hear("attempt.extended", office.AttemptExtended(attempt="a", by_ms=60_000, by="p", note=None))
        assert next_instant(days.attempt, NOW) == START + DURATION + 60_000
        hand_in(days)
        assert next_instant(days.attempt, NOW) == START + DURATION + 60_000 + RECEIPT_SHOWN_MS


class TestFold:
    def test_an_order_heard_twice_counts_once(self) -> None:
        days = running()
        days.hear("session.extended", office.SessionExtended(by_ms=60_000, by="p", note=None))
        days.attempt.apply(days.entries[-1])
        assert days.attempt.clock.added_ms == 60_000

    def test_orders_out_of_order_tick_in_the_offices_order(self) -> None:
        days = running()
        paused = {"paused_at": NOW, "by": "p", "note": None}
        first = compose(Head("o1", 10, "0" * 64), "o1", NOW, "session.paused", paused)
        then = compose(first.head, "o1", NOW, "session.resumed", {"resumed_at": NOW + 5_000, "by": "p"})
        for order in (then, first):
            heard = OrderHeard(order=HeadRef(**order.head.to_json()), text=order.text, signature="A" * 88)
            days.write("order.heard", heard)
        assert days.attempt.clock.paused_ms == 5_000
        assert days.stage() == "exam"

    def test_the_fold_of_everything_is_the_state(self) -> None:
        days = running()
        for verb in ("answer", "mark", "suspend", "unsuspend", "hand_in", "revoke_hand_in", "answer"):
            _do(days, verb)  # type: ignore[arg-type]
        days.write("hand.raised", HandRaised(raised=True))
        again = Attempt.begin(DURATION)
        again.apply_all(days.entries)
        assert again == days.attempt
        # A repair writes a tail of the entries again: the state is the same.
        again.apply_all(days.entries[3:])
        assert again == days.attempt
