"""Items of a bank over all its sessions: what can honestly be put together, and the difficulty it proposes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from question_bank.statistics.difficulty import DifficultyProposal, propose
from question_bank.statistics.items import ItemStatistics
from question_bank.statistics.taken import AskedRef
from server.statistics.computing import Computed


@dataclass(slots=True)
class PooledItem:
    """One item over sessions. facility is of all candidates together; discrimination and corrected are the means of
    the sessions' own, weighed by candidates, for groups of different sessions are not one group.
    """

    ref: AskedRef
    n: int = 0
    sessions: int = 0
    score_sum: int = 0
    max_sum: int = 0
    codes: set[str] = field(default_factory=set)
    _discrimination: list[tuple[float, int]] = field(default_factory=list)
    _corrected: list[tuple[float, int]] = field(default_factory=list)

    def add(self, one: ItemStatistics) -> None:
        """Take one session's figures in."""
        self.n += one.n
        self.sessions += 1
        self.score_sum += one.score_sum
        self.max_sum += one.max_sum
        self.codes |= {concern.code.value for concern in one.concerns}
        if one.discrimination is not None:
            self._discrimination.append((one.discrimination, one.n))
        if one.corrected is not None:
            self._corrected.append((one.corrected, one.n))

    @property
    def facility(self) -> float | None:
        """Share of the score to be had."""
        return self.score_sum / self.max_sum if self.max_sum else None

    @property
    def discrimination(self) -> float | None:
        """The sessions' weighed mean."""
        return _weighed(self._discrimination)

    @property
    def corrected(self) -> float | None:
        """The sessions' weighed mean."""
        return _weighed(self._corrected)


def pool(found: Sequence[Computed]) -> Mapping[AskedRef, PooledItem]:
    """Every item asked in these sessions; those void in a session are left out of it."""
    pooled: dict[AskedRef, PooledItem] = {}
    for one in found:
        for item in _sound(one):
            pooled.setdefault(item.ref, PooledItem(item.ref)).add(item)
    return pooled


def proposals(found: Sequence[Computed]) -> dict[tuple[str, int], DifficultyProposal]:
    """What the bank could write as difficulties, by code and version."""
    return {(one.item, one.version): one for one in propose(_sound(each) for each in found)}


def _sound(one: Computed) -> list[ItemStatistics]:
    return [item for item in one.analysis.items if item.ref not in one.void]


def _weighed(values: Sequence[tuple[float, int]]) -> float | None:
    n = sum(weight for _, weight in values)
    return sum(value * weight for value, weight in values) / n if n else None
