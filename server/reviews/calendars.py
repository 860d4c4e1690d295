"""The room's working calendar: the package's published days, and the office's own file on top of it.

The file is looked at whenever the calendar is asked for, so that a newly published year counts without a restart. A
file that cannot be read stops nothing: the days published by the package count, and the fault is shown in the queue.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

from config.calendar import ChineseCalendarPackage, PublishedDays, WorkingCalendar
from config.calendar_overrides import NO_OVERRIDES, load_overrides
from config.problems import CalendarFileError

_log = logging.getLogger(__name__)


class Calendars:
    """The calendar as it stands now; ``fault`` says why the office's file is not counted with."""

    def __init__(self, files: Sequence[Path], published: PublishedDays | None = None) -> None:
        self._files = list(files)
        self._published = published or ChineseCalendarPackage()
        self._seen: tuple[Path, int, int] | None = None
        self._calendar = WorkingCalendar(published=self._published)
        self.fault: str | None = None

    def current(self) -> WorkingCalendar:
        """The calendar with the first of the files that is there."""
        found = self._found()
        if found != self._seen:
            self._seen = found
            self._calendar, self.fault = self._load(None if found is None else found[0])
        return self._calendar

    def _found(self) -> tuple[Path, int, int] | None:
        for file in self._files:
            try:
                stat = file.stat()
            except OSError:
                continue
            return file, stat.st_mtime_ns, stat.st_size
        return None

    def _load(self, file: Path | None) -> tuple[WorkingCalendar, str | None]:
        if file is None:
            return WorkingCalendar(published=self._published), None
        try:
            return WorkingCalendar(load_overrides(file), published=self._published), None
        except (CalendarFileError, OSError) as error:
            _log.error("the calendar file is not counted with: %s", error)
            return WorkingCalendar(NO_OVERRIDES, published=self._published), str(error)
