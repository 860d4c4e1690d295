"""What is written into a cell is read from it again."""

from hypothesis import given
from hypothesis import strategies as st

from question_bank.notation import (
    escaped,
    number_of,
    order_of,
    pairs_of,
    said,
    split,
    tags_of,
    tokens,
    written_order,
    written_pairs,
    written_tags,
)

TEXT = st.text(min_size=1, max_size=12) | st.text(alphabet="\\/;；| \n甲(①", min_size=1, max_size=8)


@given(TEXT)
def test_an_escaped_text_is_one_part_and_reads_as_it_stands(text: str) -> None:
    (part,) = split(tokens(escaped(text)), "/;；|\n,，、")
    assert said(part) == text


@given(st.lists(TEXT, max_size=6))
def test_tags(tags: list[str]) -> None:
    assert tags_of(written_tags(tags)) == tuple(tags)


@given(st.permutations(range(8)), st.integers(2, 8))
def test_orders(places: list[int], count: int) -> None:
    key = [place for place in places if place < count]
    assert order_of(written_order(key)) == key


@given(st.lists(st.integers(0, 7), min_size=1, max_size=12))
def test_pairs(key: list[int]) -> None:
    assert pairs_of(written_pairs(key)) == list(enumerate(key))


@given(st.text(max_size=20))
def test_any_text_is_read_or_not_but_never_raises(text: str) -> None:
    number_of(text)
    number_of(f"[{text},1]")
    order_of(text)
    pairs_of(text)
    pairs_of(text, lettered=True)


def test_a_share_of_a_number_is_exact() -> None:
    assert number_of("0.3±10%") == ("0.3", "0.03")
    assert number_of("1234567.89±0.01%") == ("1234567.89", "123.456789")
    assert number_of("[0.1,0.2]") == ("0.15", "0.05")
    assert number_of("[1234567890123456789.1,1234567890123456789.4]") == ("1234567890123456789.25", "0.15")
    assert number_of("[1e99,2e99]") is None
    assert number_of("3.5±-1") is None
    assert number_of("[2,1]") is None
