"""How many items each range of an outline gets: largest remainder, nested level by level."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from question_bank.outline import AssessmentPoint, ContentOutline, Importance, Range

# A core point pulls three times, a general one twice as hard as an auxiliary one (ours; the notices give
# none).
IMPORTANCE_PULL = {Importance.X: 3, Importance.Y: 2, Importance.Z: 1}

TieOrder = Callable[[int], Sequence[int]]
"""For n rivals, the order in which equal remainders are served: of the outline, or drawn so that none is
always last.
"""


def in_order(count: int) -> Sequence[int]:
    """Serve equal remainders in the order of the outline."""
    return range(count)


def apportion(total: int, weights: Sequence[int], ties: TieOrder = in_order) -> list[int]:
    """Share a total by weights: whole parts first, what is left to the largest remainders. The shares sum
    to total.

    Raises ValueError when something is to be shared and no weight is positive.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        if total == 0:
            return [0] * len(weights)
        raise ValueError("shares need positive weights")
    shares = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    served = ties(len(weights))
    rank = {index: place for place, index in enumerate(served)}
    first = sorted(range(len(weights)), key=lambda index: (-remainders[index], rank[index]))
    for index in first[: total - sum(shares)]:
        shares[index] += 1
    return shares


@dataclass(frozen=True, slots=True)
class GroupQuota:
    """What the points of one importance in one range of the third level should give a paper.

    path: codes of the ranges from the first level down. weight: of the third level's range.
    """

    path: tuple[str, ...]
    importance: str
    points: tuple[str, ...]
    items: int


def nested_quota(outline: ContentOutline, items: int, ties: TieOrder = in_order) -> list[GroupQuota]:
    """The quota of every group of points for a paper of so many items, in the order of the outline.

    Shared among the ranges of the first level by weight, then within each among the second, the third, and
    at last among its points by importance, so that every level is right before the next one is asked.
    """
    groups: list[GroupQuota] = []

    def share(ranges: tuple[Range, ...], total: int, path: tuple[str, ...]) -> None:
        for found, part in zip(ranges, apportion(total, [each.weight for each in ranges], ties), strict=True):
            here = (*path, found.code)
            if found.children:
                share(found.children, part, here)
            else:
                groups.extend(_by_importance(found.points, part, here, ties))

    share(outline.ranges, items, ())
    return groups


def _by_importance(
    points: tuple[AssessmentPoint, ...], items: int, path: tuple[str, ...], ties: TieOrder
) -> list[GroupQuota]:
    members = {
        importance: tuple(point.code for point in points if point.importance is importance)
        for importance in Importance
    }
    present = [importance for importance in Importance if members[importance]]
    pulls = [IMPORTANCE_PULL[importance] * len(members[importance]) for importance in present]
    return [
        GroupQuota(path, importance.value, members[importance], share)
        for importance, share in zip(present, apportion(items, pulls, ties), strict=True)
    ]
