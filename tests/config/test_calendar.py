"""The tables of working days; none of them asks what day it is today."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendar import (
    WINDOW_WORKING_DAYS_MAX,
    ChineseCalendarPackage,
    Deadline,
    MissingDeadline,
    UnknownYear,
    WorkingCalendar,
    add_months,
    day_end_ms,
    may_sit_from,
    shanghai_day,
)
from config.calendar_overrides import read_overrides


class PublishedUntil:
    """The published days, as they were known before the calendars after `last_year` came out."""

    def __init__(self, last_year: int) -> None:
        self._package = ChineseCalendarPackage()
        self._last_year = last_year
        self.version = f"published-until-{last_year}"

    def knows(self, year: int) -> bool:
        return year <= self._last_year and self._package.knows(year)

    def is_working_day(self, day: date) -> bool:
        return self._package.is_working_day(day)


def day(text: str) -> date:
    return date.fromisoformat(text)


def ms(text: str) -> int:
    """UTC milliseconds of an ISO instant with its offset."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return WorkingCalendar(published=PublishedUntil(2026))


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("event", "fifth"),
        [
            ("2024-06-15", "2024-06-21"),
            ("2024-09-13", "2024-09-23"),
            ("2024-09-23", "2024-09-29"),
            ("2024-09-28", "2024-10-10"),
            ("2024-12-28", "2025-01-06"),
            ("2025-01-24", "2025-02-07"),
            ("2025-04-30", "2025-05-12"),
            ("2025-12-25", "2026-01-04"),
            ("2026-02-13", "2026-02-27"),
            ("2026-09-30", "2026-10-13"),
            ("2026-12-24", "2026-12-31"),
        ],
    )
    def test_fifth_working_day(self, calendar: WorkingCalendar, event: str, fifth: str) -> None:
        assert calendar.add_working_days(day(event), 5) == day(fifth)

    @pytest.mark.parametrize(
        ("some_day", "works"),
        [
            ("2020-01-31", False),  # the Spring Festival lengthened by a late notice
            ("2024-09-14", True),  # a Saturday worked for the Mid-Autumn holiday
            ("2024-09-16", False),
            ("2026-01-04", True),  # a Sunday worked for New Year
            ("2026-02-14", True),
            ("2026-10-10", True),
        ],
    )
    def test_holidays_and_make_up_days(self, calendar: WorkingCalendar, some_day: str, works: bool) -> None:
        assert calendar.is_working_day(day(some_day)) is works

    def test_an_unknown_year_is_refused_by_name(self, calendar: WorkingCalendar) -> None:
        with pytest.raises(UnknownYear, match="2027") as refused:
            calendar.add_working_days(day("2026-12-25"), 5)
        assert refused.value.year == 2027
        assert not calendar.knows(2027)

    def test_years_before_the_package_are_refused_too(self, calendar: WorkingCalendar) -> None:
        with pytest.raises(UnknownYear, match="2003"):
            calendar.is_working_day(day("2003-12-31"))

    @pytest.mark.parametrize("n", [0, -1, WINDOW_WORKING_DAYS_MAX + 1])
    def test_counts_out_of_bounds_are_refused(self, calendar: WorkingCalendar, n: int) -> None:
        with pytest.raises(ValueError, match="working_days"):
            calendar.add_working_days(day("2024-06-15"), n)

    @pytest.mark.parametrize(
        ("today", "last_day", "left"),
        [
            ("2024-06-15", "2024-06-21", 5),
            ("2024-06-20", "2024-06-21", 1),
            ("2024-06-21", "2024-06-21", 0),
            ("2024-06-24", "2024-06-21", 0),
        ],
    )
    def test_working_days_left(self, calendar: WorkingCalendar, today: str, last_day: str, left: int) -> None:
        assert calendar.working_days_left(day(today), day(last_day)) == left

    @given(start=st.dates(date(2005, 1, 1), date(2025, 1, 1)), n=st.integers(1, 60))
    def test_the_last_day_of_n_has_n_working_days_behind_it(self, start: date, n: int) -> None:
        calendar = WorkingCalendar()
        last = calendar.add_working_days(start, n)
        assert calendar.is_working_day(last)
        assert calendar.working_days_left(start, last) == n


class TestWindows:
    def test_a_window_ends_at_24_00_in_shanghai(self, calendar: WorkingCalendar) -> None:
        deadline = calendar.window_end(day("2024-06-15"), 5)
        assert deadline == Deadline(day("2024-06-21"), ms("2024-06-22T00:00:00+08:00"), calendar.version)
        assert not deadline.is_over(ms("2024-06-21T23:59:59.999+08:00"))
        assert deadline.is_over(ms("2024-06-22T00:00:00+08:00"))

    @pytest.mark.parametrize(
        ("ended", "last_day"),
        [
            ("2024-06-14T15:59:59.999+00:00", "2024-06-21"),  # still Friday the 14th in Shanghai
            ("2024-06-14T16:00:00+00:00", "2024-06-21"),  # Saturday there
            ("2024-06-16T15:59:59.999+00:00", "2024-06-21"),
            ("2024-06-16T16:00:00+00:00", "2024-06-24"),  # already Monday there
        ],
    )
    def test_a_window_counts_from_the_shanghai_date(
        self, calendar: WorkingCalendar, ended: str, last_day: str
    ) -> None:
        deadline = calendar.window_end_after(ms(ended), 5)
        assert isinstance(deadline, Deadline)
        assert deadline.last_day == day(last_day)

    def test_an_unknown_year_leaves_the_deadline_missing(self, calendar: WorkingCalendar) -> None:
        missing = calendar.window_end(day("2026-12-25"), 5)
        assert missing == MissingDeadline(2027, calendar.version)
        assert "2027" in missing.zh
        assert "2027" in missing.en

    def test_any_year_of_the_distant_future_only_misses_its_deadline(self, calendar: WorkingCalendar) -> None:
        assert calendar.window_end(day("2199-05-06"), 5) == MissingDeadline(2199, calendar.version)
        assert calendar.months_end(day("2199-05-06"), 6) == MissingDeadline(2199, calendar.version)

    def test_the_package_is_the_calendar_unless_another_is_given(self) -> None:
        assert WorkingCalendar().version.startswith("chinesecalendar-")
        assert "+" not in WorkingCalendar().version


class TestOverrides:
    def test_an_override_wins_both_ways(self) -> None:
        rows = b"date,kind,note\n2024-06-17,holiday,\n2024-06-22,workday,\n"
        plain = WorkingCalendar()
        amended = WorkingCalendar(read_overrides(rows, "days.csv"))
        assert (plain.is_working_day(day("2024-06-17")), amended.is_working_day(day("2024-06-17"))) == (
            True,
            False,
        )
        assert (plain.is_working_day(day("2024-06-22")), amended.is_working_day(day("2024-06-22"))) == (
            False,
            True,
        )
        assert amended.add_working_days(day("2024-06-15"), 5) == day("2024-06-22")
        assert amended.version.startswith(f"{plain.version}+sha256:")

    def test_a_complete_year_makes_an_unknown_year_known(self) -> None:
        rows = b"date,kind,note\n2027,year,\n2027-01-01,holiday,\n2027-01-02,workday,\n"
        calendar = WorkingCalendar(read_overrides(rows, "days.csv"), published=PublishedUntil(2026))
        # 28, 29, 30 and 31 December, then the Saturday that the file makes a workday.
        assert calendar.add_working_days(day("2026-12-25"), 5) == day("2027-01-02")
        assert not calendar.is_working_day(day("2027-01-03"))
        assert calendar.is_working_day(day("2027-01-04"))

    def test_single_days_do_not_make_a_year_known(self) -> None:
        rows = b"date,kind,note\n2027-01-01,holiday,\n"
        calendar = WorkingCalendar(read_overrides(rows, "days.csv"), published=PublishedUntil(2026))
        assert not calendar.is_working_day(day("2027-01-01"))
        assert calendar.window_end(day("2026-12-25"), 5) == MissingDeadline(2027, calendar.version)


class TestMonths:
    @pytest.mark.parametrize(
        ("start", "months", "end"),
        [
            ("2024-06-15", 6, "2024-12-15"),
            ("2024-08-31", 6, "2025-02-28"),
            ("2023-08-31", 6, "2024-02-29"),
            ("2024-10-31", 1, "2024-11-30"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2024-12-01", 1, "2025-01-01"),
            ("2024-12-31", 12, "2025-12-31"),
        ],
    )
    def test_a_month_ends_at_its_last_day(self, start: str, months: int, end: str) -> None:
        assert add_months(day(start), months) == day(end)

    @pytest.mark.parametrize(
        ("start", "months", "end"),
        [
            ("2024-06-15", 6, "2024-12-16"),  # the 15th is a Sunday
            ("2024-08-31", 6, "2025-02-28"),
            ("2025-08-15", 6, "2026-02-24"),  # a Sunday at the beginning of the Spring Festival
            ("2024-03-29", 6, "2024-09-29"),  # a Sunday, but a make-up workday
            ("2024-06-15", 12, "2025-06-16"),
        ],
    )
    def test_a_term_moves_off_rest_days(
        self, calendar: WorkingCalendar, start: str, months: int, end: str
    ) -> None:
        deadline = calendar.months_end(day(start), months)
        assert deadline == Deadline(day(end), day_end_ms(day(end)), calendar.version)

    @pytest.mark.parametrize(
        ("listed", "years", "again"),
        [
            ("2024-06-20", 1, "2025-06-21"),
            ("2024-06-20", 2, "2026-06-21"),
            ("2024-02-29", 1, "2025-03-01"),
            ("2024-12-31", 1, "2026-01-01"),
        ],
    )
    def test_blacklist_years_include_the_anniversary(self, listed: str, years: int, again: str) -> None:
        assert may_sit_from(day(listed), years) == day(again)


class TestInstants:
    @given(st.dates(date(1992, 1, 1), date(2100, 1, 1)))
    def test_the_end_of_a_day_is_the_beginning_of_the_next(self, some_day: date) -> None:
        end = day_end_ms(some_day)
        assert shanghai_day(end - 1) == some_day
        assert shanghai_day(end) > some_day

    def test_a_known_instant(self) -> None:
        assert day_end_ms(day("2024-06-21")) == ms("2024-06-21T16:00:00+00:00")
        assert shanghai_day(int(datetime(2024, 6, 21, 16, tzinfo=UTC).timestamp() * 1000)) == day(
            "2024-06-22"
        )
