"""What is said about statistics over HTTP. Scores in hundredths, shares 0 to 1, None where a figure is not defined.

No shape has a candidate's name or number. Options, and which is right, are for bank keepers only.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, Field

from question_bank.items import LETTERS
from question_bank.statistics.difficulty import DifficultyProposal
from question_bank.statistics.items import ItemStatistics
from question_bank.statistics.papers import PaperStatistics
from server.bank.schemas import RefAsked
from server.sessions.schemas import Asked
from server.statistics.computing import Computed
from server.statistics.pooling import PooledItem

DIFFICULTIES_MAX = 1_000
"""Items whose difficulty is taken over in one command."""


class BarShown(BaseModel):
    """So many totals from ``least`` on and below ``below``."""

    least: int
    below: int
    count: int


class PaperShown(BaseModel):
    """The totals of one subject. ``method``: how the reliability was found; ``why_not``: why there is none."""

    n: int
    pending: int
    forms: int
    max_score: int
    mean: float | None
    sd: float | None
    median: float | None
    lowest: int | None
    highest: int | None
    bars: list[BarShown]
    method: str | None
    reliability: float | None
    sem: float | None
    why_not: str | None

    @classmethod
    def of(cls, one: PaperStatistics) -> "PaperShown":
        """From the value."""
        found = one.reliability
        return cls(
            n=one.n,
            pending=one.pending,
            forms=one.forms,
            max_score=one.max_score,
            mean=one.mean,
            sd=one.sd,
            median=one.median,
            lowest=one.lowest,
            highest=one.highest,
            bars=[BarShown(least=bar.least, below=bar.below, count=bar.count) for bar in one.bars],
            method=found.method,
            reliability=found.value,
            sem=found.sem,
            why_not=found.why_not,
        )


class OptionShown(BaseModel):
    """One option by the letter of the item's own order; shares of all, and of the three groups by total score."""

    letter: str
    right: bool
    count: int
    share: float
    upper: float | None
    middle: float | None
    lower: float | None
    correlation: float | None


class ConcernShown(BaseModel):
    """One reason to look at an item; ``letter`` for bank keepers only."""

    code: str
    found: float
    threshold: float
    letter: str | None


class ItemFigures(BaseModel):
    """One item; see question_bank.statistics.items for what each figure is. ``void``: everybody was given all of it."""

    item: str
    version: int
    part: int | None
    n: int
    facility: float | None
    discrimination: float | None
    point_biserial: float | None
    corrected: float | None
    omitted: int
    time_ms: float | None
    time_n: int
    void: bool
    options: list[OptionShown]
    concerns: list[ConcernShown]

    @classmethod
    def of(cls, one: ItemStatistics, *, void: bool, keys: bool) -> "ItemFigures":
        """From the value; ``keys``: with options and letters."""
        code, version, part = one.ref
        return cls(
            item=code,
            version=version,
            part=part,
            n=one.n,
            facility=one.facility,
            discrimination=one.discrimination,
            point_biserial=one.point_biserial,
            corrected=one.corrected,
            omitted=one.omitted,
            time_ms=one.time_ms,
            time_n=one.time_n,
            void=void,
            options=[
                OptionShown(
                    letter=LETTERS[each.option],
                    right=each.right,
                    count=each.count,
                    share=each.share,
                    upper=each.upper,
                    middle=each.middle,
                    lower=each.lower,
                    correlation=each.correlation,
                )
                for each in (one.options if keys else ())
            ],
            concerns=[
                ConcernShown(
                    code=each.code,
                    found=each.found,
                    threshold=each.threshold,
                    letter=LETTERS[each.option] if keys and each.option is not None else None,
                )
                for each in one.concerns
            ],
        )


class SubjectFigures(BaseModel):
    """One subject of a session: who passed, who is left out, the totals and the items, those to look at first."""

    subject: str
    title: str
    bank: str
    pass_score: int
    passed: int
    voided: int
    absent: int
    silent: int
    paper: PaperShown
    items: list[ItemFigures]

    @classmethod
    def of(cls, subject: str, bank: str, one: Computed, *, keys: bool) -> "SubjectFigures":
        """From the value."""
        return cls(
            subject=subject,
            title=one.title,
            bank=bank,
            pass_score=one.pass_score,
            passed=one.passed,
            voided=one.voided,
            absent=one.absent,
            silent=one.silent,
            paper=PaperShown.of(one.analysis.paper),
            items=[ItemFigures.of(each, void=each.ref in one.void, keys=keys) for each in one.analysis.items],
        )


class SessionStatistics(BaseModel):
    """A session's statistics, subject by subject."""

    session: str
    title: str
    state: str
    subjects: list[SubjectFigures]


class BankSession(BaseModel):
    """One session that drew from a bank; without figures while they are not computed."""

    session: str
    title: str
    starts_at: int
    computed: bool
    n: int
    mean: float | None
    max_score: int
    reliability: float | None
    method: str | None


class BankItemFigures(BaseModel):
    """One item over sessions. ``proposed``: the difficulty it could have, in hundredths, with its standard error."""

    item: str
    version: int
    part: int | None
    n: int
    sessions: int
    facility: float | None
    discrimination: float | None
    corrected: float | None
    concerns: list[str]
    proposed: int | None
    standard_error: int | None

    @classmethod
    def of(cls, one: PooledItem, found: Mapping[tuple[str, int], DifficultyProposal]) -> "BankItemFigures":
        """From the value; a case's proposal stands beside each of its parts."""
        code, version, part = one.ref
        proposal = found.get((code, version))
        return cls(
            item=code,
            version=version,
            part=part,
            n=one.n,
            sessions=one.sessions,
            facility=one.facility,
            discrimination=one.discrimination,
            corrected=one.corrected,
            concerns=sorted(one.codes),
            proposed=None if proposal is None else proposal.difficulty,
            standard_error=None if proposal is None else proposal.standard_error,
        )


class BankStatistics(BaseModel):
    """A bank over the sessions that drew from it; ``waiting``: sessions whose figures are still to be computed."""

    bank: str
    sessions: list[BankSession]
    waiting: int
    items: list[BankItemFigures]


class DifficultiesAsked(Asked):
    """Items whose observed difficulty is taken over."""

    refs: Annotated[list[RefAsked], Field(min_length=1, max_length=DIFFICULTIES_MAX)]


class DifficultiesTaken(BaseModel):
    """How many new versions were proposed, and the codes of those passed over."""

    proposed: int
    passed_over: list[str]
