import hashlib
import struct
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.randomness import Stream


class TestTake:
    @given(st.lists(st.integers(0, 3_000), max_size=8))
    def test_is_shake_256_from_its_beginning_whatever_the_pieces(self, pieces: list[int]) -> None:
        stream = Stream(b"root", "items")
        read = b"".join(stream.take(piece) for piece in pieces)
        whole = hashlib.shake_256(b"kaochang draw 2\n" + struct.pack(">II", 4, 5) + b"rootitems")
        assert read == whole.digest(len(read))

    def test_differs_by_purpose_and_by_where_root_ends(self) -> None:
        taken = {
            Stream(b"root", "items").take(16),
            Stream(b"root", "plans").take(16),
            Stream(b"rooti", "tems").take(16),
        }
        assert len(taken) == 3


class TestBelow:
    @given(st.integers(1, 1 << 40), st.binary(max_size=8))
    def test_stays_below(self, bound: int, root: bytes) -> None:
        assert 0 <= Stream(root, "x").below(bound) < bound

    def test_refuses_nothing_to_choose_from(self) -> None:
        with pytest.raises(ValueError, match="bound"):
            Stream(b"", "").below(0)

    @pytest.mark.parametrize("bound", [3, 24, 200, 300])
    def test_is_uniform(self, bound: int) -> None:
        stream = Stream(b"seed", f"below {bound}")
        draws = 200 * bound
        counts = Counter(stream.below(bound) for _ in range(draws))
        chi_square = sum((counts[value] - 200) ** 2 / 200 for value in range(bound))
        # Mean bound-1, deviation sqrt(2(bound-1)); a modulus without rejection is far beyond five of them.
        assert abs(chi_square - (bound - 1)) < 5 * (2 * (bound - 1)) ** 0.5


class TestPermutation:
    def test_every_order_comes_equally_often(self) -> None:
        stream = Stream(b"seed", "orders")
        counts = Counter(tuple(stream.permutation(4)) for _ in range(2_400))
        assert len(counts) == 24
        chi_square = sum((count - 100) ** 2 / 100 for count in counts.values())
        assert chi_square < 23 + 5 * 46**0.5

    @given(st.integers(0, 300))
    def test_holds_each_once(self, count: int) -> None:
        assert sorted(Stream(b"", "p").permutation(count)) == list(range(count))
