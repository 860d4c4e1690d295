"""Every kind of item in a table of one row per item, as keepers write it."""

import pytest

from question_bank.blanks import Blank
from question_bank.importing import BankReading, read_bank
from question_bank.items import Kind
from tests.question_bank.builders import csv_bytes, xlsx_bytes

HEADING = [
    "编号",
    "题型",
    "题干",
    "左项1",
    "左项2",
    "左项3",
    "选项A",
    "选项B",
    "选项C",
    "选项D",
    "答案",
    "难度",
    "标签",
]


def read(*rows: list[str], heading: list[str] = HEADING) -> BankReading:
    """The same rows through both formats, which must agree."""
    as_text = read_bank(csv_bytes([heading, *rows]))
    as_workbook = read_bank(xlsx_bytes([heading, *rows]))
    assert as_text.items == as_workbook.items
    assert [each.code for each in as_text.problems] == [each.code for each in as_workbook.problems]
    return as_text


def row(
    kind: str, stem: str, answer: str, *options: str, premises: tuple[str, ...] = (), **more: str
) -> list[str]:
    """One row below HEADING."""
    cells = [more.get("code", ""), kind, stem, *premises, *[""] * (3 - len(premises)), *options]
    return [*cells, *[""] * (10 - len(cells)), answer, more.get("difficulty", ""), more.get("tags", "")]


def codes(reading: BankReading) -> list[str]:
    return [problem.code for problem in reading.problems]


class TestFillIn:
    @pytest.mark.parametrize(
        ("stem", "answer", "blanks"),
        [
            ("养护不少于____天", "7", [Blank(accepted=("7",))]),
            ("（  ）是____的", "甲；乙", [Blank(accepted=("甲",)), Blank(accepted=("乙",))]),
            ("____和____", "甲|乙", [Blank(accepted=("甲",)), Blank(accepted=("乙",))]),
            ("____和____", "（1）甲；（2）乙；", [Blank(accepted=("甲",)), Blank(accepted=("乙",))]),
            ("____", "国标 / GB/国家标准", [Blank(accepted=("国标", "GB", "国家标准"))]),
            ("强度____MPa", "3.5±0.1", [Blank(number="3.5", tolerance="0.1")]),
            ("强度____MPa", "３．５＋－０．１", [Blank(number="3.5", tolerance="0.1")]),
            ("强度____MPa", "[3.4，3.6]", [Blank(number="3.5", tolerance="0.1")]),
            ("强度____MPa", "200±2%/二百", [Blank(accepted=("二百",), number="200", tolerance="4")]),
            ("____", "(Aa)mW / 毫瓦", [Blank(accepted=("mW", "毫瓦"), case_sensitive=True)]),
            ("____", "km\\/h", [Blank(accepted=("km/h",))]),
            ("标高____", "±0.000", [Blank(accepted=("±0.000",))]),
        ],
    )
    def test_blanks_forms_and_numbers(self, stem: str, answer: str, blanks: list[Blank]) -> None:
        reading = read(row("填空题", stem, answer))
        assert (reading.problems, reading.warnings) == ((), ())
        assert (reading.items[0].kind, list(reading.items[0].blanks)) == (Kind.FILL_IN, blanks)

    @pytest.mark.parametrize(
        ("stem", "answer", "forms", "code"),
        [
            ("速度____", "km/h", [("km/h",)], "stroke_kept"),
            ("温度____", "20±5℃", [("20±5℃",)], "number_not_read"),
            ("____", "[1e99,2e99]", [("[1e99,2e99]",)], "number_not_read"),
            ("____、____", "甲、乙", [("甲",), ("乙",)], "blanks_split"),
            ("没有空", "甲", [("甲",)], "no_blank_shown"),
        ],
    )
    def test_what_may_be_meant_otherwise_is_told(
        self, stem: str, answer: str, forms: list[tuple[str, ...]], code: str
    ) -> None:
        reading = read(row("填空", stem, answer))
        assert [each.code for each in reading.warnings] == [code]
        assert [blank.accepted for blank in reading.items[0].blanks] == forms

    @pytest.mark.parametrize(
        ("stem", "answer", "code"),
        [
            ("____和____", "甲；乙；丙", "blanks_differ"),
            ("____和____", "甲；；", "empty_blank"),
            ("____", "", "empty_answer"),
            ("____", "1±0.1/2±0.1", "several_numbers"),
            ("____", "/".join(f"写法{n}" for n in range(21)), "too_many_forms"),
            ("空", "；".join(f"第{n}空" for n in range(11)), "too_many_blanks"),
        ],
    )
    def test_what_cannot_be_scored_is_refused(self, stem: str, answer: str, code: str) -> None:
        reading = read(row("填空", stem, answer))
        assert codes(reading) == [code]
        assert reading.problems[0].column == "答案"


class TestOrdering:
    @pytest.mark.parametrize(
        "answer", ["CAB", "C-A-B", "c、a、b", "C→A→B", "3-1-2", "312", "③①②", "Ｃ，Ａ，Ｂ"]
    )
    def test_orders_in_every_spelling(self, answer: str) -> None:
        (item,) = read(row("排序题", "施工顺序", answer, "甲", "乙", "丙")).items
        assert (item.kind, item.key) == (Kind.ORDERING, (2, 0, 1))

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            ("CA", "incomplete_order"),
            ("CAA", "answer_twice"),
            ("CAD", "answer_beyond_options"),
            ("先丙后甲", "unknown_answer"),
            ("", "empty_answer"),
        ],
    )
    def test_what_is_no_order_is_refused(self, answer: str, code: str) -> None:
        assert codes(read(row("排序题", "施工顺序", answer, "甲", "乙", "丙"))) == [code]


class TestMatching:
    @pytest.mark.parametrize(
        "answer", ["1-B；2-A；3-B", "1B 2A 3B", "1→B,3→B,2→A", "BAB", "B、A、B", "①-B；②-A；③-B"]
    )
    def test_pairs_in_every_spelling(self, answer: str) -> None:
        (item,) = read(row("匹配题", "配对", answer, "甲", "乙", premises=("一", "二", "三"))).items
        assert (item.kind, item.premises, item.key) == (Kind.MATCHING, ("一", "二", "三"), (1, 0, 1))

    def test_premises_may_have_the_letters_and_options_the_numbers(self) -> None:
        heading = ["题型", "题干", "左项A", "左项B", "右项1", "右项2", "答案"]
        (item,) = read(["连线题", "配对", "一", "二", "甲", "乙", "A-2；B-1"], heading=heading).items
        assert (item.premises, item.options, item.key) == (("一", "二"), ("甲", "乙"), (1, 0))

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            ("1-B", "incomplete_pairs"),
            ("1-B；1-A；2-A", "incomplete_pairs"),
            ("1-C；2-A；3-A", "pairs_beyond"),
            ("一乙", "unknown_pairs"),
            ("", "empty_answer"),
        ],
    )
    def test_what_is_no_match_is_refused(self, answer: str, code: str) -> None:
        assert codes(read(row("匹配题", "配对", answer, "甲", "乙", premises=("一", "二", "三")))) == [code]

    def test_without_premises_there_is_nothing_to_match(self) -> None:
        reading = read(row("匹配题", "配对", "1-A", "甲", "乙"))
        assert [(each.code, each.row, each.column) for each in reading.problems] == [("too_few_premises", 2, "左项1")]


class TestShortAnswer:
    def test_the_reference_is_kept(self) -> None:
        (item,) = read(row("简答题", "简述", "一是…\n二是…")).items
        assert (item.kind, item.reference) == (Kind.SHORT_ANSWER, "一是…\n二是…")

    def test_a_column_of_scoring_rules_joins_the_reference(self) -> None:
        heading = ["题型", "题干", "正确答案", "参考答案"]
        (item,) = read(["论述", "论述", "要点", "每点 2 分"], heading=heading).items
        assert item.reference == "要点\n每点 2 分"

    def test_without_a_reference_assessors_are_told_nothing(self) -> None:
        reading = read(row("问答题", "简述", ""))
        assert ([each.code for each in reading.warnings], len(reading.items)) == (["no_reference"], 1)

    def test_options_are_none_of_its_business(self) -> None:
        assert codes(read(row("简答", "简述", "要点", "甲"))) == ["options_not_wanted"]


class TestCases:
    HEADING = ["编号", "题型", "背景", "题干", "选项A", "选项B", "答案", "所属案例"]

    def test_rows_that_name_their_case_become_its_parts(self) -> None:
        reading = read(
            ["C1", "案例题", "某工地……", "", "", "", "", ""],
            ["", "判断题", "", "应停工", "", "", "对", "C1"],
            ["Q9", "单选题", "", "独立的题", "甲", "乙", "A", ""],
            ["C1b", "单选题", "", "应报告", "甲", "乙", "B", "C1"],
            heading=self.HEADING,
        )
        assert (reading.problems, reading.warnings, reading.rows) == ((), (), 2)
        case, alone = reading.items
        assert (case.kind, case.code, case.stem) == (Kind.CASE, "C1", "某工地……")
        assert [(part.code, part.kind, part.key) for part in case.parts] == [
            ("C1-1", Kind.TRUE_FALSE, (0,)),
            ("C1b", Kind.SINGLE, (1,)),
        ]
        assert alone.code == "Q9"

    def test_a_background_shared_by_merged_cells_makes_a_case(self) -> None:
        rows = [
            ["题型", "背景", "题干", "选项A", "选项B", "答案"],
            ["单选", "某工地……", "问一", "甲", "乙", "A"],
            ["单选", "", "问二", "甲", "丙", "B"],
            ["单选", "", "无背景", "甲", "丁", "B"],
        ]
        reading = read_bank(xlsx_bytes(rows, merge=["B2:B3"]))
        assert reading.problems == ()
        assert [(item.kind, len(item.parts)) for item in reading.items] == [(Kind.CASE, 2), (Kind.SINGLE, 0)]

    def test_a_group_number_beside_a_repeated_background_makes_a_case(self) -> None:
        heading = ["题组", "背景", "题型", "题干", "答案"]
        reading = read(
            ["1", "背景甲", "判断", "问一", "对"], ["1", "背景甲", "判断", "问二", "错"],
            ["2", "背景乙", "判断", "问三", "错"], heading=heading,
        )  # fmt: skip
        assert [(item.stem, len(item.parts)) for item in reading.items] == [("背景甲", 2), ("背景乙", 1)]

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            ([["C1", "案例", "背景", "", "", "", "", ""]], "case_without_parts"),
            ([["", "判断", "", "问", "", "", "对", "C7"]], "unknown_case"),
            (
                [["C1", "案例", "背景", "", "", "", "A", ""], ["", "判断", "", "问", "", "", "对", "C1"]],
                "case_with_answer",
            ),
            (
                [["C1", "案例", "背景", "", "", "", "", ""], ["", "判断", "", "问", "", "", "也许", "C1"]],
                "unknown_verdict",
            ),
        ],
    )
    def test_what_is_no_whole_case_is_refused(self, rows: list[list[str]], code: str) -> None:
        reading = read(*rows, heading=self.HEADING)
        assert (codes(reading), reading.items) == ([code], ())

    def test_more_parts_than_a_case_may_have(self) -> None:
        parts = [["", "判断", "", f"问{n}", "", "", "对", "C1"] for n in range(21)]
        reading = read(["C1", "案例", "背景", "", "", "", "", ""], *parts, heading=self.HEADING)
        assert codes(reading) == ["too_many_parts"]


class TestNothingIsLeftOutInSilence:
    @pytest.mark.parametrize(
        "cells",
        [
            row("填空", "____", "甲", "选项"),
            row("单选", "题", "A", "甲", "乙", premises=("左",)),
            row("判断", "题", "对", premises=("左",)),
        ],
    )
    def test_options_and_premises_of_another_kind(self, cells: list[str]) -> None:
        assert "options_not_wanted" in codes(read(cells, row("判断", "别的题", "对")))

    def test_a_marking_guide_beside_a_choice(self) -> None:
        heading = ["题型", "题干", "正确答案", "评分标准"]
        reading = read(["判断", "题", "对", "说明理由"], heading=heading)
        assert [(each.code, each.column) for each in reading.warnings] == [("reference_not_read", "评分标准")]

    def test_a_background_of_a_part_that_is_not_its_cases(self) -> None:
        reading = read(
            ["C1", "案例", "背景甲", "", "", "", "", ""], ["", "判断", "背景乙", "问", "", "", "对", "C1"],
            heading=TestCases.HEADING,
        )  # fmt: skip
        assert [(each.code, each.row) for each in reading.warnings] == [("background_not_read", 3)]


class TestFields:
    @pytest.mark.parametrize(
        ("texts", "hundredths"),
        [
            (["1", "3", "5"], [85, 60, 30]),
            (["1.0", "2", "4"], [85, 75, 45]),
            (["0.85", "85 %", "易"], [85, 85, 85]),
            (["1", "0.5", "1"], [100, 50, 100]),
            (["较易", "★★★☆☆", "4级"], [75, 60, 45]),
        ],
    )
    def test_a_column_of_difficulty_is_read_as_one_thing(
        self, texts: list[str], hundredths: list[int]
    ) -> None:
        rows = [row("判断", f"第{n}题", "对", difficulty=text) for n, text in enumerate(texts)]
        assert [item.difficulty for item in read(*rows).items] == hundredths

    def test_levels_among_shares_are_not_guessed(self) -> None:
        rows = [row("判断", f"第{n}题", "对", difficulty=text) for n, text in enumerate(["0.65", "3"])]
        assert codes(read(*rows)) == ["bad_difficulty"]

    def test_tags(self) -> None:
        (item,) = read(row("判断", "题", "对", tags="防火、用电; 2024\\、上")).items
        assert item.tags == ("防火", "用电", "2024、上")

    def test_formulas_become_mathml_unless_the_row_says_text(self) -> None:
        heading = ["题型", "题干", "答案", "格式"]
        rows = [["判断", "$a^2$ 是平方", "对", ""], ["判断", "$a^3$ 是立方", "对", "文本"]]
        formula, text = read(*rows, heading=heading).items
        assert (formula.markup, "<msup>" in formula.stem) == ("html", True)
        assert (text.markup, text.stem) == ("text", "$a^3$ 是立方")

    def test_html_is_made_harmless(self) -> None:
        heading = ["题型", "题干", "选项A", "选项B", "答案", "格式"]
        (item,) = read(
            ["单选", "m<sup>2</sup><script>x</script>", "<b>甲</b>", "乙", "A", "HTML"], heading=heading
        ).items
        assert (item.markup, item.stem, item.options) == ("html", "m<sup>2</sup>", ("<b>甲</b>", "乙"))

    def test_a_picture_nobody_brought_is_named(self) -> None:
        heading = ["题型", "题干", "答案", "格式"]
        reading = read(["判断", '<img src="a.png">', "对", "HTML"], heading=heading)
        assert (codes(reading), reading.problems[0].column) == (["missing_picture"], "题干")

    def test_texts_continued_in_the_next_column(self) -> None:
        heading = ["题型", "题干", "题干（续）", "选项A", "选项A（续）", "选项B", "答案"]
        (item,) = read(["单选", "前", "后", "甲", "甲", "乙", "A"], heading=heading).items
        assert (item.stem, item.options) == ("前后", ("甲甲", "乙"))

    def test_all_options_in_one_cell(self) -> None:
        heading = ["题型", "题干", "选项", "答案"]
        rows = [
            ["单选", "一", "A.甲 B.乙 C.丙", "C"],
            ["单选", "二", "甲|乙|丙", "B"],
            ["单选", "三", "A、甲\nB、乙", "A"],
        ]
        assert [(item.options, item.key) for item in read(*rows, heading=heading).items] == [
            (("甲", "乙", "丙"), (2,)), (("甲", "乙", "丙"), (1,)), (("甲", "乙"), (0,)),
        ]  # fmt: skip

    def test_more_options_than_a_page_has_keys_for(self) -> None:
        heading = ["题型", "题干", *[f"选项{letter}" for letter in "ABCDEFGHI"], "答案"]
        assert codes(read(["单选", "题", *"甲乙丙丁戊己庚辛壬", "A"], heading=heading)) == [
            "too_many_options"
        ]
        assert codes(read(["单选", "题", *"甲乙丙丁戊己庚辛", "", "A"], heading=heading)) == []


class TestLayoutsOfOthers:
    def test_headings_as_programs_write_them(self) -> None:
        heading = [
            "questionText",
            "question_type",
            "optionA",
            "option_b",
            "Option C",
            "correctAnswer",
            "difficultyLevel",
        ]
        reading = read(["题", "SINGLE_CHOICE", "甲", "乙", "丙", "C", "EASY"], heading=heading)
        assert (reading.problems, reading.warnings) == ((), ())
        assert (reading.items[0].options, reading.items[0].key) == (("甲", "乙", "丙"), (2,))

    def test_headings_with_a_note_behind_them(self) -> None:
        heading = [
            "题干（必填）",
            "题型（单选/多选）",
            "选项(A)",
            "选项B【必填】",
            "答案（多选用英文逗号分隔，如：A,B）",
        ]
        (item,) = read(["题", "多选", "甲", "乙", "A,B"], heading=heading).items
        assert (item.options, item.key) == (("甲", "乙"), (0, 1))

    @pytest.mark.parametrize(("answer", "kind"), [("A", Kind.SINGLE), ("A,B", Kind.MULTIPLE)])
    def test_multiple_choice_in_english_says_not_how_many(self, answer: str, kind: Kind) -> None:
        (item,) = read(row("MULTIPLE_CHOICE", "题", answer, "甲", "乙")).items
        assert item.kind is kind

    def test_options_by_number_are_answered_by_number(self) -> None:
        heading = ["题型", "题干", "选项1", "选项2", "选项3", "答案"]
        reading = read(
            ["多选", "题", "甲", "乙", "丙", "1、3"], ["单选", "题二", "甲", "乙", "丙", "2"], heading=heading
        )
        assert [item.key for item in reading.items] == [(0, 2), (1,)]

    def test_sections_say_kind_and_score_of_what_is_below(self) -> None:
        heading = ["题干", "选项A", "选项B", "答案"]
        rows = [
            ["一、判断题（每题0.5分）", "", "", ""], ["题一", "", "", "√"],
            ["题干", "选项A", "选项B", "答案"],
            ["二、单项选择题", "", "", ""], ["题二", "甲", "乙", "答案：B"],
        ]  # fmt: skip
        reading = read(*rows, heading=heading)
        assert reading.problems == ()
        assert [(item.kind, item.score, item.key) for item in reading.items] == [
            (Kind.TRUE_FALSE, 50, (0,)),
            (Kind.SINGLE, None, (1,)),
        ]

    def test_options_as_a_list_a_program_wrote(self) -> None:
        heading = ["题型", "题干", "选项(JSON)", "参考答案"]
        (item,) = read(["单选", "题", '["A. 甲","B. 乙"]', "B"], heading=heading).items
        assert (item.options, item.key) == (("甲", "乙"), (1,))
