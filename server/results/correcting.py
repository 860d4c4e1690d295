"""Scoring again after a key correction: who changes and by how much, and the second signature that applies it.

The report is computed outside the writer from what the day says; the verb applies it only while the day still says so.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from protocol import office_entries as office
from protocol import wire
from question_bank.corrections import CorrectionError, Corrections, KeyCorrection, check_fits
from question_bank.items import Item
from server.attempts.rules import A, Attempt, Attempts
from server.corrections.actions import (
    CorrectionDoesNotFit,
    ReportChanged,
    WhyRecused,
    check_second,
    correction_of,
    held_in,
    refuse_recused,
)
from server.corrections.queries import said
from server.corrections.rules import C
from server.errors import Refused
from server.papers.queries import paper_record, papers_of, session_secret
from server.people.rules import Person
from server.results.actions import ToScore, as_it_counts, score_one
from server.results.rules import Results, sat
from server.sessions.queries import scheme_of, session_row
from server.writer.desk import Desk

CHANGES_MAX = 5_000
"""Scores changed in one verb: all of a correction, or none."""


class TooManyChanges(Refused):
    """All of a correction is applied at once; more would keep everybody waiting."""

    code = "too_many_changes"
    zh = "该更正将改变 {count} 名考生的成绩，超过一次可处理的 {limit} 名。请按场次分别更正。"
    en = "The correction changes {count} scores, more than the {limit} done at once. Correct session by session."


@dataclass(frozen=True, slots=True)
class Standing:
    """One attempt's score as it stands, and what it follows from; ``changed``: answers came after the score."""

    counts: ToScore
    seat: int
    candidate: str
    score: int
    pass_score: int
    voided: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """Everything a report is computed from, as the day has it. unscored: attempts that wait for assessors.

    done: what the correction has changed, where it was applied already.
    """

    sessions: tuple[str, ...]
    standing: tuple[Standing, ...]
    unscored: int
    done: "tuple[Change, ...] | None" = None

    @property
    def digest(self) -> str:
        """The same exactly when nothing of it has changed."""
        plain: list[list[object]] = [[*self.sessions]]
        for one in self.standing:
            hand = [[slot, score] for slot, score in sorted(one.counts.by_hand.items())]
            plain.append(
                [one.counts.attempt, one.score, one.counts.digest, hand, list(one.counts.corrections)]
            )
        return _digest(plain)


@dataclass(frozen=True, slots=True)
class Change:
    """One score that changes, in hundredths."""

    session: str
    attempt: str
    seat: int
    candidate: str
    before: int
    after: int
    max_score: int
    passed_before: bool
    passed_after: bool
    voided: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Who changes and by how much, those whose verdict turns first. Nothing of it is applied.

    asked: attempts that had the item. left_out: of these with answers that came after the score, which a ruling of its
    own scores anew. basis: digest of what it was computed from.
    """

    basis: str
    item: Item
    said: KeyCorrection
    scored: int
    unscored: int
    asked: int
    left_out: int
    changes: tuple[Change, ...]

    @property
    def digest(self) -> str:
        """What those who rule sign: the very changes they saw."""
        changes = [[one.attempt, one.before, one.after] for one in self.changes]
        return _digest([[self.basis, self.asked, self.left_out, self.unscored], *changes])

    @property
    def counts(self) -> dict[str, int]:
        """How many rise, fall, begin to pass (``gained``) and no longer pass (``lost``)."""
        found: Counter[str] = Counter()
        for one in self.changes:
            found["up" if one.after > one.before else "down"] += 1
            found["gained"] += one.passed_after and not one.passed_before
            found["lost"] += one.passed_before and not one.passed_after
        return {name: found[name] for name in ("up", "down", "gained", "lost")}


def basis_of(desk: Desk, session: str, correction: str) -> Basis:
    """What a correction's report is computed from; raises NotFound."""
    sessions = held_in(desk, session, correction)
    standing: list[Standing] = []
    unscored = 0
    for each in sessions:
        scheme = scheme_of(session_row(desk.db, each))
        results = desk.day(each).part(Results).by_attempt
        for attempt in desk.day(each).part(Attempts).by_id.values():
            result = results.get(attempt.id)
            if result is None or result.score is None:
                unscored += sat(attempt)
                continue
            counts = as_it_counts(desk, each, attempt)
            standing.append(
                Standing(
                    counts=counts,
                    seat=attempt.seat,
                    candidate=attempt.candidate,
                    score=result.score,
                    pass_score=scheme.subject(attempt.subject).pass_score,
                    voided=attempt.state is A.VOIDED,
                    changed=counts.digest != result.answers_digest,
                )
            )
    return Basis(tuple(sessions), tuple(standing), unscored, _done(desk, session, correction, sessions))


def _done(desk: Desk, session: str, correction: str, sessions: Sequence[str]) -> tuple[Change, ...] | None:
    """What an applied correction changed: the scores laid down with the second signature, beside those before."""
    at = correction_of(desk, session, correction).applied_at
    if at is None:
        return None
    found = []
    for each in sessions:
        scheme = scheme_of(session_row(desk.db, each))
        attempts = desk.day(each).part(Attempts).by_id
        for key, result in desk.day(each).part(Results).by_attempt.items():
            for before, after, max_score, scored_at in result.steps():
                if scored_at == at:
                    line = scheme.subject(attempts[key].subject).pass_score
                    found.append(_changed(each, attempts[key], before, after, max_score, line))
    return tuple(sorted(found, key=_verdicts_first))


def report(db: Session, basis: Basis, session: str, correction: str, wrapping: bytes) -> Report:
    """Score everybody concerned as if the correction counted; reads, and changes nothing."""
    secrets = {each: session_secret(db, each, wrapping) for each in basis.sessions}
    meant = said(db, session, correction, secrets[session])
    corrections: dict[tuple[str, tuple[str, ...]], Corrections] = {}
    item: Item | None = None
    asked = left_out = 0
    changes = []
    for one in basis.standing:
        place = one.counts.session, one.counts.corrections
        record = paper_record(db, one.counts.attempt, secrets[place[0]])
        found = record.by_ref().get((meant.item, meant.version))
        if found is None:
            continue
        item, asked = found, asked + 1
        if basis.done is not None:
            continue
        if one.changed:
            left_out += 1
            continue
        if place not in corrections:
            before = [said(db, place[0], each, secrets[place[0]]) for each in place[1]]
            corrections[place] = Corrections([*before, meant])
        after = score_one(record, one.counts, corrections[place])
        if after.total != one.score:
            changes.append(_change(one, after.total, after.max_score))
    item = item or asked_item(db, basis.sessions, meant, wrapping)
    return Report(
        basis=basis.digest,
        item=item,
        said=meant,
        scored=len(basis.standing),
        unscored=basis.unscored,
        asked=asked,
        left_out=left_out,
        changes=tuple(sorted(changes, key=_verdicts_first)) if basis.done is None else basis.done,
    )


def asked_item(db: Session, sessions: Sequence[str], meant: KeyCorrection, wrapping: bytes) -> Item:
    """The item a correction is of, from the papers of these sessions; raises CorrectionDoesNotFit."""
    for session in sessions:
        secret = session_secret(db, session, wrapping)
        for attempt in papers_of(db, session):
            item = paper_record(db, attempt, secret).by_ref().get((meant.item, meant.version))
            if item is None:
                continue
            try:
                check_fits(item, meant)
            except CorrectionError as wrong:
                raise CorrectionDoesNotFit(why=str(wrong)) from wrong
            return item
    raise CorrectionDoesNotFit(why=f"{meant.item}@{meant.version}: no paper has it")


def apply(
    desk: Desk, session: str, correction: str, by: Person, seen: str, made: Report, why: WhyRecused
) -> dict[str, object]:
    """The second signature, password entered: the correction counts, and every score that changes is laid down.

    seen: digest of the report the signer saw. Confirmed results become corrected; the scores before stay.
    """
    found = correction_of(desk, session, correction)
    if found.state is C.APPLIED and found.applied_by == by.id:
        return {"correction": correction, "state": found.state}
    check_second(found, by, seen)
    basis = basis_of(desk, session, correction)
    if made.digest != seen or basis.digest != made.basis:
        raise ReportChanged()
    if len(made.changes) > CHANGES_MAX:
        raise TooManyChanges(count=len(made.changes), limit=CHANGES_MAX)
    for each in basis.sessions:
        refuse_recused(desk, each, by, why)
        body = office.KeyCorrectionApplied(correction=correction, report=seen, by=by.id)
        desk.record(body, session=each)
    digests = {one.counts.attempt: one.counts.digest for one in basis.standing}
    for change in made.changes:
        scored = office.AttemptScored(
            attempt=change.attempt,
            score=change.after,
            max_score=change.max_score,
            answers_digest=digests[change.attempt],
            cause="ruling",
        )
        desk.record(scored, session=change.session, attempt=change.attempt)
    return {"correction": correction, "state": C.APPLIED, "changed": len(made.changes)}


def _change(one: Standing, after: int, max_score: int) -> Change:
    return Change(
        session=one.counts.session,
        attempt=one.counts.attempt,
        seat=one.seat,
        candidate=one.candidate,
        before=one.score,
        after=after,
        max_score=max_score,
        passed_before=one.score >= one.pass_score,
        passed_after=after >= one.pass_score,
        voided=one.voided,
    )


def _changed(
    session: str, attempt: Attempt, before: int, after: int, max_score: int, pass_score: int
) -> Change:
    return Change(
        session=session,
        attempt=attempt.id,
        seat=attempt.seat,
        candidate=attempt.candidate,
        before=before,
        after=after,
        max_score=max_score,
        passed_before=before >= pass_score,
        passed_after=after >= pass_score,
        voided=attempt.state is A.VOIDED,
    )


def _verdicts_first(one: Change) -> tuple[bool, int, str, int]:
    return (one.passed_before == one.passed_after, -abs(one.after - one.before), one.session, one.seat)


def _digest(values: list[list[object]]) -> str:
    return hashlib.sha256(wire.write({"values": values}).encode()).hexdigest()
