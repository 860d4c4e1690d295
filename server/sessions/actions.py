"""The verbs of a session. Each refuses, or lays down what happened; what seats must know is an order."""

from dataclasses import dataclass
from typing import Literal

from config.scheme import Scheme
from protocol import office_entries as office
from server.errors import NotFound, Refused
from server.people.queries import all_staff_of, staff_of
from server.people.rules import Role, serves
from server.rooms.queries import room_by_id
from server.sessions.models import ExamSession, SessionSubject
from server.sessions.queries import scheme_of, session_row
from server.sessions.rules import SessionFacts, SessionState, start_gates, step
from server.writer.desk import Desk

EXTENSION_MINUTES_MAX = 24 * 60
"""Longest single extension."""

Step = Literal["applied", "approved", "returned", "checked", "check_in", "cancelled", "aborted", "archived"]


class NotNow(Refused):
    """The session's state does not allow this verb."""

    code = "not_now"
    zh = "考场场次当前状态为 {state}，不能执行 {verb}。"
    en = "The session is {state}; {verb} is not possible now."


class StartGated(Refused):
    """S3-A: two proctors, machine check, rules read, before anyone begins."""

    code = "start_gated"
    zh = "还不能开考，尚缺：{missing}。"
    en = "The start still waits for: {missing}."


class ReasonNeeded(Refused):
    """A person decided; the record needs the reason."""

    code = "reason_needed"
    zh = "请填写原因。"
    en = "A reason is needed."


class NotItsProctor(Refused):
    """Two proctors of the room gate its start, not any two."""

    code = "not_its_proctor"
    status = 403
    zh = "只有本场次的监考员可以确认开考。"
    en = "Only this session's own proctors confirm its start."


class RoomNotApproved(Refused):
    """S3-A 3: a room is accepted before it is used."""

    code = "room_not_approved"
    zh = "该考场尚未验收批准，不能在此举行考试。"
    en = "The room has no approval; no session can run there."


class SessionExists(Refused):
    """Ids of sessions are unique."""

    code = "session_exists"
    zh = "场次 {session} 已存在。"
    en = "Session {session} exists already."


class SubjectNotOfScheme(Refused):
    """A session examines what its scheme knows, on the computer."""

    code = "subject_not_of_scheme"
    zh = "方案 {scheme} 中没有机考科目 {subject}。"
    en = "Scheme {scheme} has no computer-delivered subject {subject}."


class RunTypeNotAllowed(Refused):
    """正式考试, 试考, 练习, as the scheme allows."""

    code = "run_type_not_allowed"
    zh = "方案 {scheme} 不允许 {run_type} 场次。"
    en = "Scheme {scheme} allows no {run_type} session."


class TooFewProctors(Refused):
    """S3-A 4(4): two or more proctors; the door is not opened before they are on duty."""

    code = "too_few_proctors"
    zh = "本场次至少需要 {needed} 名监考员值班，目前 {found} 名。请先安排监考员，再开放入场。"
    en = "This session needs at least {needed} proctors on duty; there are {found}. Assign them before the door opens."


class EarlyStart(Refused):
    """The approved time is the time; a start long before it is decided by two, with a reason."""

    code = "early_start"
    zh = "距批准的开考时间还有 {minutes} 分钟。提前开考须填写原因，并由另一名监考员输入密码确认。"
    en = "The approved start is {minutes} minutes away. Starting now needs a reason and a second proctor's password."


class SecondNeeded(Refused):
    """What one person may not decide alone."""

    code = "second_needed"
    zh = "须由另一名工作人员输入登录名和密码确认。"
    en = "A second, different person must confirm with login name and password."


@dataclass(frozen=True)
class Plan:
    """A session to be: ``subjects`` maps a subject of the scheme to bank and blueprint."""

    id: str
    batch: str
    room: str
    title: str
    run_type: str
    starts_at: int
    subjects: dict[str, tuple[str, str]]


def plan(desk: Desk, planned: Plan, scheme: Scheme, by: str) -> dict[str, object]:
    """A session exists from here; its policy is pinned for ever."""
    if desk.db.get(ExamSession, planned.id) is not None:
        raise SessionExists(session=planned.id)
    if planned.run_type not in {str(kind) for kind in scheme.run_types}:
        raise RunTypeNotAllowed(scheme=scheme.code, run_type=planned.run_type)
    known = {subject.code: subject for subject in scheme.subjects if subject.delivery == "computer"}
    for code in planned.subjects:
        if code not in known:
            raise SubjectNotOfScheme(scheme=scheme.code, subject=code)
    longest = max(known[code].minutes for code in planned.subjects) * 60_000
    desk.db.add(
        ExamSession(
            id=planned.id,
            batch=planned.batch,
            room=planned.room,
            title=planned.title,
            run_type=planned.run_type,
            scheme_code=scheme.code,
            scheme_version=scheme.version,
            scheme_digest=scheme.digest,
            scheme=scheme.canonical.decode(),
            starts_at=planned.starts_at,
            duration_ms=longest,
        )
    )
    for code, (bank, blueprint) in planned.subjects.items():
        desk.db.add(SessionSubject(session=planned.id, subject=code, bank=bank, blueprint=blueprint))
    desk.record(
        office.SessionPlanned(
            scheme=scheme.code,
            scheme_version=scheme.version,
            scheme_digest=scheme.digest,
            batch=planned.batch,
            room=planned.room,
            starts_at=planned.starts_at,
            duration_ms=longest,
            by=by,
        ),
        session=planned.id,
    )
    return {"session": planned.id}


def move(desk: Desk, session: str, verb: Step, by: str, reason: str | None = None) -> dict[str, object]:
    """Take a step that needs no more than who and why; ending a running session is the attempts' verb."""
    facts = facts_of(desk, session)
    if facts.state == verb:
        return {"state": verb}
    if step(facts.state, verb) is None:
        raise NotNow(state=facts.state, verb=verb)
    if verb in ("cancelled", "aborted", "returned") and not (reason or "").strip():
        raise ReasonNeeded()
    if verb in ("approved", "check_in"):
        room = room_by_id(desk.db, session_row(desk.db, session).room)
        if room is None or room.approval is None:
            raise RoomNotApproved()
    if verb == "check_in":
        _need_proctors(desk, session)
    desk.record(office.SessionMoved(step=verb, by=by, note=desk.note(reason)), session=session)
    return {"state": verb}


def read_rules(desk: Desk, session: str, by: str, *, waived: bool, reason: str | None) -> dict[str, object]:
    """The rules were read aloud ten minutes before the start (S3-A), or a person says why not."""
    facts = facts_of(desk, session)
    if facts.rules_read_at is not None:
        return {"rules_read_at": facts.rules_read_at}
    if facts.state is not SessionState.CHECK_IN:
        raise NotNow(state=facts.state, verb="rules_read")
    if waived and not (reason or "").strip():
        raise ReasonNeeded()
    desk.record(office.RulesRead(by=by, waived=waived, note=desk.note(reason)), session=session)
    return {"rules_read_at": desk.now}


def confirm_start(desk: Desk, session: str, by: str) -> dict[str, object]:
    """One of the proctors who gate the start says the room is ready."""
    facts = facts_of(desk, session)
    if not serves(all_staff_of(desk.db, session), by, {Role.PROCTOR}):
        raise NotItsProctor()
    if facts.state is not SessionState.CHECK_IN:
        raise NotNow(state=facts.state, verb="confirm_start")
    if by not in facts.start_confirmed_by:
        desk.record(office.StartConfirmed(by=by), session=session)
    return {"confirmed_by": [*dict.fromkeys([*facts.start_confirmed_by, by])]}


def start(
    desk: Desk, session: str, by: str, *, second: str | None = None, reason: str | None = None
) -> dict[str, object]:
    """One instant for every seat; refused while anything still stands before it.

    Long before the approved time ``second``, whose password was checked, agrees to the reason.
    """
    facts = facts_of(desk, session)
    if facts.started_at is not None:
        return {"started_at": facts.started_at}
    scheme = scheme_of(session_row(desk.db, session))
    missing = start_gates(facts, scheme.opening.proctors_min)
    if missing:
        raise StartGated(missing=", ".join(missing))
    early_ms = facts.starts_at - desk.now
    if early_ms > scheme.opening.early_start_minutes * 60_000:
        if second is None or not (reason or "").strip():
            raise EarlyStart(minutes=early_ms // 60_000)
        if not serves(all_staff_of(desk.db, session), second, {Role.PROCTOR}):
            raise NotItsProctor()
        second_by(desk, session, "start_early", by, second, reason)
    desk.record(office.SessionStarted(starts_at=desk.now, by=by), session=session)
    return {"started_at": desk.now}


def pause(desk: Desk, session: str, by: str, reason: str) -> dict[str, object]:
    """All clocks stand still from here."""
    facts = facts_of(desk, session)
    if facts.state is SessionState.PAUSED:
        return {"paused_at": facts.paused_at}
    if step(facts.state, "paused") is None:
        raise NotNow(state=facts.state, verb="pause")
    _need(reason)
    desk.record(office.SessionPaused(paused_at=desk.now, by=by, note=desk.note(reason)), session=session)
    return {"paused_at": desk.now}


def resume(desk: Desk, session: str, by: str) -> dict[str, object]:
    """All clocks go on."""
    facts = facts_of(desk, session)
    if facts.state is SessionState.RUNNING:
        return {"state": facts.state}
    if step(facts.state, "resumed") is None:
        raise NotNow(state=facts.state, verb="resume")
    desk.record(office.SessionResumed(resumed_at=desk.now, by=by), session=session)
    return {"resumed_at": desk.now}


def extend(desk: Desk, session: str, by: str, minutes: int, reason: str) -> dict[str, object]:
    """补时 for everyone; time is only ever added (S4: a standard is never lowered, lateness never given back)."""
    facts = facts_of(desk, session)
    if facts.state not in (SessionState.RUNNING, SessionState.PAUSED):
        raise NotNow(state=facts.state, verb="extend")
    _need(reason)
    desk.record(
        office.SessionExtended(by_ms=minutes * 60_000, by=by, note=desk.note(reason)), session=session
    )
    return {"minutes": minutes}


def second_by(
    desk: Desk,
    session: str,
    verb: Literal["start_early", "abort"],
    by: str,
    second: str | None,
    reason: str | None,
) -> None:
    """Lay down that two different people decided; raises SecondNeeded and ReasonNeeded."""
    if second is None or second == by:
        raise SecondNeeded()
    _need(reason)
    body = office.SessionSeconded(verb=verb, by=by, second=second, note=desk.note(reason))
    desk.record(body, session=session)


def facts_of(desk: Desk, session: str) -> SessionFacts:
    """The folded facts of a planned session; raises NotFound."""
    if desk.db.get(ExamSession, session) is None:
        raise NotFound(what=f"session {session}")
    return desk.day(session).part(SessionFacts)


def _need_proctors(desk: Desk, session: str) -> None:
    """As many different proctors as gate the start are on duty before anybody comes in (S3-A)."""
    needed = scheme_of(session_row(desk.db, session)).opening.proctors_min
    found = {one.person.id for one in staff_of(desk.db, session) if one.role is Role.PROCTOR}
    if len(found) < needed:
        raise TooFewProctors(needed=needed, found=len(found))


def _need(reason: str | None) -> None:
    if not (reason or "").strip():
        raise ReasonNeeded()
