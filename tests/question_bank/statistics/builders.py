"""Papers as taken, written short."""

from collections.abc import Mapping, Sequence

from question_bank.items import Kind
from question_bank.statistics.taken import AskedItem, AskedRef, TakenItem, TakenPaper


def ref(item: str) -> AskedRef:
    return (item, 1, None)


def paper(scores: Mapping[str, int | None], worth: int = 1, section: int = 0) -> TakenPaper:
    """A paper of these items, each worth the same."""
    return TakenPaper(tuple(TakenItem(ref(item), section, score, worth) for item, score in scores.items()))


def papers(table: Sequence[Sequence[int]], worth: int = 1) -> list[TakenPaper]:
    """One form for everybody, items i0, i1, …"""
    return [paper({f"i{place}": score * worth for place, score in enumerate(row)}, worth) for row in table]


def asked(taken: Sequence[TakenPaper], kind: Kind = Kind.SHORT_ANSWER) -> dict[AskedRef, AskedItem]:
    """Everything asked in these papers, of a kind without options."""
    return {one.ref: AskedItem(kind) for each in taken for one in each.items}


def choices(
    picks: Sequence[tuple[int, int]], key: int = 0, options: int = 4, kind: Kind = Kind.SINGLE
) -> tuple[list[TakenPaper], dict[AskedRef, AskedItem]]:
    """One item of choice beside one that carries the ability: (option picked, score of the other item)."""
    taken = [
        TakenPaper(
            (
                TakenItem(ref("Q"), 0, 10 * (picked == key), 10, (picked,)),
                TakenItem(ref("ability"), 0, ability, 1_000),
            )
        )
        for picked, ability in picks
    ]
    return taken, {
        ref("Q"): AskedItem(kind, options, ((key,),)),
        ref("ability"): AskedItem(Kind.SHORT_ANSWER),
    }
