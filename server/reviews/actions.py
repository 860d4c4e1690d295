"""The verbs of a review: begin, see, dispute, take back, confirm, and the confirmation of a whole session."""

from dataclasses import dataclass
from typing import Literal

from config.calendar import MissingDeadline, WorkingCalendar
from config.scheme import Scheme
from protocol import office_entries as office
from server.attempts.actions import attempt_of
from server.attempts.rules import A, Attempt, Attempts
from server.candidates.queries import candidate_by_id, candidates_by_id
from server.errors import NotFound, Refused
from server.hand_scoring.rules import HandScores
from server.people.queries import all_staff_of
from server.people.rules import Person
from server.records.rules import Record
from server.results.actions import Scored, ToScore, keep_scores, to_score
from server.results.rules import LEAVES, Result, Results, ResultState, sat, step
from server.reviews.queries import pictures_of
from server.reviews.rules import (
    BLOCKING_SEVERITIES,
    MustSee,
    Reviews,
    Window,
    acted,
    chosen_attempts,
    must_see,
    related,
)
from server.reviews.windows import keep_windows
from server.rulings.rules import Rulings, VoidState
from server.sessions.actions import NotNow, ReasonNeeded, facts_of
from server.sessions.queries import scheme_of, session_row
from server.sessions.rules import SessionFacts, SessionState
from server.writer.desk import Desk

CONFIRMED_PER_PIECE = 200
"""Results moved in one verb, so that nothing waits behind a whole session."""

BLOCKS_ZH = {
    "not_signed": "考场记录表尚未签署",
    "calendar_missing": "缺少计算期限所需年份的工作日历",
    "not_scored": "没有成绩",
    "hand_scores": "人工评分尚未完成",
    "disputed": "存在争议，须先退回审查",
    "void_undecided": "取消成绩的处理尚未决定",
    "flags_open": "仍有较重疑点未处理",
    "to_see": "必看内容尚未看完",
    "recused": "审核人须回避",
}
BLOCKS_EN = {
    "not_signed": "the record form is not signed",
    "calendar_missing": "the working calendar of a year that is needed is missing",
    "not_scored": "there is no score",
    "hand_scores": "answers still wait for assessors",
    "disputed": "it is disputed and must be taken back to review first",
    "void_undecided": "a void is not decided",
    "flags_open": "a grave flag is still open",
    "to_see": "not everything that must be seen was seen",
    "recused": "the person is recused",
}


NAMED_MAX = 10
"""Candidates a refusal names; of more it says how many."""


class Recused(Refused):
    """Reviewers are never staff of that session nor of the candidate's employer or institution (S3-B)."""

    code = "recused"
    status = 403
    zh = "您与本场次或该考生有关联（{why}），须回避，请由他人审查。"
    en = "You are recused from this review ({why}); somebody else must do it."


class ConfirmationBlocked(Refused):
    """Nothing is confirmed by silence; what stands before it is named."""

    code = "confirmation_blocked"
    zh = "还不能确认：{zh_blocks}。"
    en = "This cannot be confirmed yet: {en_blocks}."

    def __init__(self, blocks: list[str]) -> None:
        self.blocks = blocks
        super().__init__(
            zh_blocks="；".join(BLOCKS_ZH[one] for one in blocks),
            en_blocks="; ".join(BLOCKS_EN[one] for one in blocks),
        )

    def details(self) -> dict[str, object]:
        """The codes, for a screen."""
        return {"blocks": self.blocks}


class SessionBlocked(Refused):
    """A session is confirmed whole; the attempts that cannot be are named, and nothing was confirmed."""

    code = "session_blocked"
    zh = "还有 {count} 名考生不能确认：{zh_named}。本场次未确认任何成绩。"
    en = "{count} attempts cannot be confirmed: {en_named}. Nothing of the session was confirmed."

    def __init__(self, problems: list["Unready"]) -> None:
        self.problems = problems
        named = problems[:NAMED_MAX]
        more = len(problems) > NAMED_MAX
        super().__init__(
            count=len(problems),
            zh_named="；".join(one.zh for one in named) + ("等" if more else ""),
            en_named="; ".join(one.en for one in named) + (" and others" if more else ""),
        )

    def details(self) -> dict[str, object]:
        """Each attempt with what stands before it."""
        return {
            "problems": [
                {"attempt": one.attempt, "seat": one.seat, "name": one.name, "blocks": one.blocks}
                for one in self.problems
            ]
        }


@dataclass(frozen=True, slots=True)
class Unready:
    """One attempt that cannot be confirmed yet, and what stands before it."""

    attempt: str
    seat: int
    name: str
    blocks: list[str]

    @property
    def zh(self) -> str:
        """As the sentence names it."""
        return f"{self.seat} 号{self.name}（{'，'.join(BLOCKS_ZH[each] for each in self.blocks)}）"

    @property
    def en(self) -> str:
        """As the sentence names it."""
        return f"seat {self.seat} {self.name} ({', '.join(BLOCKS_EN[each] for each in self.blocks)})"


class ResultNotNow(Refused):
    """The result's state does not allow this verb."""

    code = "result_not_now"
    zh = "该成绩当前状态为 {state}，不能执行 {verb}。"
    en = "The result is {state}; {verb} is not possible now."


@dataclass(frozen=True, slots=True)
class Policy:
    """What the session's scheme says of its review, and the seed of its samples."""

    scheme: Scheme
    seed: str
    chosen: set[str]


def begin(desk: Desk, session: str, by: Person, calendar: WorkingCalendar) -> dict[str, object]:
    """The review begins: the windows are counted and kept, and the session is under review."""
    facts = facts_of(desk, session)
    _not_staff(desk, session, by)
    keep_windows(desk, session, calendar)
    if facts.state in (SessionState.UNDER_REVIEW, SessionState.CONFIRMED, SessionState.ARCHIVED):
        return {"state": facts.state}
    if facts.state is not SessionState.SIGNED:
        raise NotNow(state=facts.state, verb="begin_review")
    desk.record(office.SessionMoved(step="under_review", by=by.id), session=session)
    return {"state": SessionState.UNDER_REVIEW}


def see(
    desk: Desk,
    session: str,
    attempt: str,
    by: Person,
    what: Literal["snapshot", "flag"],
    key: str,
    calendar: WorkingCalendar,
) -> dict[str, object]:
    """The reviewer saw a picture or a flag; whoever saw it first is kept."""
    found = attempt_of(desk, session, attempt)
    refuse_recused(desk, session, found, by)
    known = (
        desk.day(session).part(Rulings).of(attempt).flags
        if what == "flag"
        else {one.digest for one in pictures_of(desk.db, attempt)}
    )
    if key not in known:
        raise NotFound(what=f"{what} {key}")
    if f"{what}:{key}" not in desk.day(session).part(Reviews).seen_of(attempt):
        begin(desk, session, by, calendar)
        body = office.ReviewSeen(attempt=attempt, what=what, key=key, by=by.id)
        desk.record(body, session=session, attempt=attempt)
    return {"seen": key}


def dispute(
    desk: Desk, session: str, attempt: str, by: Person, reason: str, calendar: WorkingCalendar
) -> dict[str, object]:
    """Something is not right with this result; it is not confirmed before it was taken back to review."""
    found = attempt_of(desk, session, attempt)
    refuse_recused(desk, session, found, by)
    result = _result(desk, session, attempt)
    if result.state is ResultState.DISPUTED:
        return {"state": result.state}
    _need(reason)
    begin(desk, session, by, calendar)
    state = _under_review(desk, session, attempt, result, by.id)
    if step(state, "disputed") is None:
        raise ResultNotNow(state=state, verb="dispute")
    _move(desk, session, attempt, "disputed", by.id, reason)
    return {"state": ResultState.DISPUTED}


def take_back(
    desk: Desk, session: str, attempt: str, by: Person, reason: str, calendar: WorkingCalendar
) -> dict[str, object]:
    """A disputed result goes back to review, with what was found."""
    found = attempt_of(desk, session, attempt)
    refuse_recused(desk, session, found, by)
    result = _result(desk, session, attempt)
    if result.state is ResultState.UNDER_REVIEW:
        return {"state": result.state}
    if result.state is not ResultState.DISPUTED:
        raise ResultNotNow(state=result.state, verb="back")
    _need(reason)
    begin(desk, session, by, calendar)
    _move(desk, session, attempt, "under_review", by.id, reason)
    return {"state": ResultState.UNDER_REVIEW}


def confirm(
    desk: Desk, session: str, attempt: str, by: Person, reason: str | None, calendar: WorkingCalendar
) -> dict[str, object]:
    """The confirming body's word on one result."""
    found = attempt_of(desk, session, attempt)
    refuse_recused(desk, session, found, by)
    result = _result(desk, session, attempt)
    if result.state in LEAVES:
        return {"state": result.state}
    # The windows first: one that was missing its calendar may be counted by now.
    found_windows = keep_windows(desk, session, calendar)
    blocks = blocks_of(desk, session, found, policy_of(desk, session), found_windows)
    if blocks:
        raise ConfirmationBlocked(blocks)
    begin(desk, session, by, calendar)
    _under_review(desk, session, attempt, result, by.id)
    _move(desk, session, attempt, "confirmed", by.id, reason)
    return {"state": ResultState.CONFIRMED}


def check_session(desk: Desk, session: str, by: Person, calendar: WorkingCalendar) -> dict[str, object]:
    """Before a session is confirmed whole: raises :class:`SessionBlocked` with everything that stands before it."""
    facts = facts_of(desk, session)
    if facts.state is SessionState.CONFIRMED:
        return {"left": 0}
    _not_staff(desk, session, by)
    policy, found = policy_of(desk, session), keep_windows(desk, session, calendar)
    attempts = [one for one in desk.day(session).part(Attempts).by_id.values() if sat(one)]
    candidates = candidates_by_id(desk.db, [one.candidate for one in attempts])
    problems: list[Unready] = []
    for attempt in sorted(attempts, key=lambda one: one.seat):
        if _result(desk, session, attempt.id).state in LEAVES:
            continue
        blocks = blocks_of(desk, session, attempt, policy, found)
        candidate = candidates.get(attempt.candidate)
        if candidate and related((by.employer, by.institution), (candidate.employer, candidate.institution)):
            blocks.append("recused")
        if blocks:
            name = candidate.name if candidate else attempt.candidate
            problems.append(Unready(attempt.id, attempt.seat, name, blocks))
    if problems:
        raise SessionBlocked(problems)
    begin(desk, session, by, calendar)
    return {"left": len(attempts)}


def confirm_piece(desk: Desk, session: str, by: Person) -> int:
    """Confirm the next results of a session that was checked; how many are left."""
    results = desk.day(session).part(Results).by_attempt
    open_still = [
        one.id
        for one in desk.day(session).part(Attempts).by_id.values()
        if sat(one) and results.get(one.id, Result()).state in (ResultState.SCORED, ResultState.UNDER_REVIEW)
    ]
    for attempt in open_still[:CONFIRMED_PER_PIECE]:
        _under_review(desk, session, attempt, results[attempt], by.id)
        _move(desk, session, attempt, "confirmed", by.id, None)
    return max(0, len(open_still) - CONFIRMED_PER_PIECE)


def close_session(desk: Desk, session: str, by: Person) -> dict[str, object]:
    """Every result is confirmed: the session is, and its results may leave."""
    facts = facts_of(desk, session)
    if facts.state is SessionState.CONFIRMED:
        return {"state": facts.state}
    left = [
        one.id
        for one in desk.day(session).part(Attempts).by_id.values()
        if sat(one) and _result(desk, session, one.id).state not in LEAVES
    ]
    if left or facts.state is not SessionState.UNDER_REVIEW:
        raise NotNow(state=facts.state, verb="confirm")
    desk.record(office.SessionMoved(step="confirmed", by=by.id), session=session)
    return {"state": SessionState.CONFIRMED}


def ask_rescoring(desk: Desk, session: str, attempt: str, by: Person) -> list[ToScore]:
    """The answers to score anew by ruling: of a disputed result, or of a confirmed one that is corrected."""
    found = attempt_of(desk, session, attempt)
    refuse_recused(desk, session, found, by)
    state = _result(desk, session, attempt).state
    if state not in (ResultState.DISPUTED, ResultState.CONFIRMED, ResultState.CORRECTED):
        raise ResultNotNow(state=state, verb="rescore")
    return to_score(desk, session, [attempt])


def keep_rescored(
    desk: Desk, session: str, attempt: str, by: Person, scored: list[Scored], reason: str
) -> dict[str, object]:
    """After the record form scores change only by ruling: this one, with its reason."""
    _need(reason)
    if _result(desk, session, attempt).state is ResultState.CONFIRMED and scored:
        _move(desk, session, attempt, "corrected", by.id, reason)
    return {"rescored": keep_scores(desk, session, scored, "ruling")}


# -- what the verbs ask ----------------------------------------------------------------------------------------------


def policy_of(desk: Desk, session: str) -> Policy:
    """The scheme's review with its samples drawn; the signed record form's heads are the seed."""
    scheme = scheme_of(session_row(desk.db, session))
    day = desk.day(session)
    rulings = day.part(Rulings)
    attempts = [one.id for one in day.part(Attempts).by_id.values() if sat(one)]
    flagged = [key for key in attempts if rulings.of(key).flags or rulings.of(key).voids]
    seed = day.part(Record).heads_digest or session
    return Policy(scheme, seed, chosen_attempts(attempts, flagged, scheme.review, seed))


def must_see_of(desk: Desk, session: str, attempt: str, policy: Policy) -> MustSee:
    """What is seen before this attempt is confirmed; nothing where it was not chosen."""
    if attempt not in policy.chosen:
        return MustSee()
    flags = list(desk.day(session).part(Rulings).of(attempt).flags.values())
    pictures = pictures_of(desk.db, attempt)
    return must_see(flags, pictures, chosen=True, review=policy.scheme.review, seed=policy.seed)


def blocks_of(desk: Desk, session: str, attempt: Attempt, policy: Policy, found: list[Window]) -> list[str]:
    """What stands between this attempt and its confirmation, by code; empty when nothing does."""
    day = desk.day(session)
    result, rulings = _result(desk, session, attempt.id), day.part(Rulings).of(attempt.id)
    blocks = []
    if day.part(SessionFacts).state not in (SessionState.SIGNED, SessionState.UNDER_REVIEW):
        blocks.append("not_signed")
    if any(isinstance(window.deadline, MissingDeadline) for window in found):
        blocks.append("calendar_missing")
    if result.state is ResultState.NONE:
        waits = day.part(HandScores).waiting(attempt.id)
        blocks.append("hand_scores" if waits else "not_scored")
    if result.state is ResultState.DISPUTED:
        blocks.append("disputed")
    if any(void.state in (VoidState.PROPOSED, VoidState.SIGNED) for void in rulings.voids.values()):
        blocks.append("void_undecided")
    # Whoever is voided needs no further word on each suspicion.
    voided = attempt.state is A.VOIDED
    if not voided and any(flag.severity in BLOCKING_SEVERITIES for flag in rulings.open_flags()):
        blocks.append("flags_open")
    seen = day.part(Reviews).seen_of(attempt.id)
    if must_see_of(desk, session, attempt.id, policy).keys() - seen.keys():
        blocks.append("to_see")
    return blocks


def why_recused(desk: Desk, session: str, candidate: str | None, by: Person) -> str | None:
    """``staff``, ``employer`` where this person may not review; None where they may.

    Whoever did anything in the room, or was on duty once its door was open, stays its staff: nobody is relieved to
    review it.
    """
    day = desk.day(session)
    if by.id in acted(day.part(Record), day.part(Rulings)):
        return "staff"
    opened = day.part(SessionFacts).check_in_at
    for one in all_staff_of(desk.db, session):
        left = one.relieved_at
        if one.person.id == by.id and (left is None or (opened is not None and left >= opened)):
            return "staff"
    row = None if candidate is None else candidate_by_id(desk.db, candidate)
    if row is not None and related((by.employer, by.institution), (row.employer, row.institution)):
        return "employer"
    return None


def refuse_recused(desk: Desk, session: str, attempt: Attempt, by: Person) -> None:
    """Raise :class:`Recused` where this person has no say in the review of this attempt."""
    why = why_recused(desk, session, attempt.candidate, by)
    if why is not None:
        raise Recused(why=why)


# -- beneath ---------------------------------------------------------------------------------------------------------


def _not_staff(desk: Desk, session: str, by: Person) -> None:
    why = why_recused(desk, session, None, by)
    if why is not None:
        raise Recused(why=why)


def _result(desk: Desk, session: str, attempt: str) -> Result:
    return desk.day(session).part(Results).by_attempt.get(attempt) or Result()


def _under_review(desk: Desk, session: str, attempt: str, result: Result, by: str) -> ResultState:
    """A scored result comes under review with the first word on it."""
    if result.state is not ResultState.SCORED:
        return result.state
    _move(desk, session, attempt, "under_review", by, None)
    return ResultState.UNDER_REVIEW


def _move(
    desk: Desk,
    session: str,
    attempt: str,
    verb: Literal["under_review", "disputed", "confirmed", "corrected"],
    by: str,
    reason: str | None,
) -> None:
    body = office.ResultMoved(attempt=attempt, step=verb, by=by, note=desk.note(reason))
    desk.record(body, session=session, attempt=attempt)


def _need(reason: str | None) -> None:
    if not (reason or "").strip():
        raise ReasonNeeded()
