"""Every SELECT of results."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from config.scheme import Scheme
from config.subjects import Stage, Subject
from server.attempts.models import AttemptRow
from server.attempts.rules import A
from server.candidates.queries import IDS_PER_QUERY, candidates_by_id
from server.results.models import ResultRow
from server.results.rules import LEAVES, CandidateResult, ResultState, SubjectOutcome, SubjectResult, verdict
from server.sessions.models import ExamSession
from server.sessions.queries import scheme_of, session_row
from server.sessions.rules import SessionState

_NOT_COUNTED = (SessionState.CANCELLED, SessionState.ABORTED)


def result_rows(db: Session, session: str) -> dict[str, ResultRow]:
    """The rows of a session's attempts that have a result, by attempt."""
    rows = db.exec(select(ResultRow).where(ResultRow.session == session))
    return {row.attempt: row for row in rows}


def results_of(db: Session, session: str, *, leaving: bool) -> list[CandidateResult]:
    """Every candidate of a session with all theory subjects of the batch, by seat; raises NotFound.

    ``leaving``: what is not confirmed has no score, since only confirmed results leave.
    """
    row = session_row(db, session)
    scheme = scheme_of(row)
    subjects = scheme.subjects_of(Stage.THEORY)
    places = _places(db, row)
    here = sorted((one for one in places if one.session == session), key=lambda one: one.seat)
    order = list(dict.fromkeys(one.candidate for one in here))
    known = candidates_by_id(db, order)
    results = _results(db, [one.id for one in places])
    taken_by: dict[str, dict[str, AttemptRow]] = {}
    for one in places:
        taken_by.setdefault(one.candidate, {})[one.subject] = one
    found = []
    for key in order:
        candidate = known.get(key)
        taken = taken_by[key]
        each = [_subject(subject, taken.get(subject.code), results, leaving=leaving) for subject in subjects]
        found.append(
            CandidateResult(
                candidate=key,
                name=candidate.name if candidate else "",
                ticket=candidate.ticket if candidate else "",
                document=candidate.document if candidate else "",
                employer=candidate.employer if candidate else "",
                institution=candidate.institution if candidate else "",
                subjects=each,
                verdict=verdict(
                    [_outcome(subject, one) for subject, one in zip(subjects, each, strict=True)]
                ),
            )
        )
    return found


def theory_titles(scheme: Scheme) -> list[str]:
    """The theory subjects by their Chinese titles, in the order of :func:`results_of`."""
    return [subject.title.zh for subject in scheme.subjects_of(Stage.THEORY)]


def _places(db: Session, row: ExamSession) -> list[AttemptRow]:
    """Attempts of everybody of this session, in every session of its batch under the same scheme that counts."""
    mine = select(AttemptRow.candidate).where(AttemptRow.session == row.id)
    query = (
        select(AttemptRow)
        .join(ExamSession, col(ExamSession.id) == col(AttemptRow.session))
        .where(ExamSession.batch == row.batch, ExamSession.scheme_code == row.scheme_code)
        .where(col(ExamSession.state).not_in(_NOT_COUNTED) | (col(ExamSession.id) == row.id))
        .where(col(AttemptRow.candidate).in_(mine))
    )
    return list(db.exec(query))


def _results(db: Session, attempts: list[str]) -> dict[str, ResultRow]:
    found: dict[str, ResultRow] = {}
    for piece in _pieces(attempts):
        rows = db.exec(select(ResultRow).where(col(ResultRow.attempt).in_(piece)))
        found.update({row.attempt: row for row in rows})
    return found


def _pieces(values: list[str]) -> Iterable[list[str]]:
    return (values[at : at + IDS_PER_QUERY] for at in range(0, len(values), IDS_PER_QUERY))


def _subject(
    subject: Subject, place: AttemptRow | None, results: dict[str, ResultRow], *, leaving: bool
) -> SubjectResult:
    if place is None:
        return SubjectResult(subject=subject.code, title=subject.title.zh, pass_score=subject.pass_score)
    row = results.get(place.id)
    state = ResultState(row.state) if row is not None else ResultState.NONE
    voided = place.state == A.VOIDED
    counts = row is not None and not voided and (state in LEAVES or not leaving)
    return SubjectResult(
        subject=subject.code,
        title=subject.title.zh,
        pass_score=subject.pass_score,
        session=place.session,
        attempt=place.id,
        seat=place.seat,
        attempt_state=place.state,
        state=state,
        # A voided score reads 成绩取消; it is neither shown nor 0.
        score=row.score if row is not None and counts else None,
        max_score=row.max_score if row is not None and counts else None,
        voided=voided,
        absent=place.state in (A.ABSENT, A.REFUSED),
    )


def _outcome(subject: Subject, one: SubjectResult) -> SubjectOutcome:
    return SubjectOutcome(one.score, subject.pass_score, one.voided, one.absent)
