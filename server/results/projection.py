"""Rows of the table ``result``, written in the commit of the entries that change them."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from server.results.models import ResultRow
from server.results.rules import PART, Result, Results
from server.writer.day import Day, Recorded
from server.writer.rows import put
from server.writer.writer import Projection


def write(db: Session, day: Day, entries: Sequence[Recorded]) -> None:
    """Write the row of every attempt these entries touched."""
    results = day.part(Results).by_attempt
    touched = {one.attempt for one in entries if one.attempt is not None}
    put(db, ResultRow, [_row(day.session, attempt, results[attempt]) for attempt in touched])


def _row(session: str, attempt: str, result: Result) -> dict[str, Any]:
    return {
        "attempt": attempt,
        "session": session,
        "state": result.state.value,
        "score": result.score,
        "max_score": result.max_score,
        "scored_at": result.scored_at,
        "confirmed_at": result.confirmed_at,
        "confirmed_by": result.confirmed_by,
    }


PROJECTION = Projection(frozenset(PART.applies), write)
