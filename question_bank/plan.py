"""The plan of a paper: how many items of each section come from which points; the same for every paper of a
session.

Every candidate is treated alike: same sections, same ranges, same importance. What differs is only which
items of a cell are dealt. The plan comes as near to the outline's quotas as the bank allows.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from question_bank.blueprint import Blueprint
from question_bank.flow import UNBOUNDED, Network
from question_bank.items import Kind
from question_bank.pinned_bank import PinnedBank, Shape
from question_bank.quota import GroupQuota, TieOrder, apportion, in_order, nested_quota

# Cost of one item beyond a quota (ours): first the ranges hold, then importance, then neighbours part, then
# the spread over the sections.
_RANGE_COST = 1_000
_IMPORTANCE_COST = 100
_REPEAT_COST = 20
_SECTION_RANGE_COST = 10
_SECTION_LEAF_COST = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """Items of one section to be dealt from one group of points. group: index into the plan's groups."""

    section: int
    group: int
    shape: Shape
    items: int


@dataclass(frozen=True, slots=True)
class Deviation:
    """A range whose planned items differ from its quota: the bank cannot give what the weights ask."""

    range: str
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


@dataclass(frozen=True, slots=True)
class _Stock:
    """Points of one group that offer the same shapes: interchangeable for the plan."""

    group: int
    shapes: frozenset[Shape]
    points: int


def plan_paper(
    blueprint: Blueprint, bank: PinnedBank, ties: TieOrder = in_order, before: Plan | None = None
) -> Plan:
    """The plan of one blueprint on one bank.

    ties: orders what is equal: equal remainders, equally good points. before: the plan of the paper at the
    neighbour's seat; where a group has few items, this one asks about it in another section if it can.
    """
    groups = _groups(blueprint, bank, ties)
    stocks = _stocks(groups, bank)
    fresh = _fresh(bank, groups, before)
    planned, filled = _fill(blueprint, groups, [stocks[index] for index in ties(len(stocks))], fresh, ties)
    cells = tuple(
        Cell(section, group, blueprint.sections[section].shape, items)
        for (section, group), items in sorted(planned.items())
    )
    return Plan(
        groups=tuple(groups),
        cells=cells,
        deviations=_deviations(groups, cells),
        shortages=_shortages(blueprint, bank, filled),
    )


def _groups(blueprint: Blueprint, bank: PinnedBank, ties: TieOrder) -> list[GroupQuota]:
    if bank.outline is not None:
        return nested_quota(bank.outline, blueprint.items, ties)
    points = tuple(dict.fromkeys(item.place for item in bank.items))
    return [GroupQuota(path=("",), importance="", points=points, items=blueprint.items)]


def _stocks(groups: Sequence[GroupQuota], bank: PinnedBank) -> list[_Stock]:
    offered: defaultdict[str, set[Shape]] = defaultdict(set)
    for item in bank.items:
        offered[item.place].add(item.shape)
    counted = Counter(
        (index, frozenset(offered[point]))
        for index, group in enumerate(groups)
        for point in group.points
        if point in offered
    )
    return [_Stock(group, shapes, points) for (group, shapes), points in counted.items()]


def _fresh(bank: PinnedBank, groups: Sequence[GroupQuota], before: Plan | None) -> Counter[tuple[int, Shape]]:
    """Items of each group and shape that the paper before leaves over."""
    group_of = {point: index for index, group in enumerate(groups) for point in group.points}
    fresh = Counter((group_of[item.place], item.shape) for item in bank.items if item.place in group_of)
    for cell in before.cells if before is not None else ():
        fresh[cell.group, cell.shape] -= cell.items
    return fresh


def _fill(
    blueprint: Blueprint,
    groups: Sequence[GroupQuota],
    stocks: Sequence[_Stock],
    fresh: Counter[tuple[int, Shape]],
    ties: TieOrder,
) -> tuple[dict[tuple[int, int], int], list[int]]:
    """Items per (section, group), and items per section, of the cheapest largest plan."""
    network = Network()
    source, sink = network.node(), network.node()
    group_nodes = _group_nodes(network, groups, sink)
    stock_nodes = [network.node() for _ in stocks]
    for node, stock in zip(stock_nodes, stocks, strict=True):
        network.arc(node, group_nodes[stock.group], stock.points)
    section_arcs: list[int] = []
    used: list[tuple[int, int, int]] = []
    for index, section in enumerate(blueprint.sections):
        start = network.node()
        section_arcs.append(network.arc(source, start, section.count))
        leaf_node = _section_nodes(network, start, groups, section.count, blueprint.items, ties)
        cell_nodes: dict[int, int] = {}
        for node, stock in zip(stock_nodes, stocks, strict=True):
            if section.shape not in stock.shapes:
                continue
            cell = cell_nodes.get(stock.group)
            if cell is None:
                cell = cell_nodes[stock.group] = network.node()
                leaf = leaf_node(groups[stock.group].path)
                network.arc(leaf, cell, max(0, fresh[stock.group, section.shape]))
                network.arc(leaf, cell, UNBOUNDED, _REPEAT_COST)
            used.append((network.arc(cell, node, UNBOUNDED), index, stock.group))
    network.fill(source, sink)
    planned: Counter[tuple[int, int]] = Counter()
    for arc, section_index, group in used:
        if flow := network.flow(arc):
            planned[section_index, group] += flow
    return dict(planned), [network.flow(arc) for arc in section_arcs]


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
        network.arc(nodes[-1], drains[group.path], UNBOUNDED, _IMPORTANCE_COST)
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
