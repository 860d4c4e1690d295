"""How long each item took: an estimate from when answers were saved, for nobody watches what a candidate reads."""

from collections.abc import Iterable, Mapping, Sequence

TIME_MS_MAX = 20 * 60_000
"""A longer time between two answers is no time spent on one item, and is left out (ours)."""


def time_used(
    started_at: int, saved: Iterable[tuple[int, int]], pauses: Sequence[tuple[int, int]] = ()
) -> Mapping[int, int]:
    """Milliseconds for each slot answered: the time from the answer saved before, or from the start, to each of its
    own.

    saved: instant and slot of every answer saved, in any order; pauses: from and until, when the clock stood or the
    page was left. Reading without answering falls to the item answered next, so that the figure is an estimate: fair
    as a mean over many candidates, not for one of them.
    """
    found: dict[int, int] = {}
    before = started_at
    for at, slot in sorted(saved):
        spent = at - before - _paused(before, at, pauses)
        if at > before:
            before = at
        if 0 <= spent <= TIME_MS_MAX:
            found[slot] = found.get(slot, 0) + spent
    return found


def _paused(since: int, until: int, pauses: Sequence[tuple[int, int]]) -> int:
    return sum(max(0, min(until, end) - max(since, begin)) for begin, end in pauses)
