"""A sealed paper opens with its own key, for its own attempt, as the paper its digest names; or not at all."""

import pytest

from protocol.keys import decode, encode
from protocol.paper import SealedPaper, SeatItem, SeatOption, SeatPaper, SeatSection
from protocol.sealing import CannotOpen, derive, open_paper, seal

SECRET = b"\x07" * 32
KEY = derive(SECRET, "seal", "a1")
OPTIONS = [SeatOption(letter=letter, text=text) for letter, text in (("A", "正确"), ("B", "错误"))]
PAPER = SeatPaper(
    attempt="a1",
    subject="安全生产知识",
    max_score=100,
    duration_ms=5_400_000,
    sections=[
        SeatSection(
            title="一、判断题",
            kind="true_false",
            score_each=100,
            items=[SeatItem(slot=1, kind="true_false", score=100, stem="𠮷·塔吊", options=OPTIONS)],
        )
    ],
)
SEALED = seal(PAPER, KEY)


def flipped(text: str, place: int) -> str:
    data = bytearray(decode(text))
    data[place] ^= 1
    return encode(bytes(data))


class TestOpen:
    def test_gives_back_the_paper(self) -> None:
        assert open_paper(SEALED, KEY) == PAPER

    def test_shows_nothing_of_it_before(self) -> None:
        assert "塔吊".encode() not in decode(SEALED.sealed)

    @pytest.mark.parametrize(
        "changes",
        [
            {"attempt": "a2"},
            {"digest": "0" * 64},
            {"nonce": flipped(SEALED.nonce, 0)},
            {"sealed": flipped(SEALED.sealed, 0)},
            {"sealed": flipped(SEALED.sealed, -1)},
            {"sealed": ""},
            {"nonce": ""},
            {"nonce": "not base64"},
            {"sealed": "考"},
        ],
    )
    def test_refuses_what_was_changed(self, changes: dict[str, str]) -> None:
        with pytest.raises(CannotOpen):
            open_paper(SealedPaper(**{**SEALED.to_json(), **changes}), KEY)

    @pytest.mark.parametrize(
        "key", [derive(SECRET, "seal", "a2"), derive(SECRET, "capture", "a1"), b"\x08" * 32, b"", b"short"]
    )
    def test_refuses_another_key(self, key: bytes) -> None:
        with pytest.raises(CannotOpen):
            open_paper(SEALED, key)

    def test_refuses_another_attempts_paper_under_the_same_key(self) -> None:
        other = seal(PAPER.model_copy(update={"attempt": "a2"}), KEY)
        with pytest.raises(CannotOpen):
            open_paper(other.model_copy(update={"attempt": "a1"}), KEY)


class TestSeal:
    def test_never_uses_a_nonce_twice(self) -> None:
        sealed = [seal(PAPER, KEY) for _ in range(50)]
        assert len({each.nonce for each in sealed}) == 50
        assert {each.digest for each in sealed} == {SEALED.digest}


class TestDerive:
    def test_purposes_and_subjects_are_apart(self) -> None:
        keys = {
            derive(SECRET, purpose, subject) for purpose in ("seal", "capture") for subject in ("a1", "a2")
        }
        assert len(keys) == 4
        assert {len(key) for key in keys} == {32}

    def test_is_the_same_again(self) -> None:
        # Papers sealed by an earlier release must open with what this one derives.
        assert (
            derive(b"\x00" * 32, "seal", "a1").hex()
            == "f3877a9497bc0613fbd3dbfdc3fec6c8b1c22d5afdb37f9cb70f8a095e294baa"
        )
