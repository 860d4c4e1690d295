"""Signing in at a station: who sits here, with which paper, and what the room holds of it already."""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from config.scheme import Scheme
from protocol import office_entries as office
from protocol.keys import encode
from protocol.paper import SealedPaper
from protocol.seat import AttemptFacts, CandidateCard, CapturePolicy, SeatPolicy
from protocol.shapes import HeadRef
from protocol.to_station import HeldAnswer, SignedIn, StreamState
from server.attempts.actions import AttemptNotNow, SeatTaken, all_of
from server.attempts.models import AttemptRow
from server.attempts.rules import DONE, SITTING, A, Attempt, Attempts
from server.candidates.models import Candidate
from server.candidates.rules import masked_document, same_document
from server.errors import NotFound, Refused
from server.papers.queries import capture_secret, sealed_paper, session_secret
from server.sessions.models import ExamSession
from server.sessions.queries import scheme_of
from server.sessions.rules import OPEN
from server.writer.day import Day
from server.writer.desk import Desk

Photo = Callable[[Candidate], bytes | None]

PHOTO_BYTES_MAX = 120_000
"""A registered photo larger than this is not sent to a seat; profiles allow 80 KiB at most."""


class UnknownCandidate(Refused):
    """One sentence for both, so that a ticket number cannot be probed."""

    code = "unknown_candidate"
    status = 404
    zh = "准考证号或证件号码不正确，请核对后重新输入，或举手。"
    en = "Ticket or document number is not right. Check them, or raise your hand."


class NotCheckedIn(Refused):
    """A person must have seen the candidate and the document first."""

    code = "not_checked_in"
    zh = "您还没有完成入场检录，请先到监考员处核验证件。"
    en = "You have not been checked in yet. Show your document to the proctor first."


class NoSessionNow(Refused):
    """No session of this candidate is open in this room."""

    code = "no_session_now"
    zh = "当前没有您的考试场次，请举手。"
    en = "No session of yours is open in this room now. Raise your hand."


class WrongSeat(Refused):
    """The seat is part of the plan; a proctor allows another."""

    code = "wrong_seat"
    zh = "您的机位号是 {seat} 号，请到 {seat} 号机位就座；如需换机请举手。"
    en = "Your seat is number {seat}. Go there, or raise your hand to change the machine."


class AlreadyFinished(Refused):
    """Handed in, collected or voided."""

    code = "already_finished"
    zh = "本场考试您已交卷或已结束，不能再次登录。"
    en = "This attempt is finished; it cannot be signed in again."


@dataclass(frozen=True, slots=True)
class Machine:
    """The station that asks: its id, and its seat in the room (None: not placed yet)."""

    station: str
    seat: int | None
    room: str
    room_title: str


def sign_in(
    desk: Desk, machine: Machine, request: str, ticket: str, document: str, wrapping: bytes, photo: Photo
) -> SignedIn:
    """Seat the candidate at this machine, or refuse with a sentence for the candidate."""
    session, candidate, attempt = _find(desk, machine, ticket, document)
    if attempt.state in (A.EXPECTED, A.ABSENT, A.REFUSED):
        raise NotCheckedIn()
    if attempt.state in DONE or attempt.state is A.VOIDED:
        raise AlreadyFinished()
    seat = machine.seat if machine.seat is not None else attempt.seat
    if seat not in (attempt.seat, attempt.allowed_seat):
        raise WrongSeat(seat=attempt.allowed_seat or attempt.seat)
    moved = attempt.station is not None and attempt.station != machine.station
    if moved and attempt.allowed_seat != seat:
        # Two machines for one seat: the proctor says which (换机, 允许重新登录).
        raise AttemptNotNow(state=attempt.state, verb="sign_in")
    for other in all_of(desk, session.id):
        if other.id != attempt.id and other.station == machine.station and other.state in SITTING:
            raise SeatTaken(seat=seat)
    secret = session_secret(desk.db, session.id, wrapping)
    reply = SignedIn(
        request=request,
        facts=_facts(session, candidate, attempt, machine, seat, photo(candidate)),
        paper=_paper(desk.db, attempt),
        capture_secret=encode(capture_secret(secret, attempt.id)),
        follows=_last_head(desk.day(session.id), attempt),
        held=held_answers(attempt),
        rules_acknowledged=attempt.rules_acknowledged,
        handed_in=False,
    )
    desk.record(
        office.AttemptSeated(attempt=attempt.id, station=machine.station, seat=seat),
        session=session.id,
        attempt=attempt.id,
    )
    return reply


def stream_states(day: Day, attempt: str) -> list[StreamState]:
    """Up to where the room holds each stream of an attempt, for a station that resumes."""
    return [
        StreamState(stream=key, seq=state.head.seq)
        for key, state in day.streams.items()
        if state.attempt == attempt
    ]


def held_answers(attempt: Attempt) -> list[HeldAnswer]:
    """Answers and marks the room holds, for a machine that was never told."""
    slots = sorted(attempt.answers.keys() | set(attempt.marks))
    return [
        HeldAnswer(
            slot=slot,
            response=list(attempt.answers[slot].response) if slot in attempt.answers else [],
            marked=slot in attempt.marks,
        )
        for slot in slots
    ]


def _find(desk: Desk, machine: Machine, ticket: str, document: str) -> tuple[ExamSession, Candidate, Attempt]:
    candidate = desk.db.exec(select(Candidate).where(Candidate.ticket == ticket.strip())).first()
    if candidate is None or not same_document(candidate.document, document):
        raise UnknownCandidate()
    rows = desk.db.exec(
        select(ExamSession)
        .join(AttemptRow, col(AttemptRow.session) == col(ExamSession.id))
        .where(
            AttemptRow.candidate == candidate.id,
            ExamSession.room == machine.room,
            col(ExamSession.state).in_([*OPEN]),
        )
        .order_by(col(ExamSession.starts_at))
    ).all()
    for row in rows:
        for attempt in desk.day(row.id).part(Attempts).by_id.values():
            if attempt.candidate == candidate.id:
                return row, candidate, attempt
    raise NoSessionNow()


def _paper(db: Session, attempt: Attempt) -> SealedPaper:
    try:
        return sealed_paper(db, attempt.id)
    except NotFound as error:
        raise NoSessionNow() from error


def _facts(
    session: ExamSession,
    candidate: Candidate,
    attempt: Attempt,
    machine: Machine,
    seat: int,
    photo: bytes | None,
) -> AttemptFacts:
    scheme = scheme_of(session)
    if photo is not None and len(photo) > PHOTO_BYTES_MAX:
        photo = None
    return AttemptFacts(
        attempt=attempt.id,
        session=session.id,
        seat=seat,
        duration_ms=attempt.clock.duration_ms,
        starts_at=session.starts_at,
        card=CandidateCard(
            name=candidate.name,
            ticket=candidate.ticket,
            document_masked=masked_document(candidate.document),
            subject=scheme.subject(attempt.subject).title.zh,
            session=session.title,
            room=machine.room_title,
            photo=None if photo is None else base64.b64encode(photo).decode(),
        ),
        policy=seat_policy(scheme, attempt.subject),
    )


def seat_policy(scheme: Scheme, subject: str) -> SeatPolicy:
    """The few values of the scheme a seat needs."""
    terms = scheme.seat_terms(subject)
    return SeatPolicy(
        earliest_hand_in_ms=terms.earliest_hand_in_ms,
        time_left_warning_ms=terms.time_left_warning_ms,
        time_left_warning_shown_ms=terms.time_left_warning_shown_ms,
        leave_grace_ms=terms.leave_grace_ms,
        rules=list(terms.rules),
        notice=list(terms.notice),
        capture=CapturePolicy(
            gap_ms_min=terms.gap_ms_min,
            gap_ms_max=terms.gap_ms_max,
            count_min=terms.count_min,
            width_min=terms.width_min,
            height_min=terms.height_min,
            start_spread_ms=terms.start_spread_ms,
            forced=list(terms.forced),
        ),
    )


def _last_head(day: Day, attempt: Attempt) -> HeadRef | None:
    if attempt.stream is None:
        return None
    return HeadRef(**day.streams[attempt.stream].head.to_json())
