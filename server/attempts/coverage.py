"""What the banks of a session can give its papers: looked at while it is planned, with nothing drawn."""

from sqlmodel import Session, col, select

from question_bank.coverage import BlueprintCoverage
from question_bank.coverage import coverage as covered
from server.attempts.loading import drawn_from, inputs_of
from server.attempts.models import AttemptRow
from server.attempts.schemas import SubjectCoverage, ThinPoints
from server.bank.open_banks import BankLocked, OpenBanks
from server.errors import Refused
from server.papers.queries import exposure_of
from server.sessions.models import SessionSubject
from server.sessions.queries import scheme_of, session_row, subjects


def coverage_of(db: Session, session: str, banks: OpenBanks) -> list[SubjectCoverage]:
    """Every subject of the session; one whose bank is locked or does not fit says so. Raises NotFound."""
    session_row(db, session)
    return [
        _subject(db, session, banks, code, place) for code, place in sorted(subjects(db, session).items())
    ]


def _subject(
    db: Session, session: str, banks: OpenBanks, code: str, place: SessionSubject
) -> SubjectCoverage:
    known = SubjectCoverage(subject=code, bank=place.bank, blueprint=place.blueprint)
    try:
        source = drawn_from(db, session, banks, code, place)
    except BankLocked:
        return known.model_copy(update={"locked": True})
    except Refused as refused:
        return known.model_copy(update={"reasons": [f"{refused.sentence_zh} · {refused.sentence_en}"]})
    sitting = db.exec(
        select(AttemptRow)
        .where(AttemptRow.session == session, AttemptRow.subject == code)
        .order_by(col(AttemptRow.seat))
    ).all()
    scheme = scheme_of(session_row(db, session))
    inputs = inputs_of(session, scheme, code, sitting, source, None, exposure_of(db, place.bank))
    report = covered(inputs)
    found = known.model_copy(
        update={
            "papers": len(inputs.sittings),
            "spares": inputs.spares,
            "bank_items": len(inputs.banks[0].items),
            "reasons": list(report.reasons),
        }
    )
    return found.model_copy(update=_details(report.blueprints[0])) if report.blueprints else found


def _details(one: BlueprintCoverage) -> dict[str, object]:
    return {
        "usable_items": one.items,
        "deviations": list(one.deviations),
        "band_deviations": list(one.band_deviations),
        "thin": ThinPoints.of(one.thin),
        "scarce": ThinPoints.of(one.scarce),
        "outside": ThinPoints.of(one.outside),
        "importance": dict(one.importance),
        "unknown_difficulty": one.unknown,
        "exposure": one.exposure,
        "resting": one.worn.resting,
        "returned": one.worn.returned,
    }
