"""The verbs of rulings: flag, message, warn, take a picture, void.

Passwords are checked before a verb is queued (a check takes long and must not hold the writer); a verb is given the
people whose passwords were right.
"""

import hashlib
from typing import Literal

from config.exam_day import ForcedAt
from config.scheme import Scheme
from protocol import office_entries as office
from server.attempts.actions import ROOM, AttemptNotNow, attempt_of
from server.attempts.rules import SITTING, A, Attempt, Attempts
from server.errors import NotFound, Refused
from server.people.queries import all_staff_of
from server.people.rules import Person, Role, serves
from server.rulings.queries import attempts_in_batch
from server.rulings.rules import (
    STANDING,
    Flag,
    Rulings,
    Severity,
    Void,
    VoidState,
    already_said,
    step,
)
from server.rulings.watch import Finding
from server.sessions.actions import NotNow, ReasonNeeded, facts_of
from server.sessions.queries import scheme_of, session_row
from server.sessions.rules import SessionState
from server.writer.desk import Desk
from server.writer.registers import new_id

MAY_SIGN = frozenset({Role.PROCTOR, Role.QUALITY_SUPERVISOR})
"""Roles of the two people who void in the room."""

_NOTHING_TO_VOID = frozenset(
    {
        SessionState.PLANNED,
        SessionState.APPLIED,
        SessionState.RETURNED,
        SessionState.APPROVED,
        SessionState.LOADED,
        SessionState.CHECKED,
        SessionState.CANCELLED,
        SessionState.ABORTED,
    }
)
"""Before check-in nobody has done anything; a cancelled or aborted session counts for nothing."""


REVIEWED = frozenset(
    {SessionState.SIGNED, SessionState.UNDER_REVIEW, SessionState.CONFIRMED, SessionState.ARCHIVED}
)
"""The record form is signed: from here the review and the confirming body have the word."""


class UnknownRulingCode(Refused):
    """People rule with the codes of the session's scheme."""

    code = "unknown_ruling_code"
    zh = "方案中没有处理代码 {code}。"
    en = "The scheme has no ruling code {code}."


class StatementNeeded(Refused):
    """The candidate is heard: the statement 陈述申辩 is recorded, or that it was declined 拒签; one of the two."""

    code = "statement_needed"
    zh = "请记录考生的陈述申辩，或注明考生拒签（二者择一）。"
    en = "Record the candidate's statement, or that it was declined: one of the two."


class VoidPending(Refused):
    """One void of an attempt at a time."""

    code = "void_pending"
    zh = "该考生已有取消成绩的处理（{state}）。"
    en = "There is a void of this attempt already ({state})."


class SecondPersonNeeded(Refused):
    """A void needs two different people."""

    code = "second_person_needed"
    zh = "须由另一名工作人员签署：提出人不能自己复核。"
    en = "Another person must sign: whoever proposed a void cannot sign it as well."


class NotOfTheRoom(Refused):
    """Who rules in a room is on duty there."""

    code = "not_of_the_room"
    status = 403
    zh = "只有本场次的监考员或督导员可以提出或签署取消成绩。"
    en = "Only this session's own proctors and quality supervisors propose or sign a void."


class SignerCannotDecide(Refused):
    """The confirming body is neither of the two who signed in the room."""

    code = "signer_cannot_decide"
    zh = "在考场签署处理意见的人员不能作出最终处理决定。"
    en = "Whoever signed in the room cannot decide for the confirming body."


class VoidNotNow(Refused):
    """The void's state does not allow this verb."""

    code = "void_not_now"
    zh = "该处理当前状态为 {state}，不能执行 {verb}。"
    en = "The void is {state}; {verb} is not possible now."


class FlagClosedOtherwise(Refused):
    """A closed flag stays as it was closed."""

    code = "flag_closed"
    zh = "该疑点已处理（{outcome}）。"
    en = "The flag was closed already ({outcome})."


# -- words to a seat -------------------------------------------------------------------------------------------------


def send(desk: Desk, session: str, attempt: str, by: str, text: str, *, warning: bool) -> dict[str, object]:
    """A message or warning, shown at the seat until the candidate closes it."""
    _at_the_seat(desk, session, attempt, "message")
    digest = desk.note(text)
    if digest is None:
        raise ReasonNeeded()
    message = new_id("msg")
    body = office.MessageSent(attempt=attempt, message=message, text=digest, warning=warning, by=by)
    desk.record(body, session=session, attempt=attempt)
    return {"message": message}


def request_picture(desk: Desk, session: str, attempt: str, by: str) -> dict[str, object]:
    """The seat takes a picture now."""
    _at_the_seat(desk, session, attempt, "picture")
    _order_picture(desk, session, attempt, None, by)
    return {}


# -- flags -----------------------------------------------------------------------------------------------------------


def raise_flag(
    desk: Desk,
    session: str,
    attempt: str,
    by: str,
    code: str,
    severity: Severity,
    evidence: list[str],
    reason: str,
) -> dict[str, object]:
    """A person is suspicious, with a code of the scheme, what was seen, and why."""
    attempt_of(desk, session, attempt)
    _known_code(_scheme(desk, session), code)
    _need(reason)
    flag = new_id("flag")
    body = office.FlagRaised(
        attempt=attempt,
        flag=flag,
        code=code,
        severity=severity,
        source="person",
        by=by,
        evidence=evidence,
        note=desk.note(reason),
    )
    _lay_flag(desk, session, body)
    return {"flag": flag}


def raise_finding(desk: Desk, session: str, found: Finding) -> str | None:
    """The machine's flag for what it saw; None when it, or an open one as bad, stands already."""
    flags = _rulings(desk, session).of(found.attempt).flags
    flag = machine_flag_id(found)
    if flag in flags or already_said(flags.values(), found.code, found.severity):
        return None
    body = office.FlagRaised(
        attempt=found.attempt,
        flag=flag,
        code=found.code,
        severity=found.severity,
        source="machine",
        by=ROOM,
        evidence=list(found.evidence),
    )
    _lay_flag(desk, session, body)
    return flag


def machine_flag_id(found: Finding) -> str:
    """The same id whenever the same thing is seen again."""
    named = f"{found.attempt}\n{found.code}\n{found.severity}\n{found.key}"
    return "m-" + hashlib.sha256(named.encode()).hexdigest()[:20]


def closes_as_staff(desk: Desk, session: str, by: Person) -> bool:
    """Whether this person closes flags as one of the room; once its record form is signed, only the review does."""
    if facts_of(desk, session).state in REVIEWED or by.roles.isdisjoint(MAY_SIGN):
        return False
    return serves(all_staff_of(desk.db, session), by.id, MAY_SIGN)


def flagged_attempt(desk: Desk, session: str, flag: str) -> Attempt:
    """Whose flag it is; raises NotFound."""
    facts_of(desk, session)
    found = _rulings(desk, session).flag(flag)
    if found is None:
        raise NotFound(what=f"flag {flag}")
    return attempt_of(desk, session, found.attempt)


def close_flag(
    desk: Desk,
    session: str,
    flag: str,
    by: str,
    outcome: Literal["dismissed", "acknowledged"],
    reason: str | None,
) -> dict[str, object]:
    """A person looked; a flag taken up in a void is closed by the void's second signature."""
    facts_of(desk, session)
    found = _rulings(desk, session).flag(flag)
    if found is None:
        raise NotFound(what=f"flag {flag}")
    if found.outcome == outcome:
        return {"outcome": outcome}
    if found.outcome is not None:
        raise FlagClosedOtherwise(outcome=found.outcome)
    if outcome == "dismissed":
        _need(reason)
    _close(desk, session, found, by, outcome, desk.note(reason))
    return {"outcome": outcome}


# -- voids -----------------------------------------------------------------------------------------------------------


def propose_void(
    desk: Desk,
    session: str,
    attempt: str,
    by: str,
    *,
    code: str,
    flags: list[str],
    statement: str | None,
    statement_declined: bool,
    reason: str,
) -> dict[str, object]:
    """The first of two people, own password entered again, proposes to void; nothing binds yet."""
    facts, rulings = facts_of(desk, session), _rulings(desk, session).of(attempt)
    attempt_of(desk, session, attempt)
    scheme = _scheme(desk, session)
    _of_the_room(desk, session, by)
    _known_code(scheme, code)
    pending = rulings.pending_void()
    if pending is not None:
        if pending.state is VoidState.PROPOSED and (pending.by, pending.code) == (by, code):
            return _outcome(pending.ruling, pending.state)
        raise VoidPending(state=pending.state)
    if facts.state in _NOTHING_TO_VOID:
        raise NotNow(state=facts.state, verb="void")
    _need(reason)
    if bool((statement or "").strip()) == statement_declined:
        raise StatementNeeded()
    for flag in flags:
        if flag not in rulings.flags:
            raise NotFound(what=f"flag {flag}")
    ruling = new_id("void")
    body = office.VoidProposed(
        ruling=ruling,
        attempt=attempt,
        code=code,
        scope=scheme.void_scope(code).value,
        flags=list(dict.fromkeys(flags)),
        statement=desk.note(statement),
        statement_declined=statement_declined,
        by=by,
        note=desk.note(reason),
    )
    desk.record(body, session=session, attempt=attempt)
    return _outcome(ruling, VoidState.PROPOSED)


def sign_void(desk: Desk, session: str, key: str, ruling: str, by: str) -> dict[str, object]:
    """The second, different person, password entered, signs: from here the attempt is voided, provisionally.

    With scope ``batch`` every other attempt of the candidate in the batch is voided in the same commit, each by its own
    entries on its own session's stream.
    """
    void = _void(desk, session, key, ruling)
    if void.state is VoidState.SIGNED and void.signed_by == by:
        return _outcome(ruling, void.state)
    if step(void.state, "sign") is None:
        raise VoidNotNow(state=void.state, verb="sign")
    _of_the_room(desk, session, by)
    if void.source != "room":
        raise NotOfTheRoom()
    if void.by == by:
        raise SecondPersonNeeded()
    return bind(desk, session, void, by)


def bind(desk: Desk, session: str, void: Void, by: str) -> dict[str, object]:
    """Lay down the second signature and what follows from it, also in the candidate's other sessions of the batch."""
    attempt = attempt_of(desk, session, void.attempt)
    if attempt.state is A.VOIDED:
        raise VoidPending(state=attempt.state)
    _sign(desk, session, void, by)
    for flag in void.flags:
        found = _rulings(desk, session).of(void.attempt).flags[flag]
        if found.open:
            _close(desk, session, found, by, "ruled", void.note)
    if void.scope == "batch":
        batch = facts_of(desk, session).batch
        for other_session, other in attempts_in_batch(desk.db, attempt.candidate, batch):
            if other != attempt.id and _may_be_voided(desk, other_session, other):
                _extend(desk, other_session, other, void, by)
    return _outcome(void.ruling, VoidState.SIGNED)


def withdraw_void(desk: Desk, session: str, key: str, ruling: str, by: str, reason: str) -> dict[str, object]:
    """The room's proposal is taken back before the second signature."""
    void = _void(desk, session, key, ruling)
    if void.source != "room":
        raise NotOfTheRoom()
    return withdraw(desk, session, void, by, reason)


def withdraw(desk: Desk, session: str, void: Void, by: str, reason: str) -> dict[str, object]:
    """Lay down that a proposal is taken back, whoever made it."""
    if void.state is VoidState.WITHDRAWN:
        return _outcome(void.ruling, void.state)
    if step(void.state, "withdraw") is None:
        raise VoidNotNow(state=void.state, verb="withdraw")
    _need(reason)
    body = office.VoidWithdrawn(ruling=void.ruling, attempt=void.attempt, by=by, note=desk.note(reason))
    desk.record(body, session=session, attempt=void.attempt)
    return _outcome(void.ruling, VoidState.WITHDRAWN)


def decide_void(
    desk: Desk,
    session: str,
    key: str,
    ruling: str,
    by: str,
    outcome: Literal["upheld", "lifted"],
    reason: str,
) -> dict[str, object]:
    """The confirming body's 处理决定 on every attempt the ruling voided; lifting restores what was.

    Where another standing void of the batch reaches an attempt this one is lifted from, that one voids it from here.
    """
    void = _void(desk, session, key, ruling)
    if void.state == outcome:
        return _outcome(ruling, void.state)
    if step(void.state, outcome) is None:
        raise VoidNotNow(state=void.state, verb=outcome)
    if by in (void.by, void.signed_by):
        raise SignerCannotDecide()
    _need(reason)
    note = desk.note(reason)
    candidate = attempt_of(desk, session, void.attempt).candidate
    places = attempts_in_batch(desk.db, candidate, facts_of(desk, session).batch)
    others = _standing_batch_voids(desk, places, ruling)
    for where, attempt in places:
        held = _rulings(desk, where).of(attempt).voids.get(ruling)
        if held is None or step(held.state, outcome) is None:
            continue
        body = office.VoidDecided(ruling=ruling, attempt=attempt, outcome=outcome, by=by, note=note)
        desk.record(body, session=where, attempt=attempt)
        if outcome == "lifted" and others:
            _reach(desk, where, attempt, others[0])
    return _outcome(ruling, VoidState(outcome))


# -- beneath the verbs -----------------------------------------------------------------------------------------------


def _of_the_room(desk: Desk, session: str, by: str) -> None:
    """Where the session's staff is registered, only they rule in it."""
    if not serves(all_staff_of(desk.db, session), by, MAY_SIGN):
        raise NotOfTheRoom()


def _outcome(ruling: str, state: VoidState) -> dict[str, object]:
    return {"ruling": ruling, "state": state.value}


def _sign(desk: Desk, session: str, void: Void, by: str) -> None:
    body = office.VoidSigned(ruling=void.ruling, attempt=void.attempt, by=by)
    desk.record(body, session=session, attempt=void.attempt)


def _extend(desk: Desk, session: str, attempt: str, void: Void, signed_by: str) -> None:
    """Bring a signed ruling to another attempt: its stream tells the whole of it, who proposed and who signed."""
    proposed = office.VoidProposed(
        ruling=void.ruling,
        attempt=attempt,
        code=void.code,
        scope=void.scope,
        flags=void.flags,
        statement=void.statement,
        statement_declined=void.statement_declined,
        by=void.by,
        note=void.note,
        source=void.source,
    )
    desk.record(proposed, session=session, attempt=attempt)
    signed = office.VoidSigned(ruling=void.ruling, attempt=attempt, by=signed_by)
    desk.record(signed, session=session, attempt=attempt)


def _reach(desk: Desk, session: str, attempt: str, void: Void) -> None:
    """Bring a standing ruling to an attempt another one was lifted from, as far as it was decided."""
    assert void.signed_by is not None
    _extend(desk, session, attempt, void, void.signed_by)
    if void.state is VoidState.UPHELD:
        assert void.decided_by is not None
        body = office.VoidDecided(
            ruling=void.ruling, attempt=attempt, outcome="upheld", by=void.decided_by, note=void.decided_note
        )
        desk.record(body, session=session, attempt=attempt)


def _standing_batch_voids(desk: Desk, places: list[tuple[str, str]], but: str) -> list[Void]:
    found = []
    for session, attempt in places:
        for void in _rulings(desk, session).of(attempt).voids.values():
            if void.ruling != but and void.scope == "batch" and void.state in STANDING:
                found.append(void)
    return found


def _may_be_voided(desk: Desk, session: str, attempt: str) -> bool:
    facts = facts_of(desk, session)
    if facts.state in (SessionState.CANCELLED, SessionState.ABORTED):
        return False
    return desk.day(session).part(Attempts).by_id[attempt].state is not A.VOIDED


def _lay_flag(desk: Desk, session: str, body: office.FlagRaised) -> None:
    desk.record(body, session=session, attempt=body.attempt)
    attempt = attempt_of(desk, session, body.attempt)
    if attempt.state in SITTING and ForcedAt.FLAG in _scheme(desk, session).capture.forced_at:
        _order_picture(desk, session, body.attempt, body.flag, body.by)


def _order_picture(desk: Desk, session: str, attempt: str, flag: str | None, by: str) -> None:
    desk.record(office.SnapshotRequested(attempt=attempt, flag=flag, by=by), session=session, attempt=attempt)


def _close(
    desk: Desk,
    session: str,
    flag: Flag,
    by: str,
    outcome: Literal["dismissed", "acknowledged", "ruled"],
    note: str | None,
) -> None:
    body = office.FlagClosed(flag=flag.id, attempt=flag.attempt, outcome=outcome, by=by, note=note)
    desk.record(body, session=session, attempt=flag.attempt)


def _at_the_seat(desk: Desk, session: str, attempt: str, verb: str) -> Attempt:
    found = attempt_of(desk, session, attempt)
    if found.state not in SITTING:
        raise AttemptNotNow(state=found.state, verb=verb)
    return found


def _void(desk: Desk, session: str, attempt: str, ruling: str) -> Void:
    facts_of(desk, session)
    found = _rulings(desk, session).of(attempt).voids.get(ruling)
    if found is None:
        raise NotFound(what=f"ruling {ruling}")
    return found


def _known_code(scheme: Scheme, code: str) -> None:
    if code not in {ruling.code for ruling in scheme.ruling_codes}:
        raise UnknownRulingCode(code=code)


def _scheme(desk: Desk, session: str) -> Scheme:
    return scheme_of(session_row(desk.db, session))


def _rulings(desk: Desk, session: str) -> Rulings:
    return desk.day(session).part(Rulings)


def _need(reason: str | None) -> None:
    if not (reason or "").strip():
        raise ReasonNeeded()
