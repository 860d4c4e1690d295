"""Minimum-cost flow on a small network: how a paper's plan comes nearest to its quotas.

Successive shortest paths (Ahuja, Magnanti, Orlin, Network Flows, chapter 9), with all augmentations of one
path length done together. Integral capacities give an integral flow.
"""

from collections import deque

UNBOUNDED = 1 << 40


class Network:
    """Nodes are integers in the order they are made; arcs come with capacity and cost per unit."""

    def __init__(self) -> None:
        """A network without nodes."""
        self._out: list[list[int]] = []
        self._to: list[int] = []
        self._room: list[int] = []
        self._cost: list[int] = []

    def node(self) -> int:
        """A new node."""
        self._out.append([])
        return len(self._out) - 1

    def arc(self, tail: int, head: int, capacity: int, cost: int = 0) -> int:
        """A new arc; its number asks for its flow afterwards. Costs are not negative."""
        number = len(self._to)
        self._to += [head, tail]
        self._room += [capacity, 0]
        self._cost += [cost, -cost]
        self._out[tail].append(number)
        self._out[head].append(number + 1)
        return number

    def flow(self, arc: int) -> int:
        """Units flowing through an arc after fill()."""
        return self._room[arc + 1]

    def fill(self, source: int, sink: int) -> int:
        """Send as much as possible from source to sink, as cheaply as possible; the units sent."""
        sent = 0
        while (distance := self._distances(source))[sink] < UNBOUNDED:
            sent += self._augment(source, sink, distance)
        return sent

    def _distances(self, source: int) -> list[int]:
        distance = [UNBOUNDED] * len(self._out)
        distance[source] = 0
        waiting, queued = deque([source]), {source}
        while waiting:
            tail = waiting.popleft()
            queued.discard(tail)
            for arc in self._out[tail]:
                head, reached = self._to[arc], distance[tail] + self._cost[arc]
                if self._room[arc] and reached < distance[head]:
                    distance[head] = reached
                    if head not in queued:
                        waiting.append(head)
                        queued.add(head)
        return distance

    def _augment(self, source: int, sink: int, distance: list[int]) -> int:
        """Send along shortest paths until none of that length is found; one depth-first search per path."""
        sent = 0
        tried = [0] * len(self._out)
        while path := self._shortest_path(source, sink, distance, tried):
            units = min(self._room[arc] for arc in path)
            for arc in path:
                self._room[arc] -= units
                self._room[arc ^ 1] += units
            sent += units
        return sent

    def _shortest_path(self, source: int, sink: int, distance: list[int], tried: list[int]) -> list[int]:
        path: list[int] = []
        on_path = {source}
        here = source
        while here != sink:
            arcs = self._out[here]
            while tried[here] < len(arcs):
                arc = arcs[tried[here]]
                head = self._to[arc]
                shortest = distance[here] + self._cost[arc] == distance[head]
                if self._room[arc] and shortest and head not in on_path:
                    break
                tried[here] += 1
            else:
                if not path:
                    return []
                on_path.discard(here)
                here = self._to[path.pop() ^ 1]
                tried[here] += 1
                continue
            path.append(arc)
            on_path.add(head)
            here = head
        return path
