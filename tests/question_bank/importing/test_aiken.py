"""Aiken, strict and as people type it; every malformed question is named by its line."""

import pytest

from question_bank.importing import BankReading, read_bank
from question_bank.items import Kind

STRICT = "What is set first?\nA) The base\nB) The roof\nANSWER: A\n"


def read(text: str) -> BankReading:
    return read_bank(text.encode(), "bank.txt")


class TestReading:
    def test_as_published(self) -> None:
        reading = read(STRICT + "\nSecond?\nA. x\nB. y\nC. z\nANSWER: C\n")
        assert (reading.format, reading.problems) == ("aiken", ())
        assert [(each.stem, each.options, each.key) for each in reading.items] == [
            ("What is set first?", ("The base", "The roof"), (0,)),
            ("Second?", ("x", "y", "z"), (2,)),
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "Q?\na) x\nb) y\nanswer: b",
            "Q?\n\nA)x\nB)y\n\nANSWER:B",
            "Q?\r\nＡ）x\r\nＢ）y\r\nANSWER： Ｂ",
            "Q?\n(A) x\n(B) y\nAnswer: B",
            "Q?\nA. x\nB. y\n答案：B",
        ],
    )
    def test_loosely_typed(self, text: str) -> None:
        (only,) = read(text).items
        assert (only.stem, only.options, only.key) == ("Q?", ("x", "y"), (1,))

    def test_a_stem_of_several_lines(self) -> None:
        assert (
            read("First line\nsecond line\nA) x\nB) y\nANSWER: A").items[0].stem == "First line\nsecond line"
        )

    def test_several_letters_are_a_multiple_choice(self) -> None:
        (only,) = read("Q?\nA) x\nB) y\nC) z\nANSWER: A, C").items
        assert (only.kind, only.key) == (Kind.MULTIPLE, (0, 2))

    @pytest.mark.parametrize(
        ("text", "line", "code"),
        [
            ("Q?\nA) x\nB) y\n\n" + STRICT, 1, "aiken_no_answer"),
            (STRICT + "\nA) x\nB) y\nANSWER: A", 6, "aiken_no_stem"),
            (STRICT + "\nQ?\nANSWER: A", 6, "aiken_no_options"),
            (STRICT + "\nQ?\nA) x\nC) y\nANSWER: A", 6, "aiken_letter"),
            (STRICT + "\nQ?\nA) x\nB) y\nANSWER: D", 6, "answer_beyond_options"),
            (STRICT + "\nQ?\nA) x\nB) y\nANSWER: 第一个", 6, "unknown_answer"),
            (STRICT + "\nQ?\nA) only\nANSWER: A", 6, "too_few_options"),
        ],
    )
    def test_malformed_questions_stand_beside_good_ones(self, text: str, line: int, code: str) -> None:
        reading = read(text)
        assert [(each.row, each.code) for each in reading.problems] == [(line, code)]
        assert (reading.rows, len(reading.items)) == (2, 1)
