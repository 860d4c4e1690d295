"""The verbs that concern one attempt, and those of a session whose consequences reach its attempts."""

import hashlib
from collections.abc import Container, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from config.scheme import Scheme
from protocol import office_entries as office
from protocol.shapes import Closed
from server.attempts.rules import DONE, SITTING, A, Attempt, Attempts, step
from server.errors import NotFound, Refused
from server.people.queries import all_staff_of
from server.people.rules import Person, Role, serves
from server.sessions.actions import NotNow, ReasonNeeded, facts_of, move, second_by
from server.sessions.queries import scheme_of, session_row, subjects
from server.sessions.rules import OPEN, SessionState
from server.writer.desk import Desk

PICTURE_BYTES = 150_000
"""A picture of 1280x720 as stations make it (ours)."""

MB = 1_048_576

ROOM = "room"
"""Who collects when the time is up: no person, the room itself."""


class AttemptNotNow(Refused):
    """The attempt's state does not allow this verb."""

    code = "attempt_not_now"
    zh = "该考生当前状态为 {state}，不能执行 {verb}。"
    en = "The attempt is {state}; {verb} is not possible now."


class TooLate(Refused):
    """The late cut-off of the scheme has passed."""

    code = "too_late"
    zh = "已超过迟到截止时间（开考后 {minutes} 分钟），不能入场。"
    en = "The late cut-off ({minutes} minutes after the start) has passed."


class DiskTooSmall(Refused):
    """Pictures that cannot be kept are evidence that will be missing; said before anyone sits down."""

    code = "disk_too_small"
    status = 507
    zh = "磁盘空间不足：本场抓拍照片约需 {needed} MB，仅剩 {free} MB。请清理磁盘后再检查。"
    en = "The disk is too small: this session's pictures need about {needed} MB, {free} MB are free. Make room first."


class NotItsPerson(Refused):
    """The second person is of this room or of the exam office."""

    code = "not_its_person"
    status = 403
    zh = "第二人须是本场次值班的监考员、督导员，或考务管理人员。"
    en = "The second person must be a proctor or quality supervisor on duty here, or of the exam office."


class Barred(Refused):
    """A void of this batch refuses later sessions of it (S3-B 取消当批次测试资格)."""

    code = "barred"
    zh = "该考生本批次考试资格已被取消，不能入场。"
    en = "This candidate's batch was voided; later sessions of it refuse check-in."


class SeatTaken(Refused):
    """One attempt to a seat."""

    code = "seat_taken"
    zh = "{seat} 号机位已有考生。"
    en = "Seat {seat} is taken."


class ListedTwice(Refused):
    """A candidate sits one subject of a session; another subject has a session of its own."""

    code = "listed_twice"
    zh = "考生 {candidate} 在本场次中已有一个科目；另一科目请安排在另一场次。"
    en = "Candidate {candidate} sits one subject of this session already; plan the other one in a session of its own."


class RosterFixed(Refused):
    """Once the papers are sealed the list of attempts stands."""

    code = "roster_fixed"
    zh = "场次已装载试卷，名单不能再改。"
    en = "The papers are sealed; the roster can no longer change."


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a session's roster."""

    candidate: str
    subject: str
    seat: int


def attempt_id(session: str, candidate: str, subject: str) -> str:
    """An attempt's id, the same whenever the same line is listed again."""
    return "a" + hashlib.sha256(f"{session}\n{candidate}\n{subject}".encode()).hexdigest()[:20]


def enlist(desk: Desk, session: str, places: list[Place]) -> dict[str, object]:
    """Expect these candidates at their seats; a line that is listed already changes nothing."""
    facts, attempts = facts_of(desk, session), desk.day(session).part(Attempts).by_id
    if facts.state not in (
        SessionState.PLANNED,
        SessionState.APPLIED,
        SessionState.RETURNED,
        SessionState.APPROVED,
    ):
        raise RosterFixed()
    scheme, known = scheme_of(session_row(desk.db, session)), subjects(desk.db, session)
    taken = {attempt.seat for attempt in attempts.values()}
    listed_already = {attempt.candidate for attempt in attempts.values()}
    listed = 0
    for place in places:
        key = attempt_id(session, place.candidate, place.subject)
        if key in attempts:
            continue
        _fits(session, place, known, taken, listed_already)
        taken.add(place.seat)
        listed_already.add(place.candidate)
        listed += 1
        body = office.AttemptListed(
            attempt=key,
            candidate=place.candidate,
            subject=place.subject,
            seat=place.seat,
            duration_ms=scheme.subject(place.subject).minutes * 60_000,
        )
        desk.record(body, session=session, attempt=key)
    return {"listed": listed}


def check_place(desk: Desk, session: str, place: Place, listed: Iterable[Attempt]) -> None:
    """Whether one more line fits beside those listed; raises NotFound, ListedTwice, SeatTaken."""
    others = list(listed)
    taken = {attempt.seat for attempt in others}
    _fits(session, place, subjects(desk.db, session), taken, {attempt.candidate for attempt in others})


def _fits(session: str, place: Place, known: Container[str], taken: Set[int], candidates: Set[str]) -> None:
    if place.subject not in known:
        raise NotFound(what=f"subject {place.subject} in session {session}")
    if place.candidate in candidates:
        raise ListedTwice(candidate=place.candidate)
    if place.seat in taken:
        raise SeatTaken(seat=place.seat)


def check(desk: Desk, session: str, by: str, reason: str | None, free_bytes: int) -> dict[str, object]:
    """Machines and network were checked; the disk must take every picture the scheme asks for."""
    needed = pictures_bytes(
        _scheme(desk, session), [each.clock.duration_ms for each in all_of(desk, session)]
    )
    if free_bytes < needed:
        raise DiskTooSmall(needed=-(-needed // MB), free=free_bytes // MB)
    return move(desk, session, "checked", by, reason)


def pictures_bytes(scheme: Scheme, durations_ms: Sequence[int]) -> int:
    """What the pictures of these attempts take on the disk, at their mean number and usual size."""
    capture = scheme.capture
    gap_ms = (capture.min_gap_s + capture.max_gap_s) * 1000 // 2
    return sum(
        (max(duration // gap_ms, capture.min_count) + len(capture.forced_at)) * PICTURE_BYTES
        for duration in durations_ms
    )


def check_in(
    desk: Desk, session: str, key: str, by: str, *, reason: str | None, barred: bool
) -> dict[str, object]:
    """A person saw the candidate and the original document; open until the late cut-off, also while running."""
    facts, attempt = facts_of(desk, session), attempt_of(desk, session, key)
    if attempt.state in SITTING or attempt.state is A.CHECKED_IN:
        return {"state": attempt.state}
    if facts.state not in OPEN:
        raise NotNow(state=facts.state, verb="check_in")
    _allowed(attempt, "check_in")
    if barred:
        raise Barred()
    cutoff = late_cutoff_at(desk, session)
    if cutoff is not None and desk.now > cutoff:
        raise TooLate(minutes=_scheme(desk, session).admission.late_cutoff_minutes)
    if attempt.state is A.ABSENT and not (reason or "").strip():
        raise ReasonNeeded()
    _lay(desk, session, key, office.AttemptCheckedIn(attempt=key, by=by, note=desk.note(reason)))
    return {"state": A.CHECKED_IN}


def refuse(desk: Desk, session: str, key: str, by: str, code: str, reason: str) -> dict[str, object]:
    """Refused at the door with a reason; counted absent."""
    _verb(desk, session, key, "refuse", reason)
    _lay(desk, session, key, office.AttemptRefused(attempt=key, code=code, by=by, note=desk.note(reason)))
    return {"state": A.REFUSED}


def mark_absent(desk: Desk, session: str, key: str, by: str) -> dict[str, object]:
    """Not there; a check-in with a reason takes it back."""
    _verb(desk, session, key, "absent")
    _lay(desk, session, key, office.AttemptAbsent(attempt=key, by=by))
    return {"state": A.ABSENT}


def mark_all_absent(desk: Desk, session: str) -> int:
    """At the late cut-off: everyone who is still expected is absent."""
    absent = [each.id for each in all_of(desk, session) if each.state is A.EXPECTED]
    for key in absent:
        _lay(desk, session, key, office.AttemptAbsent(attempt=key, by=ROOM))
    return len(absent)


def allow_seat_change(
    desk: Desk, session: str, key: str, by: str, seat: int, reason: str
) -> dict[str, object]:
    """换机 or re-login: the attempt may sign in at this seat, with the same paper, answers and time left."""
    attempt = attempt_of(desk, session, key)
    if attempt.state not in SITTING:
        raise AttemptNotNow(state=attempt.state, verb="allow_seat_change")
    _need(reason)
    for other in all_of(desk, session):
        if other.id != key and other.seat == seat and other.state in SITTING:
            raise SeatTaken(seat=seat)
    _lay(desk, session, key, office.SeatChangeAllowed(attempt=key, seat=seat, by=by, note=desk.note(reason)))
    return {"seat": seat}


def answer_hand(desk: Desk, session: str, key: str, by: str) -> dict[str, object]:
    """举手已处理: somebody was at the seat, also after the hand-in; a hand that is down already changes nothing."""
    if attempt_of(desk, session, key).hand_raised_at is not None:
        _lay(desk, session, key, office.HandAnswered(attempt=key, by=by))
    return {"hand_raised": False}


def extend(desk: Desk, session: str, key: str, by: str, minutes: int, reason: str) -> dict[str, object]:
    """补时 for one, for a recorded reason."""
    attempt = attempt_of(desk, session, key)
    if attempt.state not in SITTING:
        raise AttemptNotNow(state=attempt.state, verb="extend")
    _need(reason)
    body = office.AttemptExtended(attempt=key, by_ms=minutes * 60_000, by=by, note=desk.note(reason))
    _lay(desk, session, key, body)
    return {"minutes": minutes}


def suspend(desk: Desk, session: str, key: str, by: str, reason: str) -> dict[str, object]:
    """The page is locked; the clock runs."""
    if attempt_of(desk, session, key).state is A.SUSPENDED:
        return {"state": A.SUSPENDED}
    _verb(desk, session, key, "suspend", reason)
    _lay(desk, session, key, office.AttemptSuspended(attempt=key, by=by, note=desk.note(reason)))
    return {"state": A.SUSPENDED}


def unsuspend(desk: Desk, session: str, key: str, by: str, reason: str | None = None) -> dict[str, object]:
    """The page is free again."""
    attempt = attempt_of(desk, session, key)
    if attempt.state in SITTING and attempt.state is not A.SUSPENDED:
        return {"state": attempt.state}
    _verb(desk, session, key, "unsuspend")
    _lay(desk, session, key, office.AttemptUnsuspended(attempt=key, by=by, note=desk.note(reason)))
    return {"state": A.RUNNING if attempt.rules_acknowledged else A.WAITING}


def collect(desk: Desk, session: str, key: str, by: str, reason: str) -> dict[str, object]:
    """强制收卷 for one."""
    state = attempt_of(desk, session, key).state
    if state in DONE:
        return {"state": state}
    _verb(desk, session, key, "collect", reason)
    body = office.AttemptCollected(attempt=key, cause="ordered", by=by, note=desk.note(reason))
    _lay(desk, session, key, body)
    return {"state": A.COLLECTED}


def collect_due(desk: Desk, session: str, grace_ms: int) -> list[str]:
    """Time is up: the room closes every attempt whose end passed more than ``grace_ms`` ago and that is still open."""
    due = []
    for attempt in all_of(desk, session):
        end = attempt.clock.end_at
        if attempt.standing in SITTING and end is not None and desk.now > end + grace_ms:
            due.append(attempt.id)
            _lay(
                desk,
                session,
                attempt.id,
                office.AttemptCollected(attempt=attempt.id, cause="time_up", by=ROOM, note=None),
            )
    return due


def revoke_hand_in(desk: Desk, session: str, key: str, by: str, reason: str) -> dict[str, object]:
    """Back to running, before the end; the time is what it would have been."""
    facts, attempt = facts_of(desk, session), attempt_of(desk, session, key)
    if facts.state not in (SessionState.RUNNING, SessionState.PAUSED):
        raise NotNow(state=facts.state, verb="revoke_hand_in")
    if attempt.clock.is_up(desk.now):
        raise AttemptNotNow(state="time_up", verb="revoke_hand_in")
    _verb(desk, session, key, "revoke_hand_in", reason)
    _lay(desk, session, key, office.HandInRevoked(attempt=key, by=by, note=desk.note(reason)))
    return {"state": A.RUNNING}


def admit_late(desk: Desk, session: str, key: str, by: str, stream: str, reason: str) -> dict[str, object]:
    """Late answers of a closed stream count, for items no later stream touched."""
    attempt = attempt_of(desk, session, key)
    if not any(late.stream == stream for late in attempt.late):
        raise NotFound(what=f"late answers of stream {stream}")
    _need(reason)
    _lay(desk, session, key, office.LateAdmitted(attempt=key, stream=stream, by=by, note=desk.note(reason)))
    return {"stream": stream}


def end(
    desk: Desk, session: str, by: str, cause: Literal["time_up", "ordered"], reason: str | None = None
) -> dict[str, object]:
    """End the session: every seat is collected by one order, and no attempt stays open."""
    facts = facts_of(desk, session)
    if facts.state is SessionState.ENDED:
        return {"state": facts.state}
    if facts.state not in (SessionState.RUNNING, SessionState.PAUSED):
        raise NotNow(state=facts.state, verb="end")
    if cause == "ordered":
        _need(reason)
    note = desk.note(reason)
    desk.record(office.SessionCollected(cause=cause, by=by, note=note), session=session)
    for attempt in all_of(desk, session):
        if attempt.standing in SITTING:
            # Under a void too: lifted one day, it must not leave an attempt running in an ended session.
            body = office.AttemptCollected(attempt=attempt.id, cause=cause, by=by, note=note)
            _lay(desk, session, attempt.id, body)
        elif attempt.standing in (A.EXPECTED, A.CHECKED_IN):
            # Checked in and never at a machine: there is nothing to collect.
            _lay(desk, session, attempt.id, office.AttemptAbsent(attempt=attempt.id, by=by))
    desk.record(office.SessionMoved(step="ended", by=by, note=note), session=session)
    return {"state": SessionState.ENDED}


def abort(
    desk: Desk, session: str, by: Person, second: Person | None, reason: str | None
) -> dict[str, object]:
    """中止, by two people of the room or the office: re-arranged, no result, not counted.

    Whoever sits is collected first, so that no seat goes on.
    """
    facts = facts_of(desk, session)
    if facts.state is SessionState.ABORTED:
        return {"state": facts.state}
    if second is not None and not _may_second(desk, session, second):
        raise NotItsPerson()
    second_by(desk, session, "abort", by.id, None if second is None else second.id, reason)
    if facts.state in (SessionState.RUNNING, SessionState.PAUSED):
        end(desk, session, by.id, "ordered", reason)
        body = office.SessionMoved(step="aborted", by=by.id, note=desk.note(reason))
        desk.record(body, session=session)
        return {"state": SessionState.ABORTED}
    return move(desk, session, "aborted", by.id, reason)


def _may_second(desk: Desk, session: str, person: Person) -> bool:
    if Role.EXAM_OFFICE in person.roles:
        return True
    room = frozenset({Role.PROCTOR, Role.QUALITY_SUPERVISOR})
    return bool(person.roles & room) and serves(all_staff_of(desk.db, session), person.id, room)


def late_cutoff_at(desk: Desk, session: str) -> int | None:
    """The instant after which nobody is checked in; None before the start."""
    facts = facts_of(desk, session)
    if facts.started_at is None:
        return None
    return facts.started_at + _scheme(desk, session).admission.late_cutoff_minutes * 60_000


def attempt_of(desk: Desk, session: str, key: str) -> Attempt:
    """One attempt of a session; raises NotFound."""
    facts_of(desk, session)
    found = desk.day(session).part(Attempts).by_id.get(key)
    if found is None:
        raise NotFound(what=f"attempt {key}")
    return found


def all_of(desk: Desk, session: str) -> list[Attempt]:
    """Every attempt of a session, by seat."""
    return sorted(desk.day(session).part(Attempts).by_id.values(), key=lambda each: each.seat)


def _scheme(desk: Desk, session: str) -> Scheme:
    return scheme_of(session_row(desk.db, session))


def _verb(desk: Desk, session: str, key: str, verb: str, reason: str | None = "-") -> None:
    attempt = attempt_of(desk, session, key)
    _allowed(attempt, verb)
    _need(reason)


def _allowed(attempt: Attempt, verb: str) -> None:
    if step(attempt.state, verb) is None:
        raise AttemptNotNow(state=attempt.state, verb=verb)


def _need(reason: str | None) -> None:
    if not (reason or "").strip():
        raise ReasonNeeded()


def _lay(desk: Desk, session: str, key: str, body: Closed) -> None:
    desk.record(body, session=session, attempt=key)
