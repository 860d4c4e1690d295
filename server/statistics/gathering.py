"""What statistics are computed from, read from the day in one verb: no name is among it."""

import hashlib
from dataclasses import dataclass

from config.subjects import Subject
from protocol import wire
from server.attempts.rules import A, Attempts
from server.corrections.rules import CORRECTED_IN
from server.papers.queries import draws
from server.results.actions import ToScore, as_it_counts
from server.results.rules import sat
from server.sessions.actions import NotNow, facts_of
from server.sessions.queries import scheme_of, session_row
from server.writer.desk import Desk

AFTER_THE_EXAM = CORRECTED_IN
"""States of a session that has statistics: nobody sits any more."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """One subject of a session. voided and absent are counted and left out, as is who answered nothing at all."""

    session: str
    subject: str
    title: str
    bank: str
    pass_score: int
    sat: tuple[ToScore, ...]
    voided: int
    absent: int
    silent: int

    @property
    def basis(self) -> str:
        """Digest of everything the statistics follow from."""
        plain = [
            [one.attempt, one.digest, sorted(map(list, one.by_hand.items())), list(one.corrections)]
            for one in self.sat
        ]
        counts = [[self.voided, self.absent, self.silent, self.pass_score]]
        return hashlib.sha256(wire.write({"basis": [*counts, *plain]}).encode()).hexdigest()


def gather(desk: Desk, session: str) -> list[Gathered]:
    """Every subject of a session that is over; raises NotFound and NotNow."""
    facts = facts_of(desk, session)
    if facts.state not in AFTER_THE_EXAM:
        raise NotNow(state=facts.state, verb="statistics")
    scheme = scheme_of(session_row(desk.db, session))
    return [
        _subject(desk, session, scheme.subject(draw.subject), draw.bank) for draw in draws(desk.db, session)
    ]


def _subject(desk: Desk, session: str, subject: Subject, bank: str) -> Gathered:
    found, voided, absent, silent = [], 0, 0, 0
    for attempt in desk.day(session).part(Attempts).by_id.values():
        if attempt.subject != subject.code:
            continue
        if not sat(attempt):
            absent += 1
        elif attempt.state is A.VOIDED:
            voided += 1
        elif not attempt.answered():
            silent += 1
        else:
            found.append(as_it_counts(desk, session, attempt))
    return Gathered(
        session=session,
        subject=subject.code,
        title=subject.title.zh,
        bank=bank,
        pass_score=subject.pass_score,
        sat=tuple(found),
        voided=voided,
        absent=absent,
        silent=silent,
    )
