"""Dealing one paper after another from the decks of a plan, never two items about one point."""

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from itertools import chain

from question_bank.blueprint import Blueprint
from question_bank.deck import Deck
from question_bank.pinned_bank import PinnedBank
from question_bank.plan import Cell, Plan
from question_bank.randomness import Stream
from question_bank.supply import Form, Supply

Choice = tuple[int, int]
"""A place of the paper in the making: section, position within it."""

CellKey = tuple[int, int, Form]
"""Section, group, form: items of the same cell may stand for each other in any two papers."""


class Dealer:
    """Deals the items of papers, as indexes into the bank's items, one list for each section.

    The plans are used in turn: they give every range the same number of items and differ in which section
    asks about which range, so that more of the bank is used and neighbours share less. They deal from the
    same decks.
    """

    def __init__(
        self, plans: Sequence[Plan], supply: Supply, bank: PinnedBank, blueprint: Blueprint, stream: Stream
    ) -> None:
        """Decks for every group and form the plans ask for; all plans have the same groups."""
        self._sections = len(blueprint.sections)
        self._point_of = supply.point_of
        self._group_of = supply.group_of
        self._form_of = supply.form_of
        exposure = {index: bank.exposure.get(item.code, 0) for index, item in enumerate(bank.items)}
        resting = worn_items(bank, blueprint.exposure_max)
        wanted = most_wanted(plans)
        self._decks = {
            key: Deck(supply.stock[key], self._point_of, exposure, count, stream, resting)
            for key, count in wanted.items()
        }
        self._offered = {key: frozenset(self._point_of[item] for item in supply.stock[key]) for key in wanted}
        self._plans = len(plans)
        # There and back: each plan was made to part from the one before it, so neighbours follow neighbours.
        self._works = [
            [(cell, self._decks[cell.group, cell.form]) for cell in self._scarce_first(plan.cells)]
            for plan in (*plans, *plans[-2:0:-1])
        ]
        self._dealt = 0
        self._neighbour: frozenset[int] = frozenset()

    @property
    def layouts(self) -> list[tuple[CellKey, ...]]:
        """For each plan the cell of every item of its papers, section after section as deal() gives them."""
        return [
            tuple(
                (cell.section, cell.group, cell.form)
                for section in range(self._sections)
                for cell, _ in work
                if cell.section == section
                for _ in range(cell.items)
            )
            for work in self._works[: self._plans]
        ]

    def layout_of(self, paper: int) -> int:
        """Which of the layouts a paper has, 0 being the first dealt."""
        work = paper % len(self._works)
        return work if work < self._plans else len(self._works) - work

    def deal(self) -> list[list[int]]:
        """The items of the next paper by section, none of two about one point."""
        chosen: list[list[int]] = [[] for _ in range(self._sections)]
        taken: set[int] = set()
        point_of = self._point_of
        work = self._works[self._dealt % len(self._works)]
        self._dealt += 1
        for cell, deck in work:
            section = chosen[cell.section]
            for _ in range(cell.items):
                item = deck.deal(taken)
                if item < 0:
                    self._make_room(cell, work, chosen, taken)
                else:
                    section.append(item)
                    taken.add(point_of[item])
        if not self._neighbour.isdisjoint(chain.from_iterable(chosen)):
            self._part_from_neighbour(work, chosen, taken)
        self._neighbour = frozenset(chain.from_iterable(chosen))
        return chosen

    def _scarce_first(self, cells: Sequence[Cell]) -> list[Cell]:
        def slack(cell: Cell) -> int:
            return len(self._offered[cell.group, cell.form]) - cell.items

        return sorted(cells, key=lambda cell: (cell.group, slack(cell), cell.section))

    def _from(self, deck: Deck, group: int, item: int) -> bool:
        """Whether an item was dealt from this deck of a group."""
        return (
            self._group_of[self._point_of[item]] == group and self._decks[group, self._form_of[item]] is deck
        )

    def _part_from_neighbour(
        self, work: Sequence[tuple[Cell, Deck]], chosen: list[list[int]], taken: set[int]
    ) -> None:
        """Replace items the paper before has as well, where a group is so small that dealing met them again.

        First by an item about a point still free, else two sections exchange points, so that both ask
        something else about them.
        """
        sections: defaultdict[int, list[tuple[int, Deck]]] = defaultdict(list)
        for cell, deck in work:
            sections[cell.group].append((cell.section, deck))
        for cell, deck in work:
            for place, item in enumerate(chosen[cell.section]):
                if item not in self._neighbour or not self._from(deck, cell.group, item):
                    continue
                if not self._move_to_free_point(cell, deck, (cell.section, place), chosen, taken):
                    self._exchange_points(cell, deck, (cell.section, place), sections[cell.group], chosen)

    def _move_to_free_point(
        self, cell: Cell, deck: Deck, choice: Choice, chosen: list[list[int]], taken: set[int]
    ) -> bool:
        section, place = choice
        for point in sorted(self._offered[cell.group, cell.form] - taken):
            fresh = deck.peek_about(point, self._neighbour)
            if fresh >= 0:
                taken.discard(self._point_of[chosen[section][place]])
                taken.add(point)
                _replace(chosen, choice, deck, fresh)
                return True
        return False

    def _exchange_points(
        self,
        cell: Cell,
        deck: Deck,
        choice: Choice,
        sections: Sequence[tuple[int, Deck]],
        chosen: list[list[int]],
    ) -> None:
        point = self._point_of[chosen[choice[0]][choice[1]]]
        for section, other_deck in sections:
            if other_deck is deck:
                continue
            for place, other in enumerate(chosen[section]):
                if not self._from(other_deck, cell.group, other):
                    continue
                other_point = self._point_of[other]
                fresh = deck.peek_about(other_point, self._neighbour)
                # An exchange that only moves the repetition to the other section gains nothing.
                avoid = () if other in self._neighbour else self._neighbour
                other_fresh = other_deck.peek_about(point, avoid)
                if fresh >= 0 and other_fresh >= 0:
                    _replace(chosen, choice, deck, fresh)
                    _replace(chosen, (section, place), other_deck, other_fresh)
                    return

    def _make_room(
        self, cell: Cell, work: Sequence[tuple[Cell, Deck]], chosen: list[list[int]], taken: set[int]
    ) -> None:
        """Fill a cell whose points other sections took, by moving those to points still free (augmenting
        path).

        The plan is a flow through these very points, so a way always exists.
        """
        owner: dict[int, Choice] = {
            self._point_of[item]: (section, place)
            for section, dealt in enumerate(chosen)
            for place, item in enumerate(dealt)
        }
        came_from: dict[int, int | None] = dict.fromkeys(sorted(self._offered[cell.group, cell.form]))
        waiting = deque(came_from)
        while waiting:
            point = waiting.popleft()
            if point not in taken:
                break
            section, place = owner[point]
            form = self._form_of[chosen[section][place]]
            for other in sorted(self._offered[cell.group, form] - came_from.keys()):
                came_from[other] = point
                waiting.append(other)
        else:
            raise AssertionError(f"the plan gave section {cell.section} points that group {cell.group} lacks")
        taken.add(point)
        while (held := came_from[point]) is not None:
            section, place = owner[held]
            replaced = chosen[section][place]
            deck = self._decks[cell.group, self._form_of[replaced]]
            chosen[section][place] = deck.deal_about(point)
            deck.put_back(replaced)
            point = held
        chosen[cell.section].append(self._decks[cell.group, cell.form].deal_about(point))


def worn_items(bank: PinnedBank, exposure_max: int | None) -> frozenset[int]:
    """Items that were on as many papers of past sessions as the blueprint allows, or on more."""
    if exposure_max is None:
        return frozenset()
    return frozenset(
        index for index, item in enumerate(bank.items) if bank.exposure.get(item.code, 0) >= exposure_max
    )


def most_wanted(plans: Sequence[Plan]) -> dict[tuple[int, Form], int]:
    """For each group and form the most items one paper takes, whichever plan it follows."""
    most: dict[tuple[int, Form], int] = {}
    for plan in plans:
        wanted: Counter[tuple[int, Form]] = Counter()
        for cell in plan.cells:
            wanted[cell.group, cell.form] += cell.items
        for key, count in wanted.items():
            most[key] = max(count, most.get(key, 0))
    return most


def _replace(chosen: list[list[int]], choice: Choice, deck: Deck, fresh: int) -> None:
    section, place = choice
    deck.deal_this(fresh)
    deck.put_back(chosen[section][place])
    chosen[section][place] = fresh
