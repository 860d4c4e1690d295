import itertools
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from question_bank.deck import Deck
from question_bank.randomness import Stream


def _deck(
    count: int, per_paper: int, points: list[int] | None = None, exposure: dict[int, int] | None = None
) -> Deck:
    return Deck(
        range(count), points or list(range(count)), exposure or {}, per_paper, Stream(b"seed", "deck")
    )


@given(st.integers(1, 40), st.integers(1, 10))
def test_every_item_is_used_equally_often(count: int, per_paper: int) -> None:
    deck = _deck(count, per_paper)
    uses = Counter(deck.deal(()) for _ in range(7 * count))
    assert set(uses.values()) == {7}


@given(st.integers(2, 30), st.integers(1, 8))
def test_neighbours_share_nothing_where_the_deck_holds_two_papers(count: int, per_paper: int) -> None:
    deck = _deck(count, per_paper)
    if count < 2 * per_paper:
        return
    papers = [{deck.deal(()) for _ in range(per_paper)} for _ in range(20)]
    assert all(not paper & following for paper, following in itertools.pairwise(papers))


def test_passes_are_not_repeated_in_the_same_order() -> None:
    deck = _deck(20, 2)
    passes = {tuple(deck.deal(()) for _ in range(20)) for _ in range(10)}
    assert len(passes) == 10


def test_less_exposed_items_come_first() -> None:
    deck = _deck(10, 2, exposure=dict.fromkeys(range(5), 3))
    assert {deck.deal(()) for _ in range(5)} == {5, 6, 7, 8, 9}


def test_items_passed_over_come_first_for_the_next_paper() -> None:
    deck = _deck(6, 1, points=[0, 0, 0, 1, 1, 1])
    first = deck.deal({0})
    assert first >= 3
    assert deck.deal({1}) < 3


def test_says_when_every_item_is_about_a_point_taken() -> None:
    assert _deck(3, 1, points=[0, 0, 0]).deal({0}) == -1


def test_a_dealt_item_put_back_is_the_next() -> None:
    deck = _deck(5, 1)
    item = deck.deal(())
    deck.put_back(item)
    assert deck.deal(()) == item


def test_peeking_deals_nothing() -> None:
    deck = _deck(5, 1)
    assert deck.peek_about(3, ()) == 3
    assert deck.peek_about(3, {3}) == -1
    assert Counter(deck.deal(()) for _ in range(5)) == Counter(range(5))
