"""Coverage: what a bank cannot fill, said before anyone sits down and before anything is drawn."""

from collections import Counter
from dataclasses import dataclass

from question_bank.commitment import DrawInputs
from question_bank.pinned_bank import PinnedBank
from question_bank.plan import Deviation, Shortage, plan_paper

# Papers of one draw: the largest room twice over.
PAPERS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class BlueprintCoverage:
    """What one blueprint gets from its bank.

    outside: items on no point of the outline, which are never drawn. thin: points of the outline without
    any item.
    """

    blueprint: str
    shortages: tuple[Shortage, ...]
    deviations: tuple[Deviation, ...]
    outside: tuple[str, ...]
    thin: tuple[str, ...]


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
        plan = plan_paper(blueprint, bank)
        found.append(
            BlueprintCoverage(
                blueprint.code, plan.shortages, plan.deviations, bank.outside, _points_without_items(bank)
            )
        )
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


def _twice(what: str, codes: list[str]) -> list[str]:
    if len(set(codes)) == len(codes):
        return []
    repeated = [code for code, count in Counter(codes).items() if count > 1]
    return [f"{what} {', '.join(repeated[:5])}: 重复 · stands twice"]
