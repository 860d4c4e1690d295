"""The draw 组卷: all papers of a session at once, from committed inputs and a secret, the same for whoever
repeats it.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count, permutations, repeat
from math import factorial

from question_bank.balancing import Balance
from question_bank.blueprint import Blueprint
from question_bank.commitment import DrawInputs, DrawMode, commit
from question_bank.coverage import coverage
from question_bank.dealing import Dealer, worn_items
from question_bank.difficulty import counted_difficulties
from question_bank.draw_report import (
    BlueprintReport,
    DrawReport,
    expected_scores,
    shared_with_neighbours,
    uses_of,
)
from question_bank.items import OPTIONS_MAX
from question_bank.papers import DrawnPaper, Slot
from question_bank.pinned_bank import ItemFacts, PinnedBank
from question_bank.plan import LeftOver, Plan, plan_paper
from question_bank.randomness import Stream
from question_bank.supply import Supply, supply_of

# Up to five options all orders stand in a table; beyond, the table would be larger than the work it saves.
_TABLED_OPTIONS = 5
# Plans used in turn for the papers of a blueprint: more spread the items wider and cost time before the draw.
_PLANS_MAX = 16
# Papers whose expected scores differ by a two-thousandth of the full score are as good as equal (ours).
_CLOSE = 2_000
_ORDERS = [tuple(permutations(range(options))) for options in range(_TABLED_OPTIONS + 1)]
_NATURAL = [tuple(range(options)) for options in range(OPTIONS_MAX + 1)]
# Every table's length divides it, so that one uniform number below it picks from any of them.
_TABLE = factorial(_TABLED_OPTIONS)


class CannotDraw(ValueError):
    """The banks cannot fill the papers; reasons are sentences for people. Nothing was drawn."""

    def __init__(self, reasons: Sequence[str]) -> None:
        """At least one reason."""
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Draw:
    """A finished draw: papers in seat order, then the spares of each blueprint."""

    commitment: str
    papers: tuple[DrawnPaper, ...]
    report: DrawReport


def draw(inputs: DrawInputs, secret: bytes) -> Draw:
    """Draw every paper of a session.

    Raises CannotDraw before anything is drawn when the banks cannot fill the papers, ValueError for a short
    secret.
    """
    covered = coverage(inputs)
    if not covered.fills:
        raise CannotDraw(covered.reasons)
    commitment = commit(inputs, secret)
    root = bytes.fromhex(commitment) + secret
    banks = {bank.code: bank for bank in inputs.banks}
    seated: dict[str, DrawnPaper] = {}
    spares: list[DrawnPaper] = []
    reports: list[BlueprintReport] = []
    for blueprint in inputs.blueprints:
        attempts = [each.attempt for each in inputs.sittings if each.blueprint == blueprint.code]
        with _uncollected():
            papers, report = _draw_blueprint(inputs, blueprint, banks[blueprint.outline], attempts, root)
        seated.update((paper.attempt, paper) for paper in papers if paper.attempt is not None)
        spares += [paper for paper in papers if paper.attempt is None]
        reports.append(report)
    return Draw(
        commitment=commitment,
        papers=(*(seated[sitting.attempt] for sitting in inputs.sittings), *spares),
        report=DrawReport(
            tuple(reports), tuple(dict.fromkeys(code for bank in inputs.banks for code in bank.outside))
        ),
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """The garbage collector rests: a draw makes hundreds of thousands of values and no cycle, and looking through
    them again and again would take a third of its time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _draw_blueprint(
    inputs: DrawInputs, blueprint: Blueprint, bank: PinnedBank, attempts: Sequence[str], root: bytes
) -> tuple[list[DrawnPaper], BlueprintReport]:
    needed = len(attempts) + inputs.spares
    one_form = inputs.mode is DrawMode.ONE_FORM
    supply = supply_of(blueprint, bank)
    plans = _plans(blueprint, bank, supply, 1 if one_form else max(1, min(needed, _PLANS_MAX)), root)
    dealer = Dealer(plans, supply, bank, blueprint, Stream(root, f"items {blueprint.code}"))
    dealt = _flat(dealer, 1 if one_form else needed)
    balance = _balanced(dealt, dealer, blueprint, bank, supply, Stream(root, f"balance {blueprint.code}"))
    if one_form:
        dealt *= needed
    arrange = _arranger(blueprint, bank)
    label = f"paper {blueprint.code}"
    papers = [
        DrawnPaper(blueprint.code, attempt, 0, arrange(Stream(root, f"{label} attempt {attempt}"), chosen))
        for attempt, chosen in zip(attempts, dealt, strict=False)
    ]
    papers += [
        DrawnPaper(blueprint.code, None, spare, arrange(Stream(root, f"{label} spare {spare}"), chosen))
        for spare, chosen in enumerate(dealt[len(attempts) :], start=1)
    ]
    return papers, _report(blueprint, bank, plans, dealt, balance.totals if balance is not None else ())


def _plans(blueprint: Blueprint, bank: PinnedBank, supply: Supply, number: int, root: bytes) -> list[Plan]:
    ties = Stream(root, f"plans {blueprint.code}").permutation
    left = LeftOver(supply)
    plans: list[Plan] = []
    for _ in range(number):
        plans.append(plan_paper(blueprint, bank, ties, supply, left))
        left.use(plans[-1])
    return plans


def _flat(dealer: Dealer, papers: int) -> list[list[int]]:
    """So many papers, each as one list of items, section after section."""
    return [list(chain.from_iterable(dealer.deal())) for _ in range(papers)]


def _balanced(
    dealt: list[list[int]],
    dealer: Dealer,
    blueprint: Blueprint,
    bank: PinnedBank,
    supply: Supply,
    stream: Stream,
) -> Balance | None:
    """The papers after exchanges that bring their expected scores together; None where no difficulty is known."""
    difficulty = counted_difficulties(bank)
    if difficulty is None:
        return None
    # By what an item is worth: hundredths of score times hundredths of difficulty.
    worth = {
        section.score_each: [section.score_each * share for share in difficulty]
        for section in blueprint.sections
    }
    balance = Balance(
        dealt,
        dealer.layouts,
        [dealer.layout_of(paper) for paper in range(len(dealt))],
        [worth[section.score_each] for section in blueprint.sections for _ in range(section.count)],
        supply.point_of,
    )
    balance.settle(stream, blueprint.full_score * 100 // _CLOSE)
    return balance


def _arranger(blueprint: Blueprint, bank: PinnedBank) -> Callable[[Stream, Sequence[int]], tuple[Slot, ...]]:
    """A function that puts dealt items in an attempt's own order, and their options in its own orders.

    What is the same for all papers is looked up once here: this runs for every slot of the session. The parts of a
    case keep their order: a later part may build on an earlier one.
    """
    rows = [_rows(item) for item in bank.items]
    runs: list[tuple[int, int, int]] = []
    for section in blueprint.sections:
        start = runs[-1][2] if runs else 0
        runs.append((len(runs), start, start + section.count))
    new_slot = tuple.__new__

    def arrange(stream: Stream, chosen: Sequence[int]) -> tuple[Slot, ...]:
        slots: list[Slot] = []
        for section, start, end in runs:
            asked = [row for index in stream.shuffled(chosen[start:end]) for row in rows[index]]
            codes, versions, tables, parts = zip(*asked, strict=True)
            picks = zip(tables, stream.several_below(_TABLE, len(asked)), strict=True)
            orders = [
                table[pick % len(table)] if type(table) is tuple else tuple(stream.permutation(table))
                for table, pick in picks
            ]
            # As Slot(...) does, without a call of its own for each of the 200,000 slots of a hall.
            places = zip(count(len(slots) + 1), repeat(section), codes, versions, orders, parts, strict=False)
            slots += map(new_slot, repeat(Slot), places)
        return tuple(slots)

    return arrange


_Row = tuple[str, int, tuple[tuple[int, ...], ...] | int, int | None]


def _rows(item: ItemFacts) -> list[_Row]:
    """For each slot of an item: code, version, the orders its options may take or how many there are, and its part."""
    if not item.parts:
        return [(item.code, item.version, _option_orders(item.options, item.shuffle), None)]
    return [
        (item.code, item.version, _option_orders(options, shuffle), part)
        for part, (options, shuffle) in enumerate(item.parts)
    ]


def _option_orders(options: int, shuffle: bool) -> tuple[tuple[int, ...], ...] | int:
    """All orders options may take, or how many options there are where the orders are too many for a table."""
    if not shuffle:
        return (_NATURAL[options],)
    return _ORDERS[options] if options <= _TABLED_OPTIONS else options


def _report(
    blueprint: Blueprint,
    bank: PinnedBank,
    plans: Sequence[Plan],
    dealt: Sequence[Sequence[int]],
    totals: Sequence[int],
) -> BlueprintReport:
    uses = uses_of(dealt)
    most, mean = shared_with_neighbours(dealt)
    unknown = sum(bank.items[index].difficulty is None for index in uses)
    return BlueprintReport(
        blueprint=blueprint.code,
        papers=len(dealt),
        deviations=tuple(dict.fromkeys(deviation for plan in plans for deviation in plan.deviations)),
        band_deviations=tuple(dict.fromkeys(each for plan in plans for each in plan.band_deviations)),
        neighbour_overlap_max=most,
        neighbour_overlap_mean=mean,
        exposure_max=max(uses.values(), default=0),
        items_used=len(uses),
        worn=len(worn_items(bank, blueprint.exposure_max) & uses.keys()),
        expected=expected_scores(totals, unknown),
    )
