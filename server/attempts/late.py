"""Listing a candidate after the papers are sealed: a spare paper, drawn and sealed with all others, is given.

Late and moved candidates come this way. Which spare it is is nobody's choice: the lowest number that is left.
"""

from protocol import office_entries as office
from protocol.paper import SealedPaper
from server.attempts.actions import (
    Place,
    TooLate,
    attempt_id,
    check_place,
    late_cutoff_at,
)
from server.attempts.loading import paper_row
from server.attempts.rules import Attempts
from server.errors import Refused
from server.papers.queries import next_spare, paper_record, session_secret
from server.papers.sealing import given
from server.sessions.actions import NotNow, ReasonNeeded, facts_of
from server.sessions.queries import scheme_of, session_row
from server.sessions.rules import SessionState
from server.writer.desk import Desk

SEALED_AND_OPEN = frozenset(
    {
        SessionState.LOADED,
        SessionState.CHECKED,
        SessionState.CHECK_IN,
        SessionState.RUNNING,
        SessionState.PAUSED,
    }
)
"""States in which the roster is drawn for and somebody may still come."""


class NoSpareLeft(Refused):
    """Every spare of the subject is given."""

    code = "no_spare_left"
    zh = "科目 {subject} 的备用试卷已用完，不能再增加考生。"
    en = "No spare paper of subject {subject} is left; nobody else can be added."


def list_late(
    desk: Desk, session: str, place: Place, wrapping: bytes, by: str, reason: str | None
) -> dict[str, object]:
    """Expect one more candidate, with a spare paper sealed for them; until the late cut-off."""
    facts, attempts = facts_of(desk, session), desk.day(session).part(Attempts).by_id
    key = attempt_id(session, place.candidate, place.subject)
    if key in attempts:
        return {"attempt": key}
    if facts.state not in SEALED_AND_OPEN:
        raise NotNow(state=facts.state, verb="list_late")
    if not (reason or "").strip():
        raise ReasonNeeded()
    scheme, cutoff = scheme_of(session_row(desk.db, session)), late_cutoff_at(desk, session)
    if cutoff is not None and desk.now > cutoff:
        raise TooLate(minutes=scheme.admission.late_cutoff_minutes)
    check_place(desk, session, place, attempts.values())
    spare = next_spare(desk.db, session, place.subject)
    if spare is None:
        raise NoSpareLeft(subject=place.subject)
    secret = session_secret(desk.db, session, wrapping)
    sealed = SealedPaper(attempt=spare.attempt, digest=spare.digest, nonce=spare.nonce, sealed=spare.sealed)
    done = given(sealed, paper_record(desk.db, spare.attempt, secret), key, secret)
    desk.db.add(paper_row(session, place.subject, done, spare.drawn))
    spare.given_to = key
    desk.db.add(spare)
    duration = scheme.subject(place.subject).minutes * 60_000
    desk.record(
        office.AttemptListed(
            attempt=key,
            candidate=place.candidate,
            subject=place.subject,
            seat=place.seat,
            duration_ms=duration,
        ),
        session=session,
        attempt=key,
    )
    body = office.SpareGiven(
        attempt=key,
        subject=place.subject,
        spare=spare.spare,
        paper=done.paper.digest,
        by=by,
        note=desk.note(reason),
    )
    desk.record(body, session=session, attempt=key)
    return {"attempt": key, "spare": spare.spare}
