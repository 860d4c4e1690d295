"""What is said about results over HTTP."""

from pydantic import BaseModel

from server.candidates.rules import masked_document
from server.results.rules import VERDICTS_ZH, CandidateResult, SubjectResult


class SubjectResultShown(BaseModel):
    """One subject: ``score`` in hundredths, None while there is none or it is voided; ``text`` is what a list says."""

    subject: str
    title: str
    session: str | None
    attempt: str | None
    seat: int | None
    attempt_state: str | None
    state: str
    score: int | None
    max_score: int | None
    pass_score: int
    voided: bool
    absent: bool
    text: str

    @classmethod
    def of(cls, one: SubjectResult) -> "SubjectResultShown":
        """From the value."""
        return cls(
            subject=one.subject,
            title=one.title,
            session=one.session,
            attempt=one.attempt,
            seat=one.seat,
            attempt_state=one.attempt_state,
            state=one.state,
            score=one.score,
            max_score=one.max_score,
            pass_score=one.pass_score,
            voided=one.voided,
            absent=one.absent,
            text=one.text,
        )


class CandidateResultShown(BaseModel):
    """One candidate with the theory verdict; the document is masked."""

    candidate: str
    name: str
    ticket: str
    document_masked: str
    employer: str
    subjects: list[SubjectResultShown]
    verdict: str
    verdict_zh: str

    @classmethod
    def of(cls, one: CandidateResult) -> "CandidateResultShown":
        """From the value."""
        return cls(
            candidate=one.candidate,
            name=one.name,
            ticket=one.ticket,
            document_masked=masked_document(one.document),
            employer=one.employer,
            subjects=[SubjectResultShown.of(each) for each in one.subjects],
            verdict=one.verdict,
            verdict_zh=VERDICTS_ZH[one.verdict],
        )


class ResultsShown(BaseModel):
    """All results of a session; ``final`` once they are confirmed and may leave."""

    session: str
    title: str
    state: str
    final: bool
    counts: dict[str, int]
    candidates: list[CandidateResultShown]
