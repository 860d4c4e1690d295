"""The draw 组卷: all papers of a session at once, from committed inputs and a secret, the same for whoever
repeats it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from question_bank.blueprint import Blueprint
from question_bank.commitment import DrawInputs, DrawMode, commit
from question_bank.coverage import coverage
from question_bank.dealing import Dealer
from question_bank.items import OPTIONS_MAX
from question_bank.papers import DrawnPaper, Slot
from question_bank.pinned_bank import ItemFacts, PinnedBank
from question_bank.plan import Deviation, Plan, plan_paper
from question_bank.randomness import Stream

# Up to five options all orders stand in a table; beyond, the table would be larger than the work it saves.
_TABLED_OPTIONS = 5
# Plans used in turn for the papers of a blueprint: more spread the items wider and cost time before the draw.
_PLANS_MAX = 16
_ORDERS = [tuple(permutations(range(count))) for count in range(_TABLED_OPTIONS + 1)]
_NATURAL = [tuple(range(count)) for count in range(OPTIONS_MAX + 1)]


class CannotDraw(ValueError):
    """The banks cannot fill the papers; reasons are sentences for people. Nothing was drawn."""

    def __init__(self, reasons: Sequence[str]) -> None:
        """At least one reason."""
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class BlueprintReport:
    """How alike the papers of one blueprint are.

    neighbour_overlap: items shared by papers next to each other in seat order, at most and on average in
    hundredths. exposure: uses of the most used item in this draw, and how many items were used at all.
    expected_score: lowest and highest score expected from the items' difficulties, in hundredths, or None
    where a difficulty is unknown.
    """

    blueprint: str
    papers: int
    deviations: tuple[Deviation, ...]
    neighbour_overlap_max: int
    neighbour_overlap_mean: int
    exposure_max: int
    items_used: int
    expected_score: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class DrawReport:
    """What a bank keeper reads before the papers are sealed."""

    blueprints: tuple[BlueprintReport, ...]
    outside: tuple[str, ...]


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


def _draw_blueprint(
    inputs: DrawInputs, blueprint: Blueprint, bank: PinnedBank, attempts: Sequence[str], root: bytes
) -> tuple[list[DrawnPaper], BlueprintReport]:
    count = len(attempts) + inputs.spares
    one_form = inputs.mode is DrawMode.ONE_FORM
    ties = Stream(root, f"plans {blueprint.code}").permutation
    plans: list[Plan] = []
    for _ in range(1 if one_form else max(1, min(count, _PLANS_MAX))):
        plans.append(plan_paper(blueprint, bank, ties, before=plans[-1] if plans else None))
    dealer = Dealer(plans, bank, len(blueprint.sections), Stream(root, f"items {blueprint.code}"))
    dealt = [dealer.deal()] * count if one_form else [dealer.deal() for _ in range(count)]
    arrange = _arranger(bank)
    label = f"paper {blueprint.code}"
    papers = [
        DrawnPaper(blueprint.code, attempt, 0, arrange(Stream(root, f"{label} attempt {attempt}"), chosen))
        for attempt, chosen in zip(attempts, dealt, strict=False)
    ]
    papers += [
        DrawnPaper(blueprint.code, None, spare, arrange(Stream(root, f"{label} spare {spare}"), chosen))
        for spare, chosen in enumerate(dealt[len(attempts) :], start=1)
    ]
    deviations = tuple(dict.fromkeys(deviation for plan in plans for deviation in plan.deviations))
    return papers, _report(blueprint, bank, deviations, dealt)


def _arranger(bank: PinnedBank) -> Callable[[Stream, list[list[int]]], tuple[Slot, ...]]:
    """A function that puts dealt items in an attempt's own order, and their options in its own orders.

    What is the same for all papers is looked up once here: this runs for every slot of the session. The parts of a
    case keep their order: a later part may build on an earlier one.
    """
    facts = [(item.code, item.version, _asked(item)) for item in bank.items]

    def arrange(stream: Stream, chosen: list[list[int]]) -> tuple[Slot, ...]:
        slots: list[Slot] = []
        number = 1
        for section, dealt in enumerate(chosen):
            for index in stream.shuffled(dealt):
                code, version, asked = facts[index]
                for part, options, orders in asked:
                    if orders is None:
                        order = tuple(stream.permutation(options))
                    else:
                        order = orders[stream.below(len(orders))] if len(orders) > 1 else orders[0]
                    slots.append(Slot(number, section, code, version, order, part))
                    number += 1
        return tuple(slots)

    return arrange


_Orders = tuple[tuple[int, ...], ...] | None


def _asked(item: ItemFacts) -> list[tuple[int | None, int, _Orders]]:
    """For each slot of an item: which part it is, how many options it shows, and the orders these may take."""
    if not item.parts:
        return [(None, item.options, _option_orders(item.options, item.shuffle))]
    return [
        (part, options, _option_orders(options, shuffle))
        for part, (options, shuffle) in enumerate(item.parts)
    ]


def _option_orders(options: int, shuffle: bool) -> _Orders:
    """All orders options may take, or None when they are too many for a table."""
    if not shuffle:
        return (_NATURAL[options],)
    return _ORDERS[options] if options <= _TABLED_OPTIONS else None


def _report(
    blueprint: Blueprint,
    bank: PinnedBank,
    deviations: tuple[Deviation, ...],
    dealt: Sequence[list[list[int]]],
) -> BlueprintReport:
    papers = [frozenset(item for section in chosen for item in section) for chosen in dealt]
    shared = [len(paper & following) for paper, following in pairwise(papers)]
    uses: Counter[int] = Counter()
    for paper in papers:
        uses.update(paper)
    return BlueprintReport(
        blueprint=blueprint.code,
        papers=len(papers),
        deviations=deviations,
        neighbour_overlap_max=max(shared, default=0),
        neighbour_overlap_mean=100 * sum(shared) // len(shared) if shared else 0,
        exposure_max=max(uses.values(), default=0),
        items_used=len(uses),
        expected_score=_expected_score(blueprint, bank, dealt, uses),
    )


def _expected_score(
    blueprint: Blueprint, bank: PinnedBank, dealt: Sequence[list[list[int]]], uses: Counter[int]
) -> tuple[int, int] | None:
    difficulty = {index: bank.items[index].difficulty for index in uses}
    known = {index: share for index, share in difficulty.items() if share is not None}
    if not dealt or len(known) < len(difficulty):
        return None
    expected = [
        sum(
            section.score_each * sum(known[item] for item in items)
            for section, items in zip(blueprint.sections, chosen, strict=True)
        )
        // 100
        for chosen in dealt
    ]
    return min(expected), max(expected)
