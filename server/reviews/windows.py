"""A session's review windows: counted when their event has happened, and kept as they were counted."""

from datetime import date

from config.after_exam import WindowStart
from config.calendar import CalendarVersion, Deadline, MissingDeadline, UnknownYear, WorkingCalendar
from server.reviews.models import ReviewWindowRow
from server.reviews.queries import window_rows
from server.reviews.rules import Reviews, Window, windows, working_days_left
from server.reviews.schemas import WindowShown
from server.sessions.actions import facts_of
from server.sessions.queries import scheme_of, session_row
from server.writer.desk import Desk


def windows_of(desk: Desk, session: str, calendar: WorkingCalendar) -> list[Window]:
    """The session's windows: those kept as they were counted then, the others as they would be counted now."""
    facts, reviews = facts_of(desk, session), desk.day(session).part(Reviews)
    happened = {WindowStart(event): at for event, at in reviews.events.items()}
    if facts.ended_at is not None:
        happened[WindowStart.SESSION_END] = facts.ended_at
    scheme = scheme_of(session_row(desk.db, session))
    counted = windows(scheme.review_windows, happened, calendar)
    kept = window_rows(desk.db, session)
    return [_as_kept(one, kept.get(one.name)) for one in counted]


def keep_windows(desk: Desk, session: str, calendar: WorkingCalendar) -> list[Window]:
    """Keep every window that has begun with the calendar it was counted with; one that could not be is tried again."""
    found = windows_of(desk, session, calendar)
    for one in found:
        if one.since_at is not None:
            desk.db.merge(_row(session, one))
    return found


def window_shown(window: Window, calendar: WorkingCalendar, now: int) -> WindowShown:
    """A window for a screen; a missing calendar is loud."""
    deadline = window.deadline
    told = WindowShown(
        name=window.name,
        by=window.by,
        since=window.since,
        since_at=window.since_at,
        working_days=window.working_days,
        state="not_begun",
        last_day=None,
        deadline_at=None,
        working_days_left=None,
        missing_year=None,
        calendar_version=None,
        zh=f"尚未起算（自 {window.since} 起 {window.working_days} 个工作日）",
        en=f"not begun: {window.working_days} working days from {window.since}",
    )
    if isinstance(deadline, MissingDeadline):
        missing = {
            "state": "calendar_missing",
            "missing_year": deadline.year,
            "zh": deadline.zh,
            "en": deadline.en,
        }
        return told.model_copy(update=missing | {"calendar_version": deadline.calendar_version})
    if deadline is None:
        return told if window.since is WindowStart.SESSION_END else _event_missing(told, window)
    over = deadline.is_over(now)
    left = None if over else _left(calendar, deadline, now)
    last = deadline.last_day.isoformat()
    return told.model_copy(
        update={
            "state": "overdue" if over else "open",
            "last_day": last,
            "deadline_at": deadline.at_ms,
            "working_days_left": left,
            "calendar_version": deadline.calendar_version,
            "zh": f"已逾期，截止 {last} 24:00" if over else f"截止 {last} 24:00",
            "en": f"overdue since {last} 24:00" if over else f"until {last} 24:00",
        }
    )


_EVENT_ZH = {WindowStart.PRACTICAL_END: "实操结束日期", WindowStart.UPLOAD: "资料上传日期"}
_EVENT_EN = {WindowStart.PRACTICAL_END: "the practical's end", WindowStart.UPLOAD: "the upload"}


def _event_missing(told: WindowShown, window: Window) -> WindowShown:
    """Nobody said yet when the event was: no deadline can be counted, and that is loud."""
    return told.model_copy(
        update={
            "state": "event_missing",
            "zh": f"尚未登记{_EVENT_ZH[window.since]}，期限无法计算",
            "en": f"the day of {_EVENT_EN[window.since]} is missing; no deadline can be counted",
        }
    )


def _left(calendar: WorkingCalendar, deadline: Deadline, now: int) -> int | None:
    try:
        return working_days_left(calendar, deadline, now)
    except UnknownYear:
        # The deadline was counted with a calendar that has since been taken away.
        return None


def _as_kept(window: Window, row: ReviewWindowRow | None) -> Window:
    deadline = None if row is None else _deadline(row)
    if row is None or deadline is None or row.since_at != window.since_at:
        return window
    return Window(window.name, window.by, window.since, window.working_days, row.since_at, deadline)


def _deadline(row: ReviewWindowRow) -> Deadline | None:
    if row.last_day is None or row.at_ms is None:
        return None
    return Deadline(date.fromisoformat(row.last_day), row.at_ms, CalendarVersion(row.calendar_version))


def _row(session: str, window: Window) -> ReviewWindowRow:
    deadline, since_at = window.deadline, window.since_at
    assert deadline is not None
    assert since_at is not None
    if isinstance(deadline, MissingDeadline):
        return ReviewWindowRow(
            session=session,
            name=window.name,
            since_at=since_at,
            missing_year=deadline.year,
            calendar_version=deadline.calendar_version,
        )
    return ReviewWindowRow(
        session=session,
        name=window.name,
        since_at=since_at,
        last_day=deadline.last_day.isoformat(),
        at_ms=deadline.at_ms,
        calendar_version=deadline.calendar_version,
    )
