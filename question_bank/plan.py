"""The plan of a paper: how many items of each section come from which points; the same for every paper of a
session.

Every candidate is treated alike: same sections, same ranges, same importance. What differs is only which
items of a cell are dealt. The plan comes as near to the outline's quotas as the bank allows.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from question_bank.blueprint import Blueprint, Section
from question_bank.difficulty import Band
from question_bank.flow import UNBOUNDED, Network
from question_bank.items import Kind
from question_bank.pinned_bank import PinnedBank
from question_bank.quota import GroupQuota, TieOrder, apportion, in_order
from question_bank.supply import Form, Supply, groups_of, supply_of

# Cost of one item beyond a quota (ours): first the ranges hold, then the shares of difficulty, then importance, then
# neighbours part, then the spread over the sections. What a group cannot give is asked of the core points first.
_RANGE_COST = 1_000
_BAND_COST = 300
_IMPORTANCE_COST = {"X": 100, "Y": 110, "Z": 120}
_REPEAT_COST = 20
_SECTION_RANGE_COST = 10
_SECTION_LEAF_COST = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """Items of one section to be dealt from one group of points. group: index into the plan's groups."""

    section: int
    group: int
    form: Form
    items: int


@dataclass(frozen=True, slots=True)
class Deviation:
    """A range whose planned items differ from its quota: the bank cannot give what the weights ask."""

    range: str
    quota: int
    planned: int


@dataclass(frozen=True, slots=True)
class BandDeviation:
    """A section whose planned items of one band differ from its share: the bank cannot give what was asked."""

    section: int
    title: str
    band: Band
    quota: int
    planned: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A section the bank cannot fill. available: items it could get at best beside the other sections.

    parts: how many questions a case of the section has, 1 for any other kind; bank_items are of this shape only.
    """

    section: int
    title: str
    kind: Kind
    parts: int
    needed: int
    available: int
    bank_items: int
    bank_points: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Cells, with the groups they deal from; complete only without shortages."""

    groups: tuple[GroupQuota, ...]
    cells: tuple[Cell, ...]
    deviations: tuple[Deviation, ...]
    shortages: tuple[Shortage, ...]
    band_deviations: tuple[BandDeviation, ...] = ()


class LeftOver:
    """What of the supply the plans so far leave over, so that the next asks for it first.

    A group that cannot give a paper its share any more is taken to be whole again; what the paper before had is not
    left over even then.
    """

    def __init__(self, supply: Supply) -> None:
        """Nothing is used yet."""
        self._all = supply.counts
        self._left = supply.counts
        self._before: Counter[tuple[int, Form]] = Counter()

    def items(self, key: tuple[int, Form]) -> int:
        """Items of a group and form that the next paper can have as the first."""
        return max(0, min(self._left[key], self._all[key] - self._before[key]))

    def use(self, plan: Plan) -> None:
        """Count what a plan asks of every group."""
        self._before = Counter()
        for cell in plan.cells:
            self._before[cell.group, cell.form] += cell.items
        self._left.subtract(self._before)
        asked: Counter[int] = Counter()
        left: Counter[int] = Counter()
        for (group, _), count in self._before.items():
            asked[group] += count
        for (group, _), count in self._left.items():
            left[group] += max(0, count)
        for key, count in self._all.items():
            if left[key[0]] < asked[key[0]]:
                self._left[key] += count


def plan_paper(
    blueprint: Blueprint,
    bank: PinnedBank,
    ties: TieOrder = in_order,
    supply: Supply | None = None,
    left: LeftOver | None = None,
) -> Plan:
    """The plan of one blueprint on one bank.

    ties: orders what is equal: equal remainders, equally good points. supply: what the bank offers to this blueprint,
    looked up already. left: what the papers before left over; where a group has few items, this paper asks about it
    in another section if it can.
    """
    supply = supply or supply_of(blueprint, bank)
    groups = groups_of(blueprint, bank, ties)
    planned, filled = _fill(blueprint, groups, supply, left or LeftOver(supply), ties)
    cells = tuple(
        Cell(section, group, form, items)
        for (section, group, form), items in sorted(planned.items(), key=_place)
    )
    return Plan(
        groups=tuple(groups),
        cells=cells,
        deviations=_deviations(groups, cells),
        shortages=_shortages(blueprint, bank, filled),
        band_deviations=_band_deviations(blueprint, cells),
    )


_Place = tuple[int, int, Form]


def _place(one: tuple[_Place, int]) -> tuple[int, int, str]:
    (section, group, form), _ = one
    return section, group, form.band or ""


def _fill(
    blueprint: Blueprint,
    groups: Sequence[GroupQuota],
    supply: Supply,
    left: LeftOver,
    ties: TieOrder,
) -> tuple[dict[_Place, int], list[int]]:
    """Items per (section, group, form), and items per section, of the cheapest largest plan."""
    network = Network()
    source, sink = network.node(), network.node()
    group_nodes = _group_nodes(network, groups, sink)
    stocks = [supply.stocks[index] for index in ties(len(supply.stocks))]
    stock_nodes = [network.node() for _ in stocks]
    for node, stock in zip(stock_nodes, stocks, strict=True):
        network.arc(node, group_nodes[stock.group], stock.points)
    section_arcs: list[int] = []
    used: list[tuple[int, _Place]] = []
    for index, section in enumerate(blueprint.sections):
        start = network.node()
        section_arcs.append(network.arc(source, start, section.count))
        for forms, count in _asks(section, blueprint):
            ask = network.node()
            network.arc(start, ask, count)
            if section.difficulty is not None:
                network.arc(start, ask, UNBOUNDED, _BAND_COST)
            leaf_node = _section_nodes(network, ask, groups, count, blueprint.items, ties)
            cell_nodes: dict[tuple[int, Form], int] = {}
            for node, stock in zip(stock_nodes, stocks, strict=True):
                for form in forms:
                    if form not in stock.forms:
                        continue
                    cell = cell_nodes.get((stock.group, form))
                    if cell is None:
                        cell = cell_nodes[stock.group, form] = network.node()
                        leaf = leaf_node(groups[stock.group].path)
                        network.arc(leaf, cell, left.items((stock.group, form)))
                        network.arc(leaf, cell, UNBOUNDED, _REPEAT_COST)
                    used.append((network.arc(cell, node, UNBOUNDED), (index, stock.group, form)))
    network.fill(source, sink)
    planned: Counter[_Place] = Counter()
    for arc, place in used:
        if flow := network.flow(arc):
            planned[place] += flow
    return dict(planned), [network.flow(arc) for arc in section_arcs]


def _asks(section: Section, blueprint: Blueprint) -> list[tuple[tuple[Form, ...], int]]:
    """The forms a section takes, with how many it asks for: one for each band where it has shares."""
    shares, shape = section.difficulty, section.shape
    bands = tuple(Form(*shape, band) for band in Band)
    if shares is not None:
        counts = apportion(section.count, [shares.easy, shares.medium, shares.hard])
        return [((form,), count) for form, count in zip(bands, counts, strict=True)]
    by_band = any(other.difficulty is not None for other in blueprint.sections if other.shape == shape)
    return [(bands if by_band else (Form(*shape),), section.count)]


def _group_nodes(network: Network, groups: Sequence[GroupQuota], sink: int) -> list[int]:
    """Nodes of the groups, draining through their ranges; an item beyond a quota pays at every level it is
    beyond.
    """
    quotas: Counter[tuple[str, ...]] = Counter()
    for group in groups:
        for depth in range(1, len(group.path) + 1):
            quotas[group.path[:depth]] += group.items
    drains: dict[tuple[str, ...], int] = {(): sink}
    for path, quota in quotas.items():
        drains[path] = network.node()
        network.arc(drains[path], drains[path[:-1]], quota)
        network.arc(drains[path], drains[path[:-1]], UNBOUNDED, _RANGE_COST)
    nodes: list[int] = []
    for group in groups:
        nodes.append(network.node())
        network.arc(nodes[-1], drains[group.path], group.items)
        network.arc(nodes[-1], drains[group.path], UNBOUNDED, _IMPORTANCE_COST.get(group.importance, 0))
    return nodes


def _section_nodes(
    network: Network, start: int, groups: Sequence[GroupQuota], count: int, whole: int, ties: TieOrder
) -> Callable[[tuple[str, ...]], int]:
    """Nodes that spread one section over the ranges, so that no section asks about one chapter only."""
    firsts: Counter[str] = Counter()
    leaves: Counter[tuple[str, ...]] = Counter()
    for group in groups:
        firsts[group.path[0]] += group.items
        leaves[group.path] += group.items
    first_nodes: dict[str, int] = {}
    for first, share in zip(firsts, apportion(count, list(firsts.values()), ties), strict=True):
        first_nodes[first] = network.node()
        network.arc(start, first_nodes[first], share)
        network.arc(start, first_nodes[first], UNBOUNDED, _SECTION_RANGE_COST)
    leaf_nodes: dict[tuple[str, ...], int] = {}
    for path, quota in leaves.items():
        leaf_nodes[path] = network.node()
        network.arc(first_nodes[path[0]], leaf_nodes[path], -(-quota * count // whole))
        network.arc(first_nodes[path[0]], leaf_nodes[path], UNBOUNDED, _SECTION_LEAF_COST)
    return leaf_nodes.__getitem__


def _deviations(groups: Sequence[GroupQuota], cells: Sequence[Cell]) -> tuple[Deviation, ...]:
    planned_by_group: Counter[int] = Counter()
    for cell in cells:
        planned_by_group[cell.group] += cell.items
    quota: Counter[tuple[str, ...]] = Counter()
    planned: Counter[tuple[str, ...]] = Counter()
    for index, group in enumerate(groups):
        for depth in range(1, len(group.path) + 1):
            quota[group.path[:depth]] += group.items
            planned[group.path[:depth]] += planned_by_group[index]
    return tuple(
        Deviation(path[-1], quota[path], planned[path]) for path in quota if quota[path] != planned[path]
    )


def _band_deviations(blueprint: Blueprint, cells: Sequence[Cell]) -> tuple[BandDeviation, ...]:
    planned: Counter[tuple[int, Form]] = Counter()
    for cell in cells:
        planned[cell.section, cell.form] += cell.items
    return tuple(
        BandDeviation(index, section.title, form.band, quota, planned[index, form])
        for index, section in enumerate(blueprint.sections)
        for (form, *_), quota in _asks(section, blueprint)
        if section.difficulty is not None and form.band is not None and planned[index, form] != quota
    )


def _shortages(blueprint: Blueprint, bank: PinnedBank, filled: Sequence[int]) -> tuple[Shortage, ...]:
    found: list[Shortage] = []
    for index, section in enumerate(blueprint.sections):
        if filled[index] < section.count:
            usable = [
                item for item in bank.items if item.shape == section.shape and item.place in bank.places
            ]
            found.append(
                Shortage(
                    section=index,
                    title=section.title,
                    kind=section.kind,
                    parts=section.parts,
                    needed=section.count,
                    available=filled[index],
                    bank_items=len(usable),
                    bank_points=len({item.place for item in usable}),
                )
            )
    return tuple(found)
