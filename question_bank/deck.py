"""A deck of the items of one cell, dealt through all papers in seat order.

Dealing instead of sampling makes neighbours share as few items as the cell allows and uses every item of a
cell equally often, give or take one, while each candidate's chance of any item stays the same.
"""

from collections.abc import Callable, Container, Mapping, Sequence

from question_bank.randomness import Stream


class Deck:
    """Items in dealing order; a new pass follows when the old one runs out.

    Items are integers. point_of: what each item is about; no two of one paper are about the same. exposure:
    uses in past batches; the less used are dealt first. per_paper: items one paper takes from this deck.
    resting: of the items those worn by past use; they wait beside the deck, the least used first, and are dealt
    only where no other fits, or back in the deck where it would be too small without them.
    """

    __slots__ = ("_gap", "_head", "_order", "_point_of", "_queue", "_resting", "_stream")

    def __init__(
        self,
        items: Sequence[int],
        point_of: Sequence[int],
        exposure: Mapping[int, int],
        per_paper: int,
        stream: Stream,
        resting: Container[int] = (),
    ) -> None:
        """Shuffled, then the less exposed first."""
        self._stream = stream
        self._point_of = point_of
        order = sorted(stream.shuffled(items), key=lambda item: exposure.get(item, 0))
        fresh, worn = in_use(order, resting, per_paper)
        self._order, self._resting = fresh, worn
        # Positions between two dealings of one item: past the next paper at least, else half of the deck.
        self._gap = min(len(fresh), max(2 * per_paper, len(fresh) // 2))
        self._queue = list(self._order)
        self._head = 0

    def deal(self, taken: Container[int]) -> int:
        """The next item about none of the points taken, or -1 when every item of the deck is about one of
        them.

        Items passed over come first for the next paper.
        """
        if self._head == len(self._queue):
            self._next_pass()
        item = self._queue[self._head]
        if self._point_of[item] not in taken:
            self._head += 1
            return item
        return self._deal_further(lambda candidate: self._point_of[candidate] not in taken)

    def deal_about(self, point: int) -> int:
        """The next item about one point, or -1 when the deck has none."""
        return self._deal_further(lambda candidate: self._point_of[candidate] == point)

    def peek_about(self, point: int, avoid: Container[int]) -> int:
        """The next item about one point that is none of those to avoid, or -1; it is not dealt."""
        if len(self._queue) - self._head < len(self._order):
            self._next_pass()
        for place in range(self._head, len(self._queue)):
            item = self._queue[place]
            if self._point_of[item] == point and item not in avoid:
                return item
        return -1

    def deal_this(self, item: int) -> None:
        """Deal an item that peek_about gave."""
        self._queue.pop(self._queue.index(item, self._head))
        self._queue.insert(self._head, item)
        self._head += 1

    def put_back(self, item: int) -> None:
        """Make a dealt item that found no use the next one again; a resting one rests on."""
        if item in self._resting:
            return
        self._queue.insert(self._head, item)

    def _deal_further(self, fits: Callable[[int], bool]) -> int:
        queue = self._queue
        place = next((place for place in range(self._head, len(queue)) if fits(queue[place])), -1)
        if place < 0:
            if not any(map(fits, self._order)):
                return self._deal_resting(fits)
            left = len(queue) - self._head
            self._next_pass()
            queue = self._queue
            place = next(place for place in range(left, len(queue)) if fits(queue[place]))
        item = queue.pop(place)
        queue.insert(self._head, item)
        self._head += 1
        return item

    def _deal_resting(self, fits: Callable[[int], bool]) -> int:
        """The resting item that was not dealt for longest, or -1."""
        for place, item in enumerate(self._resting):
            if fits(item):
                self._resting.append(self._resting.pop(place))
                return item
        return -1

    def _next_pass(self) -> None:
        """Append all items in a new order in which none comes sooner than the gap after its last place.

        Each place goes to a uniform choice among the items old enough for it.
        """
        order = self._order
        lead = len(order) - self._gap
        waiting = order[: lead + 1]
        following = order[lead + 1 :]
        new: list[int] = []
        for chosen, arriving in zip(
            self._stream.several_below(lead + 1, len(following)), following, strict=True
        ):
            new.append(waiting[chosen])
            waiting[chosen] = arriving
        new += self._stream.shuffled(waiting)
        self._order = new
        self._queue = self._queue[self._head :] + new
        self._head = 0


def in_use(order: Sequence[int], resting: Container[int], per_paper: int) -> tuple[list[int], list[int]]:
    """Of items in the order of their use those to be dealt, and those that rest.

    Two papers' worth is always in use, so that neighbours need not share; the least used come back first.
    """
    fresh = [item for item in order if item not in resting]
    worn = [item for item in order if item in resting]
    back = max(0, min(len(worn), 2 * per_paper - len(fresh)))
    return fresh + worn[:back], worn[back:]
