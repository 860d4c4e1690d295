"""Voids after the exam by the confirming body: results won with false application documents (虚假材料, S0 二(六)).

Two different people of the body decide, each with their own password, for a reason the scheme names as one of theirs.
The void binds as the room's does, also a result that was confirmed; a third person of the body upholds or lifts it, and
lifting restores what was.
"""

from config.scheme import Scheme
from protocol import office_entries as office
from server.attempts.actions import attempt_of
from server.attempts.rules import A
from server.errors import NotFound, Refused
from server.people.rules import Person, Role
from server.rulings.actions import (
    REVIEWED,
    SecondPersonNeeded,
    StatementNeeded,
    UnknownRulingCode,
    VoidNotNow,
    VoidPending,
    bind,
    withdraw,
)
from server.rulings.rules import Rulings, Void, VoidState, step
from server.sessions.actions import NotNow, ReasonNeeded, facts_of
from server.sessions.queries import scheme_of, session_row
from server.writer.desk import Desk
from server.writer.registers import new_id


class NotOfTheBody(Refused):
    """The room does not void after the exam."""

    code = "not_of_the_body"
    status = 403
    zh = "考后取消成绩须由评价办公室（鉴定所）的两名人员签署。"
    en = "After the exam two people of the confirming body void."


class NotAfterTheExam(Refused):
    """What happened in the room is ruled in the room, before its record form is signed."""

    code = "not_after_the_exam"
    zh = "该理由不适用于考后取消，可用：{codes}。"
    en = "This is no reason to void after the exam; possible are: {codes}."


def propose(
    desk: Desk,
    session: str,
    attempt: str,
    by: Person,
    *,
    code: str,
    statement: str | None,
    statement_declined: bool,
    reason: str,
) -> dict[str, object]:
    """The first of two people of the body, own password entered again; nothing binds yet."""
    _of_the_body(by)
    facts, scheme = facts_of(desk, session), scheme_of(session_row(desk.db, session))
    found, voids = attempt_of(desk, session, attempt), desk.day(session).part(Rulings).of(attempt)
    if facts.state not in REVIEWED:
        raise NotNow(state=facts.state, verb="void_after_exam")
    _for_the_body(scheme, code)
    pending = voids.pending_void()
    if pending is not None:
        if pending.state is VoidState.PROPOSED and (pending.by, pending.code) == (by.id, code):
            return {"ruling": pending.ruling, "state": pending.state.value}
        raise VoidPending(state=pending.state)
    if found.state is A.VOIDED:
        raise VoidPending(state=found.state)
    if not reason.strip():
        raise ReasonNeeded()
    if bool((statement or "").strip()) == statement_declined:
        raise StatementNeeded()
    ruling = new_id("void")
    body = office.VoidProposed(
        ruling=ruling,
        attempt=attempt,
        code=code,
        scope=scheme.void_scope(code).value,
        statement=desk.note(statement),
        statement_declined=statement_declined,
        by=by.id,
        note=desk.note(reason),
        source="body",
    )
    desk.record(body, session=session, attempt=attempt)
    return {"ruling": ruling, "state": VoidState.PROPOSED.value}


def sign(desk: Desk, session: str, attempt: str, ruling: str, by: Person) -> dict[str, object]:
    """The second, different person of the body: from here the result is voided, confirmed or not."""
    _of_the_body(by)
    void = _void_of_body(desk, session, attempt, ruling)
    if void.state is VoidState.SIGNED and void.signed_by == by.id:
        return {"ruling": ruling, "state": void.state.value}
    if step(void.state, "sign") is None:
        raise VoidNotNow(state=void.state, verb="sign")
    if void.by == by.id:
        raise SecondPersonNeeded()
    return bind(desk, session, void, by.id)


def take_back(
    desk: Desk, session: str, attempt: str, ruling: str, by: Person, reason: str
) -> dict[str, object]:
    """The proposal is withdrawn before the second signature."""
    _of_the_body(by)
    return withdraw(desk, session, _void_of_body(desk, session, attempt, ruling), by.id, reason)


def _of_the_body(by: Person) -> None:
    if Role.CONFIRMING_BODY not in by.roles:
        raise NotOfTheBody()


def _void_of_body(desk: Desk, session: str, attempt: str, ruling: str) -> Void:
    facts_of(desk, session)
    found = desk.day(session).part(Rulings).of(attempt).voids.get(ruling)
    if found is None:
        raise NotFound(what=f"ruling {ruling}")
    if found.source != "body":
        raise NotOfTheBody()
    return found


def _for_the_body(scheme: Scheme, code: str) -> None:
    theirs = [each.code for each in scheme.ruling_codes if each.after_exam]
    if code not in {each.code for each in scheme.ruling_codes}:
        raise UnknownRulingCode(code=code)
    if code not in theirs:
        raise NotAfterTheExam(codes=", ".join(theirs) or "—")
