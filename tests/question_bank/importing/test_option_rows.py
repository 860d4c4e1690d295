"""One row per option: an item's rows follow each other."""

import pytest

from question_bank.importing import BankReading, read_bank
from question_bank.items import Kind
from tests.question_bank.builders import csv_bytes, xlsx_bytes

HEADING = ["题号", "题型", "题干", "选项", "是否正确", "解析"]


def read(*rows: list[str], heading: list[str] = HEADING) -> BankReading:
    """The same rows through both formats, which must agree."""
    as_text = read_bank(csv_bytes([heading, *rows]))
    as_workbook = read_bank(xlsx_bytes([heading, *rows]))
    assert as_text.items == as_workbook.items
    assert [each.code for each in as_text.problems] == [each.code for each in as_workbook.problems]
    return as_text


def codes(reading: BankReading) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in reading.problems]


class TestItems:
    def test_the_first_row_carries_the_item(self) -> None:
        reading = read(
            ["1", "单选题", "题一", "A.甲", "", "因为"], ["", "", "", "B.乙", "√", ""],
            ["2", "多选题", "题二", "甲", "√", ""], ["", "", "", "乙", "×", ""], ["", "", "", "丙", "是", ""],
        )  # fmt: skip
        assert (reading.problems, reading.rows) == ((), 2)
        assert [(item.kind, item.options, item.key, item.solution) for item in reading.items] == [
            (Kind.SINGLE, ("甲", "乙"), (1,), "因为"),
            (Kind.MULTIPLE, ("甲", "乙", "丙"), (0, 2), ""),
        ]

    def test_the_number_repeated_in_every_row(self) -> None:
        reading = read(
            ["1", "单选题", "题一", "甲", "1", ""], ["1", "单选题", "题一", "乙", "0", ""],
            ["2", "单选题", "题一", "丙", "0", ""], ["2", "单选题", "题一", "丁", "1", ""],
        )  # fmt: skip
        assert [(item.options, item.key) for item in reading.items] == [
            (("甲", "乙"), (0,)),
            (("丙", "丁"), (1,)),
        ]

    def test_without_numbers_a_stem_after_blank_ones_begins_an_item(self) -> None:
        heading = ["题型", "题干", "选项", "是否正确"]
        reading = read(
            ["单选", "下列正确的是", "甲", "√"], ["", "", "乙", ""],
            ["单选", "下列正确的是", "丙", "√"], ["", "", "丁", ""], heading=heading,
        )  # fmt: skip
        assert [item.options for item in reading.items] == [("甲", "乙"), ("丙", "丁")]

    def test_merged_stems(self) -> None:
        rows = [
            ["题型", "题干", "选项", "正确答案"],
            ["单选", "题一", "甲", "B"],
            ["", "", "乙", ""],
            ["单选", "题二", "甲", "A"],
            ["", "", "丙", ""],
        ]
        reading = read_bank(xlsx_bytes(rows, merge=["A2:A3", "B2:B3", "D2:D3", "B4:B5"]))
        assert reading.problems == ()
        assert [(item.options, item.key) for item in reading.items] == [
            (("甲", "乙"), (1,)),
            (("甲", "丙"), (0,)),
        ]

    def test_true_or_false(self) -> None:
        rows = [["1", "判断", "题一", "正确", "", ""], ["", "", "", "错误", "√", ""],
                ["2", "判断", "题二", "错", "√", ""], ["", "", "", "对", "", ""]]  # fmt: skip
        assert [item.key for item in read(*rows).items] == [(1,), (1,)]

    def test_other_kinds(self) -> None:
        heading = ["题号", "题型", "题干", "左项", "选项", "是否正确", "答案"]
        reading = read(
            ["1", "排序", "顺序", "", "甲", "2", ""], ["1", "", "", "", "乙", "1", ""],
            ["2", "匹配", "配对", "一", "甲", "", ""], ["2", "", "", "二", "乙", "", ""],
            ["2", "", "", "三", "甲", "", ""],
            ["2", "", "", "", "丙", "", ""],
            ["3", "填空", "____和____", "", "甲/子", "", ""], ["3", "", "", "", "乙", "", ""],
            ["4", "简答", "简述", "", "", "", "要点"], heading=heading,
        )  # fmt: skip
        assert reading.problems == ()
        ordering, matching, fill_in, short = reading.items
        assert ordering.key == (1, 0)
        assert (matching.premises, matching.options, matching.key) == (
            ("一", "二", "三"),
            ("甲", "乙", "丙"),
            (0, 1, 0),
        )
        assert [blank.accepted for blank in fill_in.blanks] == [("甲", "子"), ("乙",)]
        assert short.reference == "要点"


class TestRefuses:
    @pytest.mark.parametrize(
        ("rows", "found"),
        [
            ([["1", "单选", "题", "甲", "", ""], ["", "", "", "乙", "", ""]], [(2, "empty_answer")]),
            ([["1", "单选", "题", "甲", "√", ""], ["", "", "", "乙", "√", ""]], [(2, "several_answers")]),
            ([["1", "单选", "题", "甲", "√", ""], ["", "", "", "乙", "大概", ""]], [(3, "unknown_mark")]),
            ([["1", "单选", "题", "甲", "√", ""]], [(2, "too_few_options")]),
            ([["1", "单选", "题", "甲", "√", "一"], ["1", "多选", "题", "乙", "", "一"]], [(3, "differs_from_first")]),
            (
                [["1", "单选", "题", "甲", "√", ""], ["", "", "", "", "√", ""], ["", "", "", "乙", "", ""]],
                [(3, "option_gap")],
            ),
        ],
    )  # fmt: skip
    def test_with_the_place(self, rows: list[list[str]], found: list[tuple[int, str]]) -> None:
        assert codes(read(*rows)) == found

    def test_an_answer_that_contradicts_the_marks(self) -> None:
        heading = ["题号", "题型", "题干", "选项", "是否正确", "答案"]
        reading = read(["1", "单选", "题", "甲", "√", "B"], ["", "", "", "乙", "", ""], heading=heading)
        assert codes(reading) == [(2, "answers_disagree")]
