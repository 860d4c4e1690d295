"""Which responses fit an item, and the one form each is kept in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.answers import answered, answers_digest, canonical
from protocol.limits import RESPONSE_CHARS_MAX
from protocol.paper import ItemKind, SeatItem, SeatOption

LETTERED: tuple[ItemKind, ...] = ("true_false", "single", "multiple", "ordering", "matching")


def item(kind: ItemKind, letters: str = "ABCD", premises: int = 0, blanks: int = 0) -> SeatItem:
    options = [SeatOption(letter=letter, text=letter) for letter in letters]
    return SeatItem(
        slot=1,
        kind=kind,
        stem="?",
        options=options if kind in LETTERED else [],
        premises=[str(place) for place in range(premises)],
        blanks=blanks,
        score=100,
    )


class TestCanonical:
    @pytest.mark.parametrize(
        ("asked", "response", "kept"),
        [
            (item("single"), ["B"], ["B"]),
            (item("single"), ["B", "C"], None),
            (item("single"), ["E"], None),
            (item("single"), ["b"], None),
            (item("true_false", "AB"), ["A"], ["A"]),
            (item("true_false", "AB"), ["A", "B"], None),
            (item("multiple"), ["D", "A", "D"], ["A", "D"]),
            (item("multiple"), ["A", "E"], None),
            (item("ordering"), ["C", "A", "B", "D"], ["C", "A", "B", "D"]),
            (item("ordering"), ["C", "A"], ["C", "A"]),
            (item("ordering"), ["C", "C"], None),
            (item("matching", premises=3), ["B", "", "B"], ["B", "", "B"]),
            (item("matching", premises=3), ["B", "A"], None),
            (item("matching", premises=3), ["B", "E", ""], None),
            (item("fill_in", blanks=2), ["", " 3.5"], ["", " 3.5"]),
            (item("fill_in", blanks=2), ["3.5"], None),
            (item("short_answer"), ["先停电，\n再验电。"], ["先停电，\n再验电。"]),
            (item("short_answer"), ["甲", "乙"], None),
            (item("short_answer"), ["长" * RESPONSE_CHARS_MAX], ["长" * RESPONSE_CHARS_MAX]),
            (item("short_answer"), ["长" * (RESPONSE_CHARS_MAX + 1)], None),
            (item("fill_in", blanks=2), ["x" * RESPONSE_CHARS_MAX, "y"], None),
        ],
    )
    def test_keeps_one_form_and_refuses_what_does_not_fit(
        self, asked: SeatItem, response: list[str], kept: list[str] | None
    ) -> None:
        assert canonical(asked, response) == kept

    @pytest.mark.parametrize(
        ("asked", "cleared"),
        [
            (item("single"), []),
            (item("fill_in", blanks=3), ["", " ", ""]),
            (item("matching", premises=2), ["", ""]),
            (item("short_answer"), ["  \n"]),
        ],
    )
    def test_nothing_said_is_no_answer(self, asked: SeatItem, cleared: list[str]) -> None:
        assert canonical(asked, cleared) == []

    @given(
        st.sampled_from([*(item(kind) for kind in LETTERED), item("matching", premises=2), item("fill_in", blanks=2)]),
        st.lists(st.sampled_from(["A", "B", "C", "D", "E", "", "甲"]), max_size=6),
    )
    def test_what_was_kept_fits_as_it_stands(self, asked: SeatItem, response: list[str]) -> None:
        kept = canonical(asked, response)
        if kept is not None:
            assert canonical(asked, kept) == kept


class TestDigest:
    def test_an_order_is_an_answer_of_its_own(self) -> None:
        assert answers_digest({1: ["A", "B"]}) != answers_digest({1: ["B", "A"]})

    def test_what_was_cleared_leaves_nothing_behind(self) -> None:
        assert answers_digest({1: ["A"], 2: []}) == answers_digest({1: ["A"]})
        assert answered({1: ["A"], 2: []}) == 1
