"""The verbs before a correction counts: propose, rule, withdraw. The second signature is the results' verb."""

from collections.abc import Callable, Sequence

from protocol import office_entries as office
from question_bank.corrections import KeyCorrection
from server.corrections.models import KeyCorrectionRow
from server.corrections.rules import CORRECTED_IN, C, Correction, KeyCorrections, step
from server.corrections.sealing import Sealed
from server.errors import NotFound, Refused
from server.people.rules import Person
from server.sessions.actions import NotNow, ReasonNeeded, facts_of
from server.sessions.queries import sessions_of_batch
from server.sessions.rules import SessionFacts
from server.writer.desk import Desk

WhyRecused = Callable[[Desk, str, str | None, Person], str | None]
"""Why a person has no say in a session's review; reviews know, and stand above this noun."""


class CorrectionNotNow(Refused):
    """The correction's state does not allow this verb."""

    code = "correction_not_now"
    zh = "该答案更正当前状态为 {state}，不能执行 {verb}。"
    en = "The correction is {state}; {verb} is not possible now."


class CorrectionDoesNotFit(Refused):
    """A key that is none of the item's kind, or an item nobody was asked."""

    code = "correction_does_not_fit"
    zh = "该更正与试题不符：{why}。"
    en = "The correction does not fit the item: {why}."


class RecusedFromCorrection(Refused):
    """Who worked in the room has no say in how it is scored."""

    code = "recused_from_correction"
    status = 403
    zh = "您与场次 {session} 有关联，须回避，不能对其答案更正作出决定。"
    en = "You are recused from session {session} and cannot rule on its keys."


class SecondRulingNeeded(Refused):
    """A correction needs two different people."""

    code = "second_person_needed"
    zh = "须由另一人签字。"
    en = "Somebody else must sign."


class ReportChanged(Refused):
    """Scores changed since the report was looked at: whoever rules rules on what they saw."""

    code = "report_changed"
    zh = "成绩在此期间有变动，报告已不同。请重新查看报告后再决定。"
    en = "Scores have changed since; the report is another one. Look at it again before you rule."


def sessions_concerned(desk: Desk, session: str, scope: str) -> list[str]:
    """The sessions a correction is for: this one, or every one of its batch that is over; raises NotNow."""
    facts = facts_of(desk, session)
    if facts.state not in CORRECTED_IN:
        raise NotNow(state=facts.state, verb="correct_key")
    if scope == "session":
        return [session]
    rows = sessions_of_batch(desk.db, facts.batch)
    return [
        row.id
        for row in rows
        if row.id == session or desk.day(row.id).part(SessionFacts).state in CORRECTED_IN
    ]


def propose(
    desk: Desk,
    session: str,
    correction: str,
    said: KeyCorrection,
    scope: str,
    sealed: Sequence[Sealed],
    by: Person,
    reason: str,
) -> dict[str, object]:
    """Lay a proposal before those who rule; one sealed text for each session concerned. Binds nothing."""
    if not reason.strip():
        raise ReasonNeeded()
    if {one.session for one in sealed} != set(sessions_concerned(desk, session, scope)):
        raise ReportChanged()
    for one in sealed:
        desk.db.add(
            KeyCorrectionRow(
                session=one.session,
                correction=correction,
                content=one.content,
                nonce=one.nonce,
                sealed=one.sealed,
            )
        )
        desk.record(
            office.KeyCorrectionProposed.model_validate(
                {
                    "correction": correction,
                    "item": said.item,
                    "version": said.version,
                    "part": said.part,
                    "remedy": said.remedy.value,
                    "scope": scope,
                    "content": one.content,
                    "by": by.id,
                    "note": desk.note(reason),
                }
            ),
            session=one.session,
        )
    return {"correction": correction, "state": C.PROPOSED}


def rule(
    desk: Desk, session: str, correction: str, by: Person, report: str, reason: str, why: WhyRecused
) -> dict[str, object]:
    """The first of two people, own password entered, rules that this report be applied."""
    found = correction_of(desk, session, correction)
    if found.state is C.RULED and (found.ruled_by, found.report) == (by.id, report):
        return {"correction": correction, "state": found.state}
    _allowed(found, "rule")
    if not reason.strip():
        raise ReasonNeeded()
    for each in held_in(desk, session, correction):
        refuse_recused(desk, each, by, why)
        body = office.KeyCorrectionRuled(
            correction=correction, report=report, by=by.id, note=desk.note(reason)
        )
        desk.record(body, session=each)
    return {"correction": correction, "state": C.RULED}


def withdraw(desk: Desk, session: str, correction: str, by: Person, reason: str) -> dict[str, object]:
    """Take a proposal back, or refuse it; nothing was applied."""
    found = correction_of(desk, session, correction)
    if found.state is C.WITHDRAWN:
        return {"correction": correction, "state": found.state}
    _allowed(found, "withdraw")
    if not reason.strip():
        raise ReasonNeeded()
    for each in held_in(desk, session, correction):
        body = office.KeyCorrectionWithdrawn(correction=correction, by=by.id, note=desk.note(reason))
        desk.record(body, session=each)
    return {"correction": correction, "state": C.WITHDRAWN}


def correction_of(desk: Desk, session: str, correction: str) -> Correction:
    """One correction of a session; raises NotFound."""
    facts_of(desk, session)
    found = desk.day(session).part(KeyCorrections).by_id.get(correction)
    if found is None:
        raise NotFound(what=f"correction {correction}")
    return found


def held_in(desk: Desk, session: str, correction: str) -> list[str]:
    """The sessions a correction was proposed in, this one first."""
    if correction_of(desk, session, correction).scope == "session":
        return [session]
    rows = sessions_of_batch(desk.db, facts_of(desk, session).batch)
    others = [row.id for row in rows if row.id != session]
    return [
        session,
        *(each for each in others if correction in desk.day(each).part(KeyCorrections).by_id),
    ]


def refuse_recused(desk: Desk, session: str, by: Person, why: WhyRecused) -> None:
    """Raise :class:`RecusedFromCorrection` where this person has no say in a session."""
    if why(desk, session, None, by) is not None:
        raise RecusedFromCorrection(session=session)


def check_second(found: Correction, by: Person, report: str) -> None:
    """The second signature is another person's, under the same report; raises what speaks against it."""
    _allowed(found, "apply")
    if found.ruled_by == by.id:
        raise SecondRulingNeeded()
    if found.report != report:
        raise ReportChanged()


def _allowed(found: Correction, verb: str) -> None:
    if step(found.state, verb) is None:
        raise CorrectionNotNow(state=found.state, verb=verb)
