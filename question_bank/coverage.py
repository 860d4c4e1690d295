"""Coverage: what a bank cannot fill, said before anyone sits down and before anything is drawn."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from question_bank.blueprint import Blueprint
from question_bank.commitment import DrawInputs
from question_bank.dealing import most_wanted, worn_items
from question_bank.deck import in_use
from question_bank.items import OPTIONS_MAX, PARTS_MAX
from question_bank.pinned_bank import ItemFacts, PinnedBank
from question_bank.plan import BandDeviation, Deviation, Plan, Shortage, plan_paper
from question_bank.supply import Supply, supply_of

# Papers of one draw: the largest room twice over.
PAPERS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class WornItems:
    """Items on as many papers of past sessions as the blueprint allows, or more.

    resting: how many there are. returned: how many are dealt all the same, because their cells would hold less than
    two papers' worth without them.
    """

    resting: int
    returned: int


@dataclass(frozen=True, slots=True)
class BlueprintCoverage:
    """What one blueprint gets from its bank.

    outside: items on no point of the outline, which are never drawn. thin: points of the outline without
    any item. scarce: points a paper may ask about with one item only, which whoever is asked about them gets.
    importance: items a paper has about X, Y and Z points. unknown: items without a difficulty, which count as the
    bank's mean. exposure: on how many papers of past sessions the most used item was.
    """

    blueprint: str
    items: int
    shortages: tuple[Shortage, ...]
    deviations: tuple[Deviation, ...]
    band_deviations: tuple[BandDeviation, ...]
    outside: tuple[str, ...]
    thin: tuple[str, ...]
    scarce: tuple[str, ...]
    importance: Mapping[str, int]
    unknown: int
    exposure: int
    worn: WornItems


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """Whether papers can be drawn at all. reasons: sentences for people, empty when they can."""

    blueprints: tuple[BlueprintCoverage, ...]
    reasons: tuple[str, ...]

    @property
    def fills(self) -> bool:
        """Whether every paper can be filled."""
        return not self.reasons


def coverage(inputs: DrawInputs) -> CoverageReport:
    """What the banks can and cannot give to the blueprints; needs no secret and draws nothing."""
    reasons = _inconsistencies(inputs)
    if reasons:
        return CoverageReport((), tuple(reasons))
    banks = {bank.code: bank for bank in inputs.banks}
    found: list[BlueprintCoverage] = []
    for blueprint in inputs.blueprints:
        bank = banks[blueprint.outline]
        supply = supply_of(blueprint, bank)
        plan = plan_paper(blueprint, bank, supply=supply)
        found.append(_covered(blueprint, bank, supply, plan))
        reasons += [_sentence(blueprint.code, shortage) for shortage in plan.shortages]
    return CoverageReport(tuple(found), tuple(reasons))


def _sentence(blueprint: str, short: Shortage) -> str:
    parts_zh, parts_en = (
        (f"（每题 {short.parts} 小题）", f" of {short.parts} parts") if short.parts > 1 else ("", "")
    )
    return (
        f"{blueprint} {short.title}: 需要 {short.needed} 题{parts_zh}, 题库最多可出 {short.available} 题"
        f"（{short.bank_items} 题分布在 {short.bank_points} 个鉴定点, 一份试卷每个鉴定点只出一题）· "
        f"needs {short.needed} {short.kind} items{parts_en}, at best {short.available} can be had "
        f"({short.bank_items} items on {short.bank_points} assessment points, each asked once a paper)"
    )


def _covered(blueprint: Blueprint, bank: PinnedBank, supply: Supply, plan: Plan) -> BlueprintCoverage:
    importance: Counter[str] = Counter()
    for cell in plan.cells:
        importance[plan.groups[cell.group].importance] += cell.items
    return BlueprintCoverage(
        blueprint=blueprint.code,
        items=sum(map(len, supply.stock.values())),
        shortages=plan.shortages,
        deviations=plan.deviations,
        band_deviations=plan.band_deviations,
        outside=bank.outside,
        thin=_points_without_items(bank),
        scarce=_points_with_one_item(bank, supply, plan),
        importance={grade: count for grade, count in sorted(importance.items()) if grade},
        unknown=sum(item.difficulty is None for item in bank.items),
        exposure=max(bank.exposure.values(), default=0),
        worn=_worn(blueprint, bank, supply, plan),
    )


def _points_with_one_item(bank: PinnedBank, supply: Supply, plan: Plan) -> tuple[str, ...]:
    if bank.outline is None:
        return ()
    asked = {(cell.group, cell.form) for cell in plan.cells}
    offered = Counter(
        bank.items[index].point for key in asked if key in supply.stock for index in supply.stock[key]
    )
    return tuple(point.code for point in bank.outline.points if offered[point.code] == 1)


def _worn(blueprint: Blueprint, bank: PinnedBank, supply: Supply, plan: Plan) -> WornItems:
    resting = worn_items(bank, blueprint.exposure_max)
    returned = 0
    for key, count in most_wanted([plan]).items():
        used, _ = in_use(supply.stock[key], resting, count)
        returned += len(resting.intersection(used))
    return WornItems(len(resting), returned)


def _points_without_items(bank: PinnedBank) -> tuple[str, ...]:
    if bank.outline is None:
        return ()
    covered = {item.point for item in bank.items}
    return tuple(point.code for point in bank.outline.points if point.code not in covered)


def _inconsistencies(inputs: DrawInputs) -> list[str]:
    """What makes inputs contradict themselves, whatever the banks hold."""
    reasons: list[str] = []
    blueprints = [blueprint.code for blueprint in inputs.blueprints]
    banks = [bank.code for bank in inputs.banks]
    reasons += _twice("组卷方案 · blueprint", blueprints)
    reasons += _twice("题库 · bank", banks)
    reasons += _twice("应试 · attempt", [sitting.attempt for sitting in inputs.sittings])
    for bank in inputs.banks:
        reasons += _twice(f"题库 {bank.code} 试题 · item", [item.code for item in bank.items])
        strange = [item.code for item in bank.items if not _is_item(item)]
        if strange:
            reasons.append(
                f"题库 {bank.code} 试题 · item {', '.join(strange[:5])}: 不可能的试题 · no such item"
            )
        if bank.outline is not None and bank.outline.code != bank.code:
            reasons.append(f"题库 {bank.code} 的细目表是 {bank.outline.code} · bank and outline differ")
    reasons += [
        f"组卷方案 {blueprint.code} 的细目表 {blueprint.outline} 没有题库 · no bank for this outline"
        for blueprint in inputs.blueprints
        if blueprint.outline not in banks
    ]
    for missing in sorted({sitting.blueprint for sitting in inputs.sittings} - set(blueprints)):
        reasons.append(f"没有组卷方案 {missing} · no blueprint {missing}")
    papers = len(inputs.sittings) + inputs.spares * len(inputs.blueprints)
    if inputs.spares < 0 or papers > PAPERS_MAX:
        reasons.append(f"一次组卷最多 {PAPERS_MAX} 份, 现为 {papers} 份 · at most {PAPERS_MAX} papers a draw")
    return reasons


def _is_item(item: ItemFacts) -> bool:
    """Whether there can be such an item: facts may come from a file that somebody made up."""
    shown = [item.options, *(options for options, _ in item.parts)]
    difficulty = 0 if item.difficulty is None else item.difficulty
    return (
        all(0 <= options <= OPTIONS_MAX for options in shown)
        and len(item.parts) <= PARTS_MAX
        and 0 <= difficulty <= 100
    )


def _twice(what: str, codes: list[str]) -> list[str]:
    if len(set(codes)) == len(codes):
        return []
    repeated = [code for code, count in Counter(codes).items() if count > 1]
    return [f"{what} {', '.join(repeated[:5])}: 重复 · stands twice"]
