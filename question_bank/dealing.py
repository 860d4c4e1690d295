"""Dealing one paper after another from the decks of a plan, never two items about one point."""

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from itertools import chain

from question_bank.deck import Deck
from question_bank.pinned_bank import PinnedBank, Shape
from question_bank.plan import Cell, Plan
from question_bank.randomness import Stream

Choice = tuple[int, int]
"""A place of the paper in the making: section, position within it."""


class Dealer:
    """Deals the items of papers, as indexes into the bank's items, one list for each section.

    The plans are used in turn: they give every range the same number of items and differ in which section
    asks about which range, so that more of the bank is used and neighbours share less. They deal from the
    same decks.
    """

    def __init__(self, plans: Sequence[Plan], bank: PinnedBank, sections: int, stream: Stream) -> None:
        """Decks for every group and shape the plans ask for; all plans have the same groups."""
        self._sections = sections
        places = {place: number for number, place in enumerate(sorted(bank.places))}
        self._point_of = [places.get(item.place, -1) for item in bank.items]
        exposure = {index: bank.exposure.get(item.code, 0) for index, item in enumerate(bank.items)}
        self._group_of = {
            places[point]: index for index, group in enumerate(plans[0].groups) for point in group.points
        }
        stock: defaultdict[tuple[int, Shape], list[int]] = defaultdict(list)
        for index, item in enumerate(bank.items):
            if self._point_of[index] >= 0:
                stock[self._group_of[self._point_of[index]], item.shape].append(index)
        wanted = _most_wanted(plans)
        self._decks = {
            key: Deck(stock[key], self._point_of, exposure, count, stream) for key, count in wanted.items()
        }
        self._offered = {key: frozenset(self._point_of[item] for item in stock[key]) for key in wanted}
        # There and back: each plan was made to part from the one before it, so neighbours follow neighbours.
        self._works = [
            [(cell, self._decks[cell.group, cell.shape]) for cell in self._scarce_first(plan.cells)]
            for plan in (*plans, *plans[-2:0:-1])
        ]
        self._dealt = 0
        self._neighbour: frozenset[int] = frozenset()

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
            return len(self._offered[cell.group, cell.shape]) - cell.items

        return sorted(cells, key=lambda cell: (cell.group, slack(cell), cell.section))

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
                if item not in self._neighbour or self._group_of[self._point_of[item]] != cell.group:
                    continue
                if not self._move_to_free_point(cell, deck, (cell.section, place), chosen, taken):
                    self._exchange_points(cell, deck, (cell.section, place), sections[cell.group], chosen)

    def _move_to_free_point(
        self, cell: Cell, deck: Deck, choice: Choice, chosen: list[list[int]], taken: set[int]
    ) -> bool:
        section, place = choice
        for point in sorted(self._offered[cell.group, cell.shape] - taken):
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
                other_point = self._point_of[other]
                if self._group_of[other_point] != cell.group:
                    continue
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
        shapes = {each.section: each.shape for each, _ in work if each.group == cell.group}
        owner: dict[int, Choice] = {
            self._point_of[item]: (section, place)
            for section in shapes
            for place, item in enumerate(chosen[section])
        }
        came_from: dict[int, int | None] = dict.fromkeys(sorted(self._offered[cell.group, cell.shape]))
        waiting = deque(came_from)
        while waiting:
            point = waiting.popleft()
            if point not in taken:
                break
            section, _ = owner[point]
            for other in sorted(self._offered[cell.group, shapes[section]] - came_from.keys()):
                came_from[other] = point
                waiting.append(other)
        else:
            raise AssertionError(f"the plan gave section {cell.section} points that group {cell.group} lacks")
        taken.add(point)
        while (held := came_from[point]) is not None:
            section, place = owner[held]
            deck = self._decks[cell.group, shapes[section]]
            replaced = chosen[section][place]
            chosen[section][place] = deck.deal_about(point)
            deck.put_back(replaced)
            point = held
        chosen[cell.section].append(self._decks[cell.group, cell.shape].deal_about(point))


def _most_wanted(plans: Sequence[Plan]) -> dict[tuple[int, Shape], int]:
    """For each group and shape the most items one paper takes, whichever plan it follows."""
    most: dict[tuple[int, Shape], int] = {}
    for plan in plans:
        wanted: Counter[tuple[int, Shape]] = Counter()
        for cell in plan.cells:
            wanted[cell.group, cell.shape] += cell.items
        for key, count in wanted.items():
            most[key] = max(count, most.get(key, 0))
    return most


def _replace(chosen: list[list[int]], choice: Choice, deck: Deck, fresh: int) -> None:
    section, place = choice
    deck.deal_this(fresh)
    deck.put_back(chosen[section][place])
    chosen[section][place] = fresh
