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
    """

    __slots__ = ("_gap", "_head", "_order", "_point_of", "_queue", "_stream")

    def __init__(
        self,
        items: Sequence[int],
        point_of: Sequence[int],
        exposure: Mapping[int, int],
        per_paper: int,
        stream: Stream,
    ) -> None:
        """Shuffled, then the less exposed first."""
        self._stream = stream
        self._point_of = point_of
        self._order = sorted(stream.shuffled(items), key=lambda item: exposure.get(item, 0))
        # Positions between two dealings of one item: past the next paper at least, else half of the deck.
        self._gap = min(len(items), max(2 * per_paper, len(items) // 2))
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
        """Make a dealt item that found no use the next one again."""
        self._queue.insert(self._head, item)

    def _deal_further(self, fits: Callable[[int], bool]) -> int:
        place = self._head
        passes = 0
        while True:
            if place == len(self._queue):
                if passes == 1:
                    return -1
                passes += 1
                place -= self._head
                self._next_pass()
            if fits(self._queue[place]):
                break
            place += 1
        item = self._queue.pop(place)
        self._queue.insert(self._head, item)
        self._head += 1
        return item

    def _next_pass(self) -> None:
        """Append all items in a new order in which none comes sooner than the gap after its last place.

        Each place goes to a uniform choice among the items old enough for it.
        """
        order, below = self._order, self._stream.below
        lead = len(order) - self._gap
        waiting = order[: lead + 1]
        following = iter(order[lead + 1 :])
        new: list[int] = []
        while waiting:
            chosen = below(len(waiting)) if len(waiting) > 1 else 0
            waiting[chosen], waiting[-1] = waiting[-1], waiting[chosen]
            new.append(waiting.pop())
            arriving = next(following, None)
            if arriving is not None:
                waiting.append(arriving)
        self._order = new
        self._queue = self._queue[self._head :] + new
        self._head = 0
