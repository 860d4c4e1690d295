"""Reviews: what must be seen, who may not review, what stands before a confirmation, and the windows."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config.calendar import Deadline, MissingDeadline, WorkingCalendar, shanghai_day
from config.scheme import shipped_schemes
from protocol import office_entries as office
from protocol import station_entries as station
from server.errors import NotFound
from server.papers.access import wrapping_key
from server.people.models import StaffRow
from server.people.rules import Person, Role
from server.records.actions import correct, sign
from server.records.rules import CorrectedField, Record
from server.results.rules import Results, ResultState
from server.reviews import actions, window_events
from server.reviews.actions import ConfirmationBlocked, Recused, ResultNotNow, SessionBlocked
from server.reviews.calendars import Calendars
from server.reviews.dossier import compile_dossier, score_lines
from server.reviews.models import ReviewWindowRow
from server.reviews.queue import queued
from server.reviews.rules import MustSee, Picture, acted, draw, must_see, related
from server.reviews.schemas import Dossier, QueuedSession
from server.reviews.window_events import NoSuchWindow, NotThatDay
from server.reviews.windows import window_shown, windows_of
from server.rulings import actions as rulings
from server.rulings.rules import Flag, Rulings
from server.sessions.actions import NotNow, ReasonNeeded
from server.sessions.rules import SessionFacts, SessionState
from server.writer.desk import Desk
from tests.server.after_exam import MINUTE, end, lived, photograph
from tests.server.room import Room, Seat, open_room

DAY = 24 * 60 * MINUTE


class Weekdays:
    """A published calendar of working days Monday to Friday, up to the end of a year."""

    version = "weekdays"

    def __init__(self, last_year: int) -> None:
        self.last_year = last_year

    def knows(self, year: int) -> bool:
        return year <= self.last_year

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with open_room(tmp_path) as opened:
        yield opened


@pytest.fixture
def calendar(room: Room) -> WorkingCalendar:
    return WorkingCalendar(published=Weekdays(year_of(room) + 1))


def year_of(room: Room) -> int:
    return datetime.fromtimestamp(room.now / 1000, UTC).year


def reviewer(name: str = "reviewer", employer: str = "", institution: str = "") -> Person:
    return Person(name, name, name, frozenset({Role.REVIEWER}), employer, institution)


def body(name: str = "body", employer: str = "") -> Person:
    return Person(name, name, name, frozenset({Role.CONFIRMING_BODY}), employer)


async def signed(room: Room, candidates: tuple[str, ...] = ("c1", "c2", "c3")) -> dict[str, Seat]:
    """An exam that is over, scored, its record form signed by two."""
    seats = await lived(room, candidates=candidates)
    await end(room)
    await sign_record(room)
    return seats


async def sign_record(room: Room) -> None:
    for name in ("proctor1", "proctor2"):
        person = Person(name, name, name, frozenset({Role.PROCTOR}))
        await room.writer.submit(lambda desk, by=person: sign(desk, "s1", by, "finger"))  # type: ignore[misc]


async def dossier(
    room: Room, calendar: WorkingCalendar, attempt: str = "s1-c1", by: Person | None = None
) -> Dossier:
    found, _ = await room.writer.submit(
        lambda desk: compile_dossier(desk, "s1", attempt, by or reviewer(), calendar)
    )
    return found


async def sees_all(room: Room, calendar: WorkingCalendar, attempt: str = "s1-c1") -> None:
    """The reviewer looks at everything that must be seen."""
    for named in (await dossier(room, calendar, attempt)).to_see:
        what, key = named.split(":")
        await see(room, calendar, attempt, what, key)


async def see(room: Room, calendar: WorkingCalendar, attempt: str, what: str, key: str) -> None:
    await room.writer.submit(
        lambda desk: actions.see(desk, "s1", attempt, reviewer(), what, key, calendar)  # type: ignore[arg-type]
    )


async def confirm(
    room: Room, calendar: WorkingCalendar, attempt: str = "s1-c1", by: Person | None = None
) -> dict[str, object]:
    return await room.writer.submit(
        lambda desk: actions.confirm(desk, "s1", attempt, by or body(), None, calendar)
    )


async def confirm_session(room: Room, calendar: WorkingCalendar, by: Person | None = None) -> None:
    who = by or body()
    await room.writer.submit(lambda desk: actions.check_session(desk, "s1", who, calendar))
    while await room.writer.submit(lambda desk: actions.confirm_piece(desk, "s1", who)):
        pass
    await room.writer.submit(lambda desk: actions.close_session(desk, "s1", who))


async def flag(room: Room, attempt: str, severity: str = "severe", evidence: tuple[str, ...] = ()) -> str:
    made = await room.writer.submit(
        lambda desk: rulings.raise_flag(
            desk,
            "s1",
            attempt,
            "proctor1",
            "device_use",
            severity,
            list(evidence),
            "手机",  # type: ignore[arg-type]
        )
    )
    return str(made["flag"])


async def voided(room: Room, attempt: str) -> str:
    made = await room.writer.submit(
        lambda desk: rulings.propose_void(
            desk,
            "s1",
            attempt,
            "proctor1",
            code="device_use",
            flags=[],
            statement=None,
            statement_declined=True,
            reason="手机",
        )
    )
    ruling = str(made["ruling"])
    await room.writer.submit(lambda desk: rulings.sign_void(desk, "s1", attempt, ruling, "proctor2"))
    return ruling


def result(room: Room, attempt: str = "s1-c1") -> ResultState:
    return room.day().part(Results).by_attempt[attempt].state


def state(room: Room) -> SessionState:
    return room.day().part(SessionFacts).state


def a_flag(key: str, *evidence: str) -> Flag:
    return Flag(key, "a", "device_use", "major", "person", "p", 0, list(evidence), None)


PICTURES = [Picture(n, f"{n:064x}", "schedule") for n in range(1, 101)]


class TestSamples:
    REVIEW = shipped_schemes()["s3-a"].review

    def test_are_the_same_whenever_they_are_drawn(self) -> None:
        keys = [one.digest for one in PICTURES]
        assert draw(keys, 10, "seed") == draw(reversed(keys), 10, "seed")
        assert len(draw(keys, 10, "seed")) == 10

    def test_are_others_under_another_seed(self) -> None:
        keys = [one.digest for one in PICTURES]
        assert set(draw(keys, 10, "seed")) != set(draw(keys, 10, "other"))

    def test_are_at_least_one_where_there_is_any(self) -> None:
        assert len(draw(["a", "b"], 10, "s")) == 1
        assert draw([], 10, "s") == []

    def test_flagged_pictures_are_seen_beside_the_sample(self) -> None:
        flags = [a_flag("f1", PICTURES[4].digest, "n8"), a_flag("f2")]
        wanted = must_see(flags, PICTURES, chosen=True, review=self.REVIEW, seed="s")
        assert wanted.flags == ("f1", "f2")
        assert {PICTURES[4].digest, PICTURES[7].digest} <= set(wanted.snapshots)
        assert 10 <= len(wanted.snapshots) <= 12

    def test_pictures_forced_by_a_flag_are_seen(self) -> None:
        forced = Picture(200, "f" * 64, "flag")
        wanted = must_see([], [*PICTURES, forced], chosen=False, review=self.REVIEW, seed="s")
        assert wanted == MustSee((), (forced.digest,))

    @pytest.mark.parametrize(
        ("mine", "theirs", "same"),
        [
            (["甲公司"], ["甲公司", ""], True),
            (["甲 公司"], ["甲公司"], True),
            (["ABC"], ["ａｂｃ"], True),
            ([""], [""], False),
            (["甲公司"], ["乙公司"], False),
        ],
    )
    def test_an_organisation_is_known_however_it_was_typed(
        self, mine: list[str], theirs: list[str], same: bool
    ) -> None:
        assert related(mine, theirs) is same


class TestSeeing:
    async def test_the_first_look_brings_a_signed_session_under_review(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        seats = await signed(room)
        digest = await photograph(room, seats["c1"], b"late picture")
        await see(room, calendar, "s1-c1", "snapshot", digest)
        assert state(room) is SessionState.UNDER_REVIEW
        told = next(one for one in (await dossier(room, calendar)).snapshots if one.digest == digest)
        assert told.seen

    async def test_what_is_not_there_cannot_be_seen(self, room: Room, calendar: WorkingCalendar) -> None:
        await signed(room)
        for what, key in (("snapshot", "0" * 64), ("flag", "none")):
            with pytest.raises(NotFound):
                await see(room, calendar, "s1-c1", what, key)

    async def test_is_refused_before_the_record_form_is_signed(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        seats = await lived(room)
        digest = await photograph(room, seats["c1"], b"picture")
        with pytest.raises(NotNow):
            await see(room, calendar, "s1-c1", "snapshot", digest)


class TestConfirm:
    async def test_is_the_confirming_bodys_word_on_what_was_seen(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        await signed(room)
        await sees_all(room, calendar)
        await confirm(room, calendar)
        await confirm(room, calendar)
        kept = room.day().part(Results).by_attempt["s1-c1"]
        assert (kept.state, kept.confirmed_by) == (ResultState.CONFIRMED, "body")

    async def test_waits_for_what_must_be_seen(self, room: Room, calendar: WorkingCalendar) -> None:
        await lived(room)
        raised = await flag(room, "s1-c1", "minor")
        await end(room)
        await sign_record(room)
        with pytest.raises(ConfirmationBlocked) as refused:
            await confirm(room, calendar)
        assert refused.value.blocks == ["to_see"]
        to_see = (await dossier(room, calendar)).to_see
        assert f"flag:{raised}" in to_see
        await sees_all(room, calendar)
        assert (await confirm(room, calendar))["state"] == ResultState.CONFIRMED

    async def test_waits_for_a_grave_flag_to_be_closed(self, room: Room, calendar: WorkingCalendar) -> None:
        await lived(room)
        raised = await flag(room, "s1-c1", "severe")
        await end(room)
        await sign_record(room)
        await sees_all(room, calendar)
        with pytest.raises(ConfirmationBlocked) as refused:
            await confirm(room, calendar)
        assert refused.value.blocks == ["flags_open"]
        await room.writer.submit(
            lambda desk: rulings.close_flag(desk, "s1", raised, "reviewer", "dismissed", "看过，无手机")
        )
        assert (await confirm(room, calendar))["state"] == ResultState.CONFIRMED

    async def test_waits_for_a_void_to_be_decided(self, room: Room, calendar: WorkingCalendar) -> None:
        await lived(room)
        ruling = await voided(room, "s1-c1")
        await end(room)
        await sign_record(room)
        await sees_all(room, calendar)
        with pytest.raises(ConfirmationBlocked) as refused:
            await confirm(room, calendar)
        assert refused.value.blocks == ["void_undecided"]
        await room.writer.submit(
            lambda desk: rulings.decide_void(desk, "s1", "s1-c1", ruling, "body", "upheld", "事实清楚")
        )
        await confirm(room, calendar)
        assert (await dossier(room, calendar)).result.voided

    async def test_is_refused_before_the_record_form_is_signed(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        await lived(room)
        await end(room)
        with pytest.raises(ConfirmationBlocked) as refused:
            await confirm(room, calendar)
        assert "not_signed" in refused.value.blocks

    async def test_a_missing_calendar_blocks_confirmation_and_nothing_else(self, room: Room) -> None:
        missing = WorkingCalendar(published=Weekdays(year_of(room) - 1))
        await signed(room)
        await sees_all(room, missing)
        with pytest.raises(ConfirmationBlocked) as refused:
            await confirm(room, missing)
        assert refused.value.blocks == ["calendar_missing"]
        (window,) = (await dossier(room, missing)).windows
        assert (window.state, window.missing_year) == ("calendar_missing", year_of(room))
        known = WorkingCalendar(published=Weekdays(year_of(room) + 1))
        assert (await confirm(room, known))["state"] == ResultState.CONFIRMED


class TestDispute:
    async def test_holds_a_result_until_it_is_taken_back(self, room: Room, calendar: WorkingCalendar) -> None:
        await signed(room)
        await sees_all(room, calendar)
        await room.writer.submit(
            lambda desk: actions.dispute(desk, "s1", "s1-c1", reviewer(), "照片不像本人", calendar)
        )
        assert result(room) is ResultState.DISPUTED
        with pytest.raises(ConfirmationBlocked) as refused:
            await confirm(room, calendar)
        assert refused.value.blocks == ["disputed"]
        await room.writer.submit(
            lambda desk: actions.take_back(desk, "s1", "s1-c1", reviewer(), "已核实", calendar)
        )
        await confirm(room, calendar)
        assert result(room) is ResultState.CONFIRMED

    async def test_needs_a_reason(self, room: Room, calendar: WorkingCalendar) -> None:
        await signed(room)
        with pytest.raises(ReasonNeeded):
            await room.writer.submit(
                lambda desk: actions.dispute(desk, "s1", "s1-c1", reviewer(), " ", calendar)
            )

    async def test_a_confirmed_result_is_not_disputed(self, room: Room, calendar: WorkingCalendar) -> None:
        await signed(room)
        await sees_all(room, calendar)
        await confirm(room, calendar)
        with pytest.raises(ResultNotNow):
            await room.writer.submit(
                lambda desk: actions.dispute(desk, "s1", "s1-c1", reviewer(), "x", calendar)
            )


class TestRecusal:
    @pytest.mark.parametrize(
        "person", [reviewer(employer="甲公司"), reviewer(institution=" 乙学校"), reviewer(employer="乙学校")]
    )
    async def test_staff_of_the_candidates_employer_or_institution(
        self, room: Room, calendar: WorkingCalendar, person: Person
    ) -> None:
        await signed(room)
        with pytest.raises(Recused):
            await room.writer.submit(lambda desk: actions.dispute(desk, "s1", "s1-c1", person, "x", calendar))
        assert (await dossier(room, calendar, by=person)).recused == "employer"

    async def test_whoever_worked_in_the_session(self, room: Room, calendar: WorkingCalendar) -> None:
        await signed(room)
        await room.writer.submit(
            lambda desk: desk.db.add(StaffRow(session="s1", person="proctor1", role=Role.PROCTOR))
        )
        with pytest.raises(Recused):
            await confirm(room, calendar, by=body("proctor1"))
        with pytest.raises(Recused):
            await confirm_session(room, calendar, by=body("proctor1"))

    @pytest.mark.parametrize("worked", ["proctor1", "proctor2"])
    async def test_whoever_worked_in_it_without_standing_on_its_list(
        self, room: Room, calendar: WorkingCalendar, worked: str
    ) -> None:
        """The list may be changed after the fact; what was done stands on the ledger."""
        await signed(room)
        await sees_all(room, calendar)
        for verb in (
            lambda desk: actions.dispute(desk, "s1", "s1-c1", reviewer(worked), "x", calendar),
            lambda desk: actions.confirm(desk, "s1", "s1-c1", body(worked), None, calendar),
            lambda desk: actions.check_session(desk, "s1", body(worked), calendar),
        ):
            with pytest.raises(Recused):
                await room.writer.submit(verb)

    async def test_a_flag_a_signature_and_a_correction_are_work_in_the_room(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        await lived(room)
        await room.writer.submit(
            lambda desk: rulings.raise_flag(desk, "s1", "s1-c1", "f", "materials_at_seat", "info", [], "x")
        )
        keeper = Person("k", "k", "k", frozenset({Role.PROCTOR}))
        await room.writer.submit(lambda desk: correct(desk, "s1", keeper, CorrectedField.REMARKS, "a", "b"))
        await end(room)
        await sign_record(room)
        day = room.day()
        # The office opened check-in, the room itself collected.
        everybody = {"proctor1", "proctor2", "f", "k", "office", "room"}
        assert acted(day.part(Record), day.part(Rulings)) == everybody

    async def test_a_session_with_a_recused_candidate_is_for_somebody_else(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        await signed(room)
        for attempt in ("s1-c1", "s1-c2"):
            await sees_all(room, calendar, attempt)
        with pytest.raises(SessionBlocked) as refused:
            await confirm_session(room, calendar, by=body(employer="甲公司"))
        assert {str(one.blocks) for one in refused.value.problems} == {"['recused']"}


class TestConfirmSession:
    async def test_confirms_all_or_names_what_stands_before_it(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        await lived(room)
        await flag(room, "s1-c2", "severe")
        await end(room)
        await sign_record(room)
        with pytest.raises(SessionBlocked) as refused:
            await confirm_session(room, calendar)
        problems = {one.attempt: one.blocks for one in refused.value.problems}
        assert problems["s1-c2"] == ["flags_open", "to_see"]
        assert "2 号" in refused.value.sentence_zh
        assert "（仍有较重疑点未处理，" in refused.value.sentence_zh
        assert result(room, "s1-c1") is ResultState.SCORED

    async def test_moves_every_result_and_the_session(self, room: Room, calendar: WorkingCalendar) -> None:
        await signed(room)
        for attempt in ("s1-c1", "s1-c2"):
            await sees_all(room, calendar, attempt)
        await confirm(room, calendar, "s1-c2")
        await confirm_session(room, calendar)
        assert (result(room, "s1-c1"), result(room, "s1-c2")) == (ResultState.CONFIRMED,) * 2
        assert state(room) is SessionState.CONFIRMED
        await confirm_session(room, calendar)

    async def test_a_session_is_not_closed_over_an_open_result(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        await signed(room)
        await sees_all(room, calendar)
        await confirm(room, calendar)
        with pytest.raises(NotNow):
            await room.writer.submit(lambda desk: actions.close_session(desk, "s1", body()))


class TestRescore:
    async def test_is_the_only_way_a_score_changes_after_the_signatures(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        seats = await signed(room)
        given = room.now - 100 * MINUTE
        await seats["c2"].says(station.AnswerSaved(slot=1, response=["A", "B"]), at=given)
        assert (await dossier(room, calendar, "s1-c2")).result.answers_changed
        with pytest.raises(ResultNotNow):
            await room.writer.submit(lambda desk: actions.ask_rescoring(desk, "s1", "s1-c2", body()))
        await room.writer.submit(
            lambda desk: actions.dispute(desk, "s1", "s1-c2", reviewer(), "有迟到作答", calendar)
        )
        wanted = await room.writer.submit(lambda desk: actions.ask_rescoring(desk, "s1", "s1-c2", body()))
        assert [one.attempt for one in wanted] == ["s1-c2"]


class TestWindows:
    async def test_count_from_the_sessions_end_and_keep_their_calendar(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        await signed(room)
        await room.writer.submit(lambda desk: actions.begin(desk, "s1", reviewer(), calendar))
        with room.database.read() as db:
            row = db.get(ReviewWindowRow, ("s1", "review"))
        assert row is not None
        ended = room.day().part(SessionFacts).ended_at
        assert ended is not None
        expected = calendar.window_end_after(ended, 5)
        assert isinstance(expected, Deadline)
        assert (row.since_at, row.at_ms, row.calendar_version) == (ended, expected.at_ms, "weekdays")

    async def test_a_later_calendar_does_not_move_a_kept_deadline(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        await signed(room)
        await room.writer.submit(lambda desk: actions.begin(desk, "s1", reviewer(), calendar))
        unknown = WorkingCalendar(published=Weekdays(year_of(room) - 1))
        (window,) = await room.writer.submit(lambda desk: windows_of(desk, "s1", unknown))
        assert isinstance(window.deadline, Deadline)

    async def test_are_loud_when_they_are_over(self, room: Room, calendar: WorkingCalendar) -> None:
        await signed(room)
        (window,) = await room.writer.submit(lambda desk: windows_of(desk, "s1", calendar))
        assert window_shown(window, calendar, room.now).state == "open"
        told = window_shown(window, calendar, room.now + 30 * DAY)
        assert (told.state, told.working_days_left) == ("overdue", None)
        assert "逾期" in told.zh

    async def test_of_an_event_that_has_not_happened_have_not_begun(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        await room.plans("t1", candidates=["c9"], scheme="s3-b")
        await room.starts("t1")
        await end_without_papers(room, "t1")
        found = await room.writer.submit(lambda desk: windows_of(desk, "t1", calendar))
        assert [(one.name, one.deadline) for one in found] == [("upload", None), ("audit", None)]
        told = [window_shown(one, calendar, room.now) for one in found]
        assert [one.state for one in told] == ["event_missing", "event_missing"], "loudly, never silently"
        assert "实操结束日期" in told[0].zh
        assert "上传日期" in told[1].zh

    async def test_of_s3_b_count_from_the_practicals_end_and_the_upload(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        await room.plans("t1", candidates=["c9"], scheme="s3-b")
        await room.starts("t1")
        await end_without_papers(room, "t1")
        first = shanghai_day(room.now)
        room.now += 20 * DAY

        def says(event: str, day: date, reason: str | None = None) -> Callable[[Desk], object]:
            return lambda desk: window_events.report(desk, "t1", event, day, "office", reason)  # type: ignore[arg-type]

        async def last_days() -> list[date | None]:
            found = await room.writer.submit(lambda desk: windows_of(desk, "t1", calendar))
            return [one.deadline.last_day if isinstance(one.deadline, Deadline) else None for one in found]

        practical, upload = first + timedelta(3), first + timedelta(6)
        await room.writer.submit(says("practical_end", practical))
        assert await last_days() == [calendar.window_end(practical, 5).last_day, None]  # type: ignore[union-attr]
        await room.writer.submit(says("upload", upload))
        assert await last_days() == [
            calendar.window_end(practical, 5).last_day,  # type: ignore[union-attr]
            calendar.window_end(upload, 5).last_day,  # type: ignore[union-attr]
        ]
        n = room.writer.ledger.last_n
        await room.writer.submit(says("upload", upload))
        assert room.writer.ledger.last_n == n, "the same day again is the same"
        for wrong in (practical - timedelta(1), first + timedelta(21)):
            with pytest.raises(NotThatDay):
                await room.writer.submit(says("upload", wrong, "x"))
        with pytest.raises(ReasonNeeded):
            await room.writer.submit(says("upload", upload + timedelta(1)))
        await room.writer.submit(says("upload", upload + timedelta(1), "回执日期有误"))
        assert (await last_days())[1] == calendar.window_end(upload + timedelta(1), 5).last_day  # type: ignore[union-attr]

    async def test_take_no_event_their_scheme_does_not_count_from(self, room: Room) -> None:
        await signed(room)
        with pytest.raises(NoSuchWindow):
            await room.writer.submit(
                lambda desk: window_events.report(desk, "s1", "upload", shanghai_day(room.now), "office", None)
            )


async def end_without_papers(room: Room, session: str) -> None:
    await room.records(
        office.SessionCollected(cause="time_up", by="room"),
        office.SessionMoved(step="ended", by="room"),
        session=session,
    )


class TestQueue:
    async def ask(self, room: Room, calendar: WorkingCalendar) -> QueuedSession:
        return await room.writer.submit(lambda desk: queued(desk, "s1", reviewer(), calendar))

    async def test_puts_the_wary_attempts_first_with_why(self, room: Room, calendar: WorkingCalendar) -> None:
        await lived(room)
        await flag(room, "s1-c2", "severe")
        await end(room)
        told = await self.ask(room, calendar)
        assert [one.attempt for one in told.attempts] == ["s1-c2", "s1-c1"]
        first = told.attempts[0]
        assert first.chosen
        assert [one.code for one in first.reasons][:1] == ["flag_severe"]
        assert told.deadline_at is not None
        (window,) = told.windows
        assert (window.working_days_left, window.by) == (5, "confirming_body")

    async def test_says_that_a_required_patrol_has_no_record(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        await lived(room)
        await end(room)
        assert (await self.ask(room, calendar)).patrol_missing
        note = await room.writer.submit(lambda desk: desk.note("巡考员到场"))
        await room.records(office.RecordCorrected(field="patrol", value=note, by="p", note=note))
        assert not (await self.ask(room, calendar)).patrol_missing

    async def test_a_patrol_of_one_session_patrolled_its_batch(
        self, room: Room, calendar: WorkingCalendar
    ) -> None:
        await lived(room)
        await end(room)
        for session, batch, missing in (("s8", "another", True), ("s9", "b1", False)):
            await room.plans(session, candidates=["c9"], batch=batch)
            note = await room.writer.submit(lambda desk: desk.note("巡考员到场"))
            body = office.RecordCorrected(field="patrol", value=note, by="p", note=None)
            await room.records(body, session=session)
            assert (await self.ask(room, calendar)).patrol_missing is missing


class TestDossier:
    async def test_scores_every_item_and_tells_no_key(self, room: Room, calendar: WorkingCalendar) -> None:
        await signed(room)
        found, given = await room.writer.submit(
            lambda desk: compile_dossier(desk, "s1", "s1-c2", reviewer(), calendar)
        )
        with room.database.read() as db:
            lines = score_lines(db, "s1", "s1-c2", given, wrapping_key(room.key))
        assert sum(one.score for one in lines) == found.result.score
        assert len(lines) == 60
        assert sum(not one.response for one in lines) == 30
        assert "key" not in found.model_dump_json() + "".join(one.model_dump_json() for one in lines)

    async def test_tells_pictures_that_never_came(self, room: Room, calendar: WorkingCalendar) -> None:
        seats = await lived(room)
        await photograph(room, seats["c1"], b"lost", kept=False)
        told = await dossier(room, calendar)
        assert (told.outstanding, len(told.snapshots)) == (1, 5)

    async def test_goes_to_the_neighbours_who_sat(self, room: Room, calendar: WorkingCalendar) -> None:
        await signed(room)
        told = await dossier(room, calendar, "s1-c1")
        assert (told.previous, told.next) == (None, "s1-c2")

    async def test_an_unknown_attempt_has_none(self, room: Room, calendar: WorkingCalendar) -> None:
        await room.plans()
        with pytest.raises(NotFound):
            await dossier(room, calendar, "nobody")


class TestCalendarFile:
    def test_is_read_again_when_it_changes(self, tmp_path: Path) -> None:
        file = tmp_path / "calendar.toml"
        calendars = Calendars([file], Weekdays(2030))
        before = calendars.current()
        assert isinstance(before.window_end(date(2031, 3, 3), 5), MissingDeadline)
        file.write_text("complete_years = [2031]\n")
        after = calendars.current()
        assert isinstance(after.window_end(date(2031, 3, 3), 5), Deadline)
        assert after.version != before.version

    def test_that_cannot_be_read_is_a_fault_and_stops_nothing(self, tmp_path: Path) -> None:
        file = tmp_path / "calendar.csv"
        file.write_text("nonsense")
        calendars = Calendars([tmp_path / "none.toml", file], Weekdays(2030))
        assert isinstance(calendars.current().window_end(date(2030, 3, 4), 5), Deadline)
        assert calendars.fault is not None
        file.unlink()
        calendars.current()
        assert calendars.fault is None
