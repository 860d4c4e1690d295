"""How entries change a review."""

from protocol import office_entries as office
from server.reviews.rules import Reviews, SeenMark
from server.writer.day import Part, Recorded


def _moved(reviews: Reviews, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.SessionMoved)
    if body.step == "under_review":
        reviews.begun_at, reviews.begun_by = one.entry.at, body.by


def _seen(reviews: Reviews, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.ReviewSeen)
    marks = reviews.seen.setdefault(body.attempt, {})
    marks.setdefault(f"{body.what}:{body.key}", SeenMark(body.by, one.entry.at))


def _event(reviews: Reviews, one: Recorded) -> None:
    body = one.body
    assert isinstance(body, office.WindowEventReported)
    reviews.events[body.event] = body.happened_at


PART = Part(Reviews, {"session.moved": _moved, "review.seen": _seen, "review.window_event": _event})
