"""Events outside the room that review windows count from (S3-B 五(四)): the practical's end, and the upload.

The exam office says on which day they were; a day that was told wrong is told again, with a reason, and the windows are
counted anew.
"""

from datetime import date, datetime, time
from typing import Literal

from config.after_exam import WindowStart
from config.calendar import SHANGHAI, shanghai_day
from protocol import office_entries as office
from server.errors import Refused
from server.reviews.rules import Reviews
from server.sessions.actions import NotNow, ReasonNeeded, facts_of
from server.sessions.queries import scheme_of, session_row
from server.writer.desk import Desk

WindowEventName = Literal["practical_end", "upload"]


class NoSuchWindow(Refused):
    """The scheme counts no window from this event."""

    code = "no_such_window"
    zh = "该方案没有自 {event} 起算的期限。"
    en = "No window of this scheme counts from {event}."


class NotThatDay(Refused):
    """What has not happened cannot be told, nor can it be before what it follows."""

    code = "not_that_day"
    zh = "日期须在 {first} 至 {last} 之间。"
    en = "The day is between {first} and {last}."


def report(
    desk: Desk, session: str, event: WindowEventName, day: date, by: str, reason: str | None
) -> dict[str, object]:
    """Say on which day an event was; the same day again changes nothing, another one needs a reason."""
    facts, known = facts_of(desk, session), desk.day(session).part(Reviews).events
    scheme = scheme_of(session_row(desk.db, session))
    if WindowStart(event) not in {each.since for each in scheme.review_windows}:
        raise NoSuchWindow(event=event)
    if facts.ended_at is None:
        raise NotNow(state=facts.state, verb="report_event")
    first, last = shanghai_day(facts.ended_at), shanghai_day(desk.now)
    if event == "upload" and "practical_end" in known:
        first = shanghai_day(known["practical_end"])
    if not first <= day <= last:
        raise NotThatDay(first=first.isoformat(), last=last.isoformat())
    at = int(datetime.combine(day, time(12), SHANGHAI).timestamp() * 1000)
    if known.get(event) == at:
        return {"event": event, "day": day.isoformat()}
    if event in known and not (reason or "").strip():
        raise ReasonNeeded()
    body = office.WindowEventReported(event=event, happened_at=at, by=by, note=desk.note(reason))
    desk.record(body, session=session)
    return {"event": event, "day": day.isoformat()}
