"""Working days of mainland China, and the last instants that hang on them.

A working day is Monday to Friday, less public holidays, plus make-up workdays (调休上班), by the date in
Asia/Shanghai. Windows count from the day after the event and end at 24:00 of their last day. The published
days come from a maintained package; an imported override wins over it. A year nobody has published yet is
never guessed: it is refused by name (UnknownYear), or stands as a MissingDeadline where a deadline belongs.
"""

import calendar as gregorian
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from importlib import metadata
from typing import NewType, Protocol

import chinese_calendar

from config.calendar_overrides import NO_OVERRIDES, CalendarOverrides, DayKind

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""UTC+8 the whole year since 1992; a fixed offset also holds on a machine without a time zone database."""
DAY = timedelta(days=1)
WINDOW_WORKING_DAYS_MAX = 366
"""No window of a scheme is longer; bounds every walk over the calendar."""

CalendarVersion = NewType("CalendarVersion", str)
"""What a deadline was counted with: package and version, then the digest of the overrides, if any."""


class UnknownYear(LookupError):
    """No calendar of that year has been published to us: nothing in it can be counted."""

    def __init__(self, year: int, version: CalendarVersion) -> None:
        self.year = year
        self.version = version
        super().__init__(
            f"缺少{year}年的工作日历，请导入国务院办公厅公布的{year}年节假日安排"
            f" / no working-day calendar for {year}: import the published holidays of {year} ({version})"
        )


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last instant of a window."""

    last_day: date
    at_ms: int
    """24:00 of the last day in Asia/Shanghai, as UTC milliseconds; open while ``now < at_ms``."""
    calendar_version: CalendarVersion

    def is_over(self, now_ms: int) -> bool:
        """Whether the window has ended at `now_ms` (UTC milliseconds)."""
        return now_ms >= self.at_ms


@dataclass(frozen=True, slots=True)
class MissingDeadline:
    """A deadline that cannot be counted before the calendar of `year` is imported.

    It never stops an exam day; what waits for the deadline (confirmation of results) waits until it is known.
    """

    year: int
    calendar_version: CalendarVersion

    @property
    def zh(self) -> str:
        return f"期限未知：缺少{self.year}年工作日历，导入前不能确认成绩"

    @property
    def en(self) -> str:
        return f"Deadline unknown: no working-day calendar for {self.year}; confirmation waits for its import"


class PublishedDays(Protocol):
    """Where the published working days come from."""

    @property
    def version(self) -> str:
        """Name and version of the data."""

    def knows(self, year: int) -> bool:
        """Whether the published days of the whole `year` are here."""

    def is_working_day(self, day: date) -> bool:
        """Whether `day`, of a known year, is a working day."""


class ChineseCalendarPackage:
    """The published days as the installed `chinesecalendar` package has them."""

    def __init__(self) -> None:
        self.version = f"chinesecalendar-{metadata.version('chinesecalendar')}"
        # National Day tells a published year from one of which only its New Year stands in the year before.
        self._years = frozenset(d.year for d in chinese_calendar.holidays if (d.month, d.day) == (10, 1))

    def knows(self, year: int) -> bool:
        return year in self._years

    def is_working_day(self, day: date) -> bool:
        return bool(chinese_calendar.is_workday(day))


class WorkingCalendar:
    """Working days as published, with the office's overrides on top."""

    def __init__(
        self, overrides: CalendarOverrides = NO_OVERRIDES, *, published: PublishedDays | None = None
    ) -> None:
        self._published = published or ChineseCalendarPackage()
        self._overrides = overrides
        digest = overrides.digest
        suffix = f"+sha256:{digest[:16]}" if digest else ""
        self.version = CalendarVersion(f"{self._published.version}{suffix}")

    def knows(self, year: int) -> bool:
        """Whether every day of `year` can be told."""
        return year in self._overrides.complete_years or self._published.knows(year)

    def is_working_day(self, day: date) -> bool:
        """Whether people work on `day`. Raises UnknownYear."""
        override = self._overrides.days.get(day)
        if override is not None:
            return override is DayKind.WORKDAY
        if day.year in self._overrides.complete_years:
            return day.weekday() < gregorian.SATURDAY
        if not self._published.knows(day.year):
            raise UnknownYear(day.year, self.version)
        return self._published.is_working_day(day)

    def add_working_days(self, day: date, working_days: int) -> date:
        """The `working_days`-th working day after `day`; the day itself does not count.

        Raises UnknownYear when the count runs into a year that is not known, ValueError outside
        1..WINDOW_WORKING_DAYS_MAX.
        """
        if not 1 <= working_days <= WINDOW_WORKING_DAYS_MAX:
            raise ValueError(f"working_days {working_days}: expected 1..{WINDOW_WORKING_DAYS_MAX}")
        for candidate in self._working_days_after(day):
            working_days -= 1
            if working_days == 0:
                return candidate
        raise AssertionError("the days after a day never end")

    def working_day_on_or_after(self, day: date) -> date:
        """`day` when it is a working day, else the next one. Raises UnknownYear."""
        return next(self._working_days_after(day - DAY))

    def working_days_left(self, today: date, last_day: date) -> int:
        """How many working days follow `today` up to and with `last_day`: 0 on the last one and after it.

        Raises UnknownYear.
        """
        days = (today + n * DAY for n in range(1, (last_day - today).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def window_end(self, day: date, working_days: int) -> Deadline | MissingDeadline:
        """The end of a window of `working_days` after an event on `day` (S3: N个工作日内)."""
        try:
            return self._deadline(self.add_working_days(day, working_days))
        except UnknownYear as unknown:
            return MissingDeadline(unknown.year, self.version)

    def window_end_after(self, event_ms: int, working_days: int) -> Deadline | MissingDeadline:
        """As window_end, for an event at an instant (UTC milliseconds), such as the end of a session."""
        return self.window_end(shanghai_day(event_ms), working_days)

    def months_end(self, day: date, months: int) -> Deadline | MissingDeadline:
        """The end of a term of months counted from `day`, moved off a rest day to the next working day.

        For the resit (S3-A 6个月内补考, S3-B 1年内) and S3-B's practical (通过理论评价后6个月内).
        """
        try:
            return self._deadline(self.working_day_on_or_after(add_months(day, months)))
        except UnknownYear as unknown:
            return MissingDeadline(unknown.year, self.version)

    def _deadline(self, last_day: date) -> Deadline:
        return Deadline(last_day, day_end_ms(last_day), self.version)

    def _working_days_after(self, day: date) -> Iterator[date]:
        while True:
            day += DAY
            if self.is_working_day(day):
                yield day


def shanghai_day(instant_ms: int) -> date:
    """The date in Asia/Shanghai at an instant in UTC milliseconds."""
    # From whole seconds: a float of milliseconds / 1000 could round 23:59:59.999 up into the next day.
    return datetime.fromtimestamp(instant_ms // 1000, UTC).astimezone(SHANGHAI).date()


def day_end_ms(day: date) -> int:
    """24:00 of `day` in Asia/Shanghai, in UTC milliseconds."""
    midnight = datetime.combine(day + DAY, time(), SHANGHAI)
    return int(midnight.timestamp()) * 1000


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later; a month too short for it ends at its last day.

    31 August and 6 months is the last day of February.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = gregorian.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))


def may_sit_from(listed_on: date, years: int) -> date:
    """The first day a person blacklisted for `years` may sit again: the anniversary is still barred.

    S3-B 1年内不得参加报名测试: listed 2024-06-20, may sit from 2025-06-21. A bar ends on its day, whether or
    not people work then.
    """
    return add_months(listed_on, 12 * years) + DAY
