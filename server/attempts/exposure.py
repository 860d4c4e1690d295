"""How often items were sat: counted from past draws, once each, when their sessions are over.

Nothing is kept of it before a session is over: which items a paper has is as secret as the paper. What a past draw gave
is drawn again from its inputs and secret, so the count is as provable as the papers.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from sqlmodel import Session, col, select

from question_bank.commitment import commit, inputs_from_json
from question_bank.draw import CannotDraw, draw
from server.attempts.models import AttemptRow
from server.attempts.rules import A
from server.papers.actions import PartsMissing, secret_of
from server.papers.models import ItemExposure, PaperDraw
from server.papers.queries import paper_names, promise
from server.papers.queries import parts as parts_of
from server.sessions.models import ExamSession
from server.sessions.rules import REVEALED
from server.writer.desk import Desk

NEVER_SAT = frozenset({A.EXPECTED, A.CHECKED_IN, A.WAITING, A.REFUSED, A.ABSENT})
"""States of an attempt whose paper nobody saw; a void is no such state: its paper was seen."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What one past draw showed: on how many sat papers each item was."""

    session: str
    subject: str
    bank: str
    uses: Mapping[str, int]


def uncounted(db: Session) -> list[PaperDraw]:
    """Draws of sessions that are over and whose items were not counted yet."""
    query = (
        select(PaperDraw)
        .join(ExamSession, col(ExamSession.id) == col(PaperDraw.session))
        .where(col(ExamSession.state).in_(sorted(REVEALED)), col(PaperDraw.counted).is_(False))
        .order_by(PaperDraw.session, PaperDraw.subject)
    )
    return list(db.exec(query))


def count_past(db: Session, wrapping: bytes) -> list[Counted]:
    """Draw again what past sessions drew and count what was sat; a draw of an older release counts nothing."""
    return [
        Counted(each.session, each.subject, each.bank, _uses(db, each, wrapping)) for each in uncounted(db)
    ]


def keep_counts(desk: Desk, counted: list[Counted]) -> None:
    """Keep what was counted; a draw counted meanwhile is left alone."""
    for each in counted:
        row = desk.db.get(PaperDraw, (each.session, each.subject))
        if row is None or row.counted:
            continue
        row.counted = True
        desk.db.add(row)
        desk.db.add_all(
            ItemExposure(session=each.session, subject=each.subject, bank=each.bank, item=item, papers=papers)
            for item, papers in sorted(each.uses.items())
        )


def _uses(db: Session, row: PaperDraw, wrapping: bytes) -> Mapping[str, int]:
    try:
        inputs = inputs_from_json(row.inputs)
        promised, parts = promise(db, row.session), parts_of(db, row.session)
        secret = secret_of(promised, parts, wrapping, row.session, row.subject)
        if commit(inputs, secret) != row.commitment:
            return {}
        drawn = draw(inputs, secret).papers
    except (ValidationError, PartsMissing, CannotDraw):
        return {}
    sat = set(
        db.exec(
            select(AttemptRow.id).where(
                AttemptRow.session == row.session, col(AttemptRow.state).not_in(sorted(NEVER_SAT))
            )
        )
    )
    given = {
        name.spare: name.given_to
        for name in paper_names(db, row.session)
        if name.spare and name.subject == row.subject
    }
    uses: Counter[str] = Counter()
    for paper in drawn:
        if (paper.attempt or given.get(paper.spare)) in sat:
            uses.update({slot.item for slot in paper.slots})
    return uses
