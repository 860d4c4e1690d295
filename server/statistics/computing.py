"""Statistics of one subject of a session, computed outside the writer from sealed papers."""

from dataclasses import dataclass

from sqlmodel import Session

from question_bank.corrections import Corrections
from question_bank.items import Item
from question_bank.papers import Slot
from question_bank.statistics.papers import Analysis, analyse
from question_bank.statistics.taken import AskedItem, AskedRef, TakenItem, TakenPaper
from recordings.ledger import Ledger
from server.corrections.queries import in_force
from server.papers.queries import paper_record
from server.results.actions import ToScore, score_one
from server.statistics.gathering import Gathered
from server.statistics.times import times_of


@dataclass(frozen=True, slots=True)
class Computed:
    """Statistics with who is left out of them; passed: of those wholly scored. void: items everybody got."""

    title: str
    pass_score: int
    passed: int
    voided: int
    absent: int
    silent: int
    analysis: Analysis
    void: tuple[AskedRef, ...]


def compute(db: Session, ledger: Ledger, gathered: Gathered, secret: bytes) -> Computed:
    """Score every paper item by item and say how items and papers did."""
    times = times_of(ledger, gathered.session)
    papers: list[TakenPaper] = []
    asked: dict[AskedRef, AskedItem] = {}
    corrections: dict[tuple[str, ...], Corrections] = {}
    for one in gathered.sat:
        if one.corrections not in corrections:
            corrections[one.corrections] = in_force(db, gathered.session, one.corrections, secret)
        counted = corrections[one.corrections]
        papers.append(_taken(db, one, counted, secret, times.get(one.attempt, {}), asked))
    analysis = analyse(papers, asked)
    return Computed(
        title=gathered.title,
        pass_score=gathered.pass_score,
        passed=sum(not paper.pending and paper.total >= gathered.pass_score for paper in papers),
        voided=gathered.voided,
        absent=gathered.absent,
        silent=gathered.silent,
        analysis=analysis,
        void=tuple(ref for ref, each in asked.items() if each.void),
    )


def _taken(
    db: Session,
    one: ToScore,
    corrections: Corrections,
    secret: bytes,
    times: dict[int, int],
    asked: dict[AskedRef, AskedItem],
) -> TakenPaper:
    record = paper_record(db, one.attempt, secret)
    items, scored = record.by_ref(), score_one(record, one, corrections)
    taken = []
    for slot, score in zip(record.slots, scored.slots, strict=True):
        ref = (slot.item, slot.version, slot.part)
        if ref not in asked:
            asked[ref] = _asked(items[slot.item, slot.version], slot, corrections)
        taken.append(
            TakenItem(
                ref=ref,
                section=slot.section,
                score=score.score,
                max_score=score.max_score,
                chosen=score.chosen if asked[ref].chooses else (),
                answered=bool(one.responses.get(slot.number)),
                time_ms=times.get(slot.number),
            )
        )
    return TakenPaper(tuple(taken))


def _asked(whole: Item, slot: Slot, corrections: Corrections) -> AskedItem:
    item = whole if slot.part is None else whole.parts[slot.part]
    correction = corrections.of(slot.item, slot.version, slot.part)
    if correction is None:
        return AskedItem(item.kind, len(item.options), (item.key,))
    keys = correction.keys or (item.key,)
    return AskedItem(item.kind, len(item.options), keys, void=correction.for_everybody)
