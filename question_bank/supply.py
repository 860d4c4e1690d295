"""What a bank offers to a blueprint: its items by group of points and by form, looked up once for all plans."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from question_bank.blueprint import Blueprint
from question_bank.difficulty import Band, band_of, counted_difficulties
from question_bank.items import Kind
from question_bank.pinned_bank import PinnedBank
from question_bank.quota import GroupQuota, TieOrder, in_order, nested_quota


class Form(NamedTuple):
    """What makes items exchangeable for a section: kind, slots taken, and the band where a section has shares of it."""

    kind: Kind
    parts: int
    band: Band | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """Points of one group that offer the same forms: interchangeable for the plan."""

    group: int
    forms: frozenset[Form]
    points: int


@dataclass(frozen=True, slots=True)
class Supply:
    """The items a blueprint can be filled from. Items are indexes into the bank's.

    point_of: for each item the number of its place, -1 outside of the outline. group_of: the group of each place's
    number. stock: items of each group and form, in the order of the bank.
    """

    point_of: list[int]
    form_of: list[Form]
    group_of: dict[int, int]
    stock: dict[tuple[int, Form], list[int]]
    stocks: tuple[Stock, ...]

    @property
    def counts(self) -> Counter[tuple[int, Form]]:
        """How many items each group offers of each form."""
        return Counter({key: len(items) for key, items in self.stock.items()})


def supply_of(blueprint: Blueprint, bank: PinnedBank) -> Supply:
    """What the bank offers to this blueprint."""
    places = {place: number for number, place in enumerate(sorted(bank.places))}
    group_of = {
        places[point]: index
        for index, group in enumerate(groups_of(blueprint, bank))
        for point in group.points
        if point in places
    }
    point_of = [places.get(item.place, -1) for item in bank.items]
    stock: defaultdict[tuple[int, Form], list[int]] = defaultdict(list)
    offered: defaultdict[int, set[Form]] = defaultdict(set)
    forms = _forms(blueprint, bank)
    for index, (point, form) in enumerate(zip(point_of, forms, strict=True)):
        if point >= 0:
            stock[group_of[point], form].append(index)
            offered[point].add(form)
    counted = Counter((group_of[point], frozenset(offered[point])) for point in sorted(offered))
    stocks = tuple(Stock(group, forms, points) for (group, forms), points in counted.items())
    return Supply(point_of, forms, group_of, dict(stock), stocks)


def groups_of(blueprint: Blueprint, bank: PinnedBank, ties: TieOrder = in_order) -> list[GroupQuota]:
    """The groups of points with their quotas; ties only move quotas, the groups and their order stay."""
    if bank.outline is not None:
        return nested_quota(bank.outline, blueprint.items, ties)
    points = tuple(dict.fromkeys(item.place for item in bank.items))
    return [GroupQuota(path=("",), importance="", points=points, items=blueprint.items)]


def _forms(blueprint: Blueprint, bank: PinnedBank) -> list[Form]:
    banded = {section.shape for section in blueprint.sections if section.difficulty is not None}
    counted = counted_difficulties(bank) if banded else None
    forms: list[Form] = []
    for index, item in enumerate(bank.items):
        shape = item.shape
        # Without any known difficulty every item counts as medium: shares cannot hold then, and the plan says so.
        known = Band.MEDIUM if counted is None else band_of(counted[index])
        forms.append(Form(*shape, known if shape in banded else None))
    return forms
