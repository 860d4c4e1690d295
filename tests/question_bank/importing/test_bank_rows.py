"""One row per item: what is tolerated and what is refused, with its place. csv and xlsx share all of it."""

from collections.abc import Sequence

import pytest

from question_bank.importing import BankReading, read_bank
from question_bank.items import Kind
from tests.question_bank.builders import BANK_HEADING, csv_bytes, xlsx_bytes

SINGLE = ["单选题", "混凝土的标准养护温度是", "18℃", "20℃", "25℃", "30℃", "B", "见规范", "0.65", "1", "A1-01"]
MULTIPLE = ["多选题", "脚手架检查的项目包括", "立杆", "横杆", "剪刀撑", "颜色", "ABC", "", "中", "2", "A1-02"]
TRUE_FALSE = ["判断题", "进入现场必须戴安全帽", "", "", "", "", "正确", "", "", "0.5", "A1-03"]
COLUMN = {name: index for index, name in enumerate(BANK_HEADING)}


def read(*rows: Sequence[str], heading: Sequence[str] = BANK_HEADING) -> BankReading:
    """The same rows through both formats, which must agree."""
    as_text = read_bank(csv_bytes([heading, *rows]))
    as_workbook = read_bank(xlsx_bytes([heading, *rows]))
    assert as_text.items == as_workbook.items
    assert [(each.code, each.row, each.column) for each in as_text.problems] == [
        (each.code, each.row, each.column) for each in as_workbook.problems
    ]
    return as_text


def changed(row: Sequence[str], **values: str) -> list[str]:
    """A row with other values under some headings."""
    new = list(row)
    for name, value in values.items():
        new[COLUMN[name]] = value
    return new


class TestReads:
    def test_one_item_of_each_kind(self) -> None:
        reading = read(SINGLE, MULTIPLE, TRUE_FALSE)
        assert (reading.problems, reading.warnings) == ((), ())
        single, multiple, true_false = reading.items
        assert (single.key, single.difficulty, single.score, single.point) == ((1,), 65, 100, "A1-01")
        assert (single.solution, single.options[1]) == ("见规范", "20℃")
        assert (multiple.kind, multiple.key, multiple.difficulty, multiple.score) == (
            Kind.MULTIPLE,
            (0, 1, 2),
            60,
            200,
        )
        assert (true_false.kind, true_false.key, true_false.options) == (
            Kind.TRUE_FALSE,
            (0,),
            ("正确", "错误"),
        )
        assert true_false.score == 50
        assert reading.by_kind == {Kind.TRUE_FALSE: 1, Kind.SINGLE: 1, Kind.MULTIPLE: 1}

    def test_any_order_of_columns_under_other_names(self) -> None:
        heading = [
            "标准答案",
            "知识点",
            "试题内容（必填）",
            "Ａ",
            "B选项",
            "答案选项C",
            "选项 D",
            "类型",
            "题号",
        ]
        reading = read(["C", "K1", "题干一", "甲", "乙", "丙", "丁", "单选", "1"], heading=heading)
        assert (reading.problems, reading.warnings) == ((), ())
        (item,) = reading.items
        assert (item.stem, item.options, item.key, item.point) == (
            "题干一",
            ("甲", "乙", "丙", "丁"),
            (2,),
            "K1",
        )
        assert item.code.startswith("Q")

    def test_a_title_above_the_heading_and_blank_rows_between_and_after(self) -> None:
        blank = [""] * len(BANK_HEADING)
        rows = [["2024 年题库"], BANK_HEADING, SINGLE, blank, MULTIPLE, blank, blank]
        for raw in (csv_bytes(rows), xlsx_bytes(rows)):
            reading = read_bank(raw)
            assert (len(reading.items), reading.rows, reading.problems) == (2, 2, ())

    def test_the_short_layout_without_kinds(self) -> None:
        reading = read(
            ["0", "题干", "甲", "乙", "丙", "丁", "C"], heading=["", "Question", "A", "B", "C", "D", "Answer"]
        )
        assert (reading.problems, reading.warnings) == ((), ())
        assert (reading.items[0].kind, reading.items[0].key) == (Kind.SINGLE, (2,))

    def test_a_code_of_the_files_own(self) -> None:
        reading = read([*SINGLE, " ＴＪ-001 "], heading=[*BANK_HEADING, "编号"])
        assert reading.items[0].code == "TJ-001"

    def test_letters_written_into_the_options(self) -> None:
        row = changed(SINGLE, 选项A="A. 18℃", 选项B="B、20℃", 选项C="Ｃ．25℃", 选项D="D) 30℃")
        assert read(row).items[0].options == ("18℃", "20℃", "25℃", "30℃")

    def test_letters_of_blood_groups_stay(self) -> None:
        row = changed(SINGLE, 选项A="A", 选项B="B", 选项C="AB", 选项D="O")
        assert read(row).items[0].options == ("A", "B", "AB", "O")

    def test_fewer_options_than_columns(self) -> None:
        assert read(changed(SINGLE, 选项D="", 选项C="")).items[0].options == ("18℃", "20℃")

    @pytest.mark.parametrize(
        "answer",
        ["ABD", "A、B、D", "A;B;D", "Ａ，Ｂ，Ｄ", "a b d", "A|B|D", "(ABD)", "【A、B、D】", "DBA", "A,B,D"],
    )
    def test_answers_in_every_spelling(self, answer: str) -> None:
        assert read(changed(MULTIPLE, 正确答案=answer)).items[0].key == (0, 1, 3)

    @pytest.mark.parametrize(
        ("answer", "key"),
        [
            ("正确", 0), ("对", 0), ("√", 0), ("✓", 0), ("A", 0), ("T", 0), ("true", 0), ("是", 0), ("Ａ", 0), ("1", 0),
            ("错误", 1), ("错", 1), ("×", 1), ("X", 1), ("✗", 1), ("B", 1), ("F", 1), ("FALSE", 1), ("否", 1), ("0", 1),
        ],
    )  # fmt: skip
    def test_verdicts_in_every_spelling(self, answer: str, key: int) -> None:
        assert read(changed(TRUE_FALSE, 正确答案=answer)).items[0].key == (key,)

    def test_a_letter_by_the_options_it_stands_for(self) -> None:
        turned = changed(TRUE_FALSE, 选项A="错", 选项B="对", 正确答案="A")
        assert read(turned).items[0].key == (1,)
        lettered = changed(TRUE_FALSE, 选项A="A.正确", 选项B="B.错误", 正确答案="B")
        assert read(lettered).items[0].key == (1,)

    @pytest.mark.parametrize("kind", ["单选", "单项选择题", "一、单选题（每题1分）", "SINGLE", "单选题(20)"])
    def test_kinds_in_every_spelling(self, kind: str) -> None:
        assert read(changed(SINGLE, 题型=kind)).items[0].kind is Kind.SINGLE

    @pytest.mark.parametrize(
        ("text", "hundredths"), [("0.655", 66), ("65%", 65), ("0", 0), ("1", 100), ("易", 85)]
    )
    def test_difficulties(self, text: str, hundredths: int) -> None:
        assert read(changed(SINGLE, 难度=text)).items[0].difficulty == hundredths

    @pytest.mark.parametrize(
        ("text", "hundredths"), [("1", 100), ("0.5分", 50), ("２．０", 200), ("1.25", 125)]
    )
    def test_scores(self, text: str, hundredths: int) -> None:
        assert read(changed(SINGLE, 分值=text)).items[0].score == hundredths


class TestRefuses:
    @pytest.mark.parametrize(
        ("row", "column", "code"),
        [
            (changed(SINGLE, 题干=""), "题干", "empty_stem"),
            (changed(SINGLE, 题干="长" * 4_001), "题干", "cell_too_long"),
            (changed(SINGLE, 题干="有\ufffd乱码"), "题干", "control_character"),
            (changed(SINGLE, 选项B="长" * 1_001), "选项B", "cell_too_long"),
            (changed(SINGLE, 题型="完形填空"), "题型", "unknown_kind"),
            (changed(SINGLE, 题型=""), "题型", "unknown_kind"),
            (changed(SINGLE, 正确答案=""), "正确答案", "empty_answer"),
            (changed(SINGLE, 正确答案="E"), "正确答案", "answer_beyond_options"),
            (changed(SINGLE, 选项D="", 正确答案="D"), "正确答案", "answer_beyond_options"),
            (changed(SINGLE, 正确答案="AB"), "正确答案", "several_answers"),
            (changed(SINGLE, 正确答案="18℃"), "正确答案", "unknown_answer"),
            (changed(SINGLE, 正确答案="2"), "正确答案", "unknown_answer"),
            (changed(MULTIPLE, 正确答案="AAB"), "正确答案", "answer_twice"),
            (changed(SINGLE, 选项B=""), "选项B", "option_gap"),
            (changed(SINGLE, 选项B="", 选项C="", 选项D=""), "选项A", "too_few_options"),
            (changed(SINGLE, 选项C="18 ℃"), "选项C", "duplicate_option"),
            (changed(SINGLE, 难度="7"), "难度", "bad_difficulty"),
            (changed(SINGLE, 难度="很难说"), "难度", "bad_difficulty"),
            (changed(SINGLE, 分值="0"), "分值", "bad_score"),
            (changed(SINGLE, 分值="0.333"), "分值", "bad_score"),
            (changed(SINGLE, 分值="-1"), "分值", "bad_score"),
            (changed(TRUE_FALSE, 正确答案="也许"), "正确答案", "unknown_verdict"),
            (changed(TRUE_FALSE, 正确答案="C"), "正确答案", "unknown_verdict"),
            (changed(TRUE_FALSE, 选项A="符合", 选项B="不符合"), "选项A", "true_false_options"),
        ],
    )
    def test_with_row_column_found_and_expected(self, row: list[str], column: str, code: str) -> None:
        reading = read(MULTIPLE, row, TRUE_FALSE)
        (problem,) = reading.problems
        assert (problem.row, problem.column, problem.code) == (3, column, code)
        assert problem.found[:40] == row[COLUMN[column]][:40]
        assert problem.expected
        assert problem.expected_en
        assert problem.cell == f"{'ABCDEFGHIJK'[COLUMN[column]]}3"

    def test_every_problem_not_just_the_first(self) -> None:
        reading = read(changed(SINGLE, 题干="", 难度="9", 题型="听力"), changed(MULTIPLE, 正确答案="Z"))
        assert [(each.row, each.code) for each in reading.problems] == [
            (2, "empty_stem"), (2, "unknown_kind"), (2, "bad_difficulty"), (3, "answer_beyond_options"),
        ]  # fmt: skip

    def test_the_same_item_twice_whatever_the_order_and_width_of_its_text(self) -> None:
        again = changed(
            SINGLE,
            题干=" 混凝土的 标准养护温度是",
            选项A="30℃",
            选项B="25℃",
            选项C="２０℃",
            选项D="18℃",
            正确答案="C",
        )
        reading = read(SINGLE, MULTIPLE, again)
        (problem,) = reading.problems
        assert (problem.row, problem.code, problem.column) == (4, "duplicate_item", "题干")
        assert "第 2 行" in problem.expected
        assert len(reading.items) == 3

    def test_the_same_item_with_another_answer(self) -> None:
        (problem,) = read(SINGLE, changed(SINGLE, 正确答案="C")).problems
        assert (problem.row, problem.code) == (3, "contradicting_key")

    def test_a_code_that_stands_twice(self) -> None:
        (problem,) = read([*SINGLE, "TJ-1"], [*MULTIPLE, "ＴＪ-1"], heading=[*BANK_HEADING, "编号"]).problems
        assert (problem.row, problem.column, problem.code) == (3, "编号", "duplicate_code")

    @pytest.mark.parametrize(
        ("heading", "code"),
        [
            (["题干", "选项A", "选项C", "答案"], "option_heading_gap"),
            (["题干", "题目", "选项A", "选项B", "答案"], "heading_twice"),
            (["甲", "乙", "丙"], "no_heading"),
        ],
    )
    def test_headings_that_cannot_be_read(self, heading: list[str], code: str) -> None:
        assert code in {problem.code for problem in read(["x"] * len(heading), heading=heading).problems}

    def test_several_answers_where_no_kind_is_named(self) -> None:
        heading = ["", "Question", "A", "B", "C", "D", "Answer"]
        (problem,) = read(["1", "题干", "甲", "乙", "丙", "丁", "AC"], heading=heading).problems
        assert (problem.code, problem.column) == ("several_answers", "Answer")


class TestWarns:
    @pytest.mark.timeout(30)
    def test_of_one_stem_over_thousands_of_different_options(self) -> None:
        rows = [changed(SINGLE, 选项A=f"{number}℃") for number in range(100, 6_100)]
        reading = read_bank(csv_bytes([BANK_HEADING, *rows]))
        assert (len(reading.items), reading.problems) == (6_000, ())
        assert len(reading.warnings) + reading.unlisted == 5_999

    def test_of_an_item_nearly_the_same_with_the_place_of_the_other(self) -> None:
        stem = "混凝土浇筑完毕后应在多少小时以内加以覆盖并保湿养护"
        other = changed(SINGLE, 题干=stem.replace("浇筑", "灌注"))
        reading = read(changed(SINGLE, 题干=stem), MULTIPLE, other)
        (warning,) = reading.warnings
        assert (warning.row, warning.column, warning.code) == (4, "题干", "near_duplicate")
        assert "第 2 行" in warning.expected

    def test_of_the_same_stem_over_other_options(self) -> None:
        reading = read(SINGLE, changed(SINGLE, 选项A="19℃"))
        assert reading.problems == ()
        assert [(each.row, each.code) for each in reading.warnings] == [(3, "same_stem")]

    def test_of_columns_nobody_reads(self) -> None:
        reading = read([*SINGLE, "张三"], heading=[*BANK_HEADING, "命题人"])
        assert [(each.found, each.code) for each in reading.warnings] == [("命题人", "unknown_column")]

    def test_of_multiple_choice_with_one_answer_but_not_of_indefinite(self) -> None:
        assert [each.code for each in read(changed(MULTIPLE, 正确答案="A")).warnings] == ["one_answer"]
        assert read(changed(MULTIPLE, 题型="不定项选择题", 正确答案="A")).warnings == ()
