"""The draw by itself: one process, one core, a made-up bank; nothing is stored and nobody waits for a disk."""

import time

from question_bank.blueprint import Blueprint, Section
from question_bank.commitment import DrawInputs, DrawMode, Sitting
from question_bank.draw import draw
from question_bank.draw_report import greatest_overlap
from question_bank.items import Kind
from question_bank.outline import WEIGHT_TOP, AssessmentPoint, ContentOutline, Importance, Range
from question_bank.papers import DrawnPaper
from question_bank.pinned_bank import ItemFacts, PinnedBank
from question_bank.quota import apportion
from question_bank.randomness import Stream

SECRET = bytes(32)
# Ranges of the three levels: 60 of the third, as the outlines of S3-A have about.
TOPS, SUBS, LEAVES = 5, 4, 3
# Points for each item of a paper: 300 for a paper of 100, of which a third is asked about; a small bank has fewer.
POINTS_PER_ITEM = 3
ITEMS_PER_POINT = 6
# Of ten items: three true/false, five single, two multiple choice.
KINDS = (Kind.TRUE_FALSE,) * 3 + (Kind.SINGLE,) * 5 + (Kind.MULTIPLE,) * 2
# Papers up to which the greatest overlap of any two is looked for: 2,000 papers are 2 million pairs.
PAIRS_PAPERS_MAX = 2_000


def inputs(papers: int, items: int, bank: int) -> DrawInputs:
    """A session of so many papers of so many items, from a bank of so many with difficulties from 0.20 to 0.95."""
    wanted = min(items * POINTS_PER_ITEM, max(items * 6 // 5, bank // ITEMS_PER_POINT))
    outline = _outline(-(-wanted // (TOPS * SUBS * LEAVES)))
    points = outline.points
    difficulty = Stream(SECRET, "bench difficulty").several_below(76, bank)
    about = Stream(SECRET, "bench points").several_below(len(points), bank)
    facts = tuple(
        ItemFacts(
            code=f"Q{number:06}",
            version=1,
            digest="",
            kind=KINDS[number % len(KINDS)],
            point=points[about[number]].code,
            options=2 if KINDS[number % len(KINDS)] is Kind.TRUE_FALSE else 4,
            shuffle=KINDS[number % len(KINDS)] is not Kind.TRUE_FALSE,
            difficulty=20 + difficulty[number],
        )
        for number in range(bank)
    )
    blueprint = _blueprint(items)
    sittings = tuple(Sitting(f"A{number:05}", blueprint.code) for number in range(papers))
    pinned = PinnedBank(outline.code, "1", outline, facts)
    return DrawInputs("bench", DrawMode.PER_CANDIDATE, sittings, 0, (blueprint,), (pinned,))


def measure(papers: int, items: int, bank: int) -> dict[str, float]:
    """The second of two draws, measured from inputs to papers; raises CannotDraw for a bank that is too small."""
    committed = inputs(papers, items, bank)
    draw(committed, SECRET)
    wall, cpu = time.perf_counter(), time.process_time()
    drawn = draw(committed, SECRET)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    [report] = drawn.report.blueprints
    figures: dict[str, float] = {
        "seconds": wall,
        "cpu_seconds": cpu,
        "papers": papers,
        "items_per_paper": items,
        "bank_items": bank,
        "items_used": report.items_used,
        "exposure_max": report.exposure_max,
        "exposure_max_share": report.exposure_max / papers,
        "overlap_neighbours_max": report.neighbour_overlap_max,
        "overlap_neighbours_mean": report.neighbour_overlap_mean / 100,
    }
    if papers <= PAIRS_PAPERS_MAX:
        figures["overlap_max"] = _overlap_max(drawn.papers)
    if report.expected is not None:
        figures["expected_score_min"] = report.expected.lowest / 100
        figures["expected_score_max"] = report.expected.highest / 100
        figures["expected_score_sd"] = report.expected.sd / 100
    return figures


def _overlap_max(papers: tuple[DrawnPaper, ...]) -> int:
    numbers: dict[str, int] = {}
    return greatest_overlap(
        [[numbers.setdefault(slot.item, len(numbers)) for slot in paper.slots] for paper in papers]
    )


def _outline(points: int) -> ContentOutline:
    ranges: list[Range] = []
    for top, weight in enumerate(apportion(WEIGHT_TOP, [1] * TOPS), start=1):
        seconds: list[Range] = []
        for second, part in enumerate(apportion(weight, [1] * SUBS), start=1):
            thirds = tuple(
                _leaf(f"{top}.{second}.{leaf}", share, points)
                for leaf, share in enumerate(apportion(part, [1] * LEAVES), start=1)
            )
            seconds.append(Range(code=f"{top}.{second}", name="二级", weight=part, children=thirds))
        ranges.append(Range(code=str(top), name="一级", weight=weight, children=tuple(seconds)))
    return ContentOutline(code="bench", title="细目表", ranges=tuple(ranges))


def _leaf(code: str, weight: int, points: int) -> Range:
    held = tuple(
        AssessmentPoint(code=f"{code}-{place:03}", name="点", importance=Importance("XXYZY"[place % 5]))
        for place in range(points)
    )
    return Range(code=code, name="三级", weight=weight, points=held)


def _blueprint(items: int) -> Blueprint:
    kinds = (Kind.TRUE_FALSE, Kind.SINGLE, Kind.MULTIPLE)
    counts = apportion(items, [KINDS.count(kind) for kind in kinds])
    sections = tuple(
        Section(title=kind.value, kind=kind, count=count, score_each=100)
        for kind, count in zip(kinds, counts, strict=True)
        if count
    )
    return Blueprint(code="bench", title="试卷", outline="bench", full_score=items * 100, sections=sections)
