"""Banks as people type them: numbers, options, brackets, 答案：, lists of answers, and what goes wrong in them."""

import pytest

from question_bank.blanks import Blank
from question_bank.importing import BankReading, read_bank
from question_bank.items import Item, Kind


def read(text: str) -> BankReading:
    return read_bank(text.encode(), "题库.txt")


def items(text: str) -> list[Item]:
    reading = read(text)
    assert reading.problems == ()
    assert (reading.format, reading.rows) == ("text", len(reading.items))
    return list(reading.items)


def codes(reading: BankReading) -> list[tuple[int, str]]:
    return [(each.row, each.code) for each in reading.problems]


class TestNumbersAndOptions:
    @pytest.mark.parametrize(
        "number", ["1．", "1、", "1.", "（1）", "第1题 ", "１．", "【1】", "1) ", "第一题："]
    )
    @pytest.mark.parametrize("option", ["{}.", "{}、", "{}）", "{}．", "({})", "（{}）"])
    def test_in_every_style(self, number: str, option: str) -> None:
        text = f"{number}水泥是\n{option.format('A')}有机物\n{option.format('B')}无机物\n答案：B"
        (only,) = items(text)
        assert (only.stem, only.options, only.key) == ("水泥是", ("有机物", "无机物"), (1,))

    @pytest.mark.parametrize("between", ["\t", "  ", "　　", " "])
    def test_several_options_in_a_line(self, between: str) -> None:
        (only,) = items(f"1、水泥是（B）。\nA．有机物{between}B．无机物{between}C．点A、B之间")
        assert only.options == ("有机物", "无机物", "点A、B之间")

    def test_options_behind_the_stem(self) -> None:
        (only,) = items("1、水泥是（B）。A.有机物 B.无机物")
        assert (only.stem, only.options) == ("水泥是（　）。", ("有机物", "无机物"))

    def test_decimals_are_no_numbers_of_questions(self) -> None:
        (first, second) = items(
            "1. 1.5 kN 是\nA.1500N\nB.15N\n答案：A\n2. 3.5 m 是\nA.350cm\nB.35cm\n答案：A"
        )
        assert (first.stem, second.stem) == ("1.5 kN 是", "3.5 m 是")

    def test_letters_with_a_gap_are_told(self) -> None:
        assert codes(read("一、单选题\n1. 题\nA. 甲\nC. 丙\n答案：A")) == [(2, "option_letters")]


class TestAnswers:
    @pytest.mark.parametrize(
        "answer",
        [
            "答案：ABD",
            "【答案】A、B、D",
            "正确答案：A,B,D",
            "参考答案: abd",
            "答案 ABD",
            "标准答案：ＡＢＤ",
            "[答案] A B D",
        ],
    )
    def test_labels(self, answer: str) -> None:
        (only,) = items(f"1、题\nA.甲 B.乙 C.丙 D.丁\n{answer}")
        assert (only.kind, only.key) == (Kind.MULTIPLE, (0, 1, 3))

    def test_a_bracket_in_the_stem_is_emptied(self) -> None:
        (only,) = items("1、水泥（B）是\nA.有机物\nB.无机物")
        assert (only.stem, only.key) == ("水泥（　）是", (1,))

    def test_a_bracket_beside_another_answer_stays(self) -> None:
        reading = read("1、电流（A）由谁测出\nA.甲\nB.乙\n答案：B")
        assert reading.items[0].stem == "电流（A）由谁测出"
        assert [each.code for each in reading.warnings] == ["bracket_kept"]

    @pytest.mark.parametrize(("sign", "key"), [("√", 0), ("×", 1), ("对", 0), ("错误", 1)])
    def test_verdicts(self, sign: str, key: int) -> None:
        for text in (
            f"1、地基须验收。（{sign}）",
            f"1、地基须验收。\n答案：{sign}",
            f"判断题\n1、（{sign}）地基须验收。",
        ):
            (only,) = items(text)
            assert (only.kind, only.key, only.stem.strip("（　）")) == (
                Kind.TRUE_FALSE,
                (key,),
                "地基须验收。",
            )

    def test_labels_side_by_side(self) -> None:
        (only,) = items("1、题\nA.甲 B.乙\n答案：A  解析：因为  难度：0.7；知识点：A-1 分值：2分")
        assert (only.solution, only.difficulty, only.point, only.score) == ("因为", 70, "A-1", 200)

    def test_a_solution_of_several_lines(self) -> None:
        (first, second) = items("1、题\nA.甲 B.乙\n答案：A\n解析：一\n二\n2、题二\nA.甲 B.乙\n答案：B")
        assert first.solution == "一\n二"
        assert second.stem == "题二"

    @pytest.mark.parametrize(
        ("text", "line", "code"),
        [
            ("1、题\nA.甲 B.乙\n2、题二\nA.甲 B.乙\n答案：A", 1, "empty_answer"),
            ("1、题\nA.甲 B.乙\n答案：C", 1, "answer_beyond_options"),
            ("1、题\nA.甲 B.乙\n答案：A\n答案：B", 4, "answer_given_twice"),
            ("1、（A）和（B）\nA.甲\nB.乙", 1, "several_brackets"),
            ("一、单选题\n1、题\nA.甲 B.乙\n答案：AB", 2, "several_answers"),
            ("判断题\n1、题\n答案：也许", 2, "unknown_verdict"),
            ("答案：A\n1、题（A）\nA.甲 B.乙", 1, "stray_line"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_line(self, text: str, line: int, code: str) -> None:
        assert codes(read(text)) == [(line, code)]


class TestSections:
    TEXT = """一、单项选择题（每题1分，共2分）
1、甲
A.a B.b
2、乙
A.a B.b
二、多选题（每小题 2 分）
1、丙
A.a B.b C.c
三、判断题
1、丁
四、填空题
1、养护不少于____天，温度不低于（  ）℃
五、简答题
1、简述三宝。（5分）
"""
    ANSWERS = """参考答案
一、单项选择题
1-2 BA
二、多选题
1.AC
三、判断题
1.×
四、填空题
1. 7；5±0.5
五、简答题
1. 答：安全帽、
安全带、安全网
"""

    def test_headings_give_kind_and_score_and_lists_answer(self) -> None:
        read = items(self.TEXT + self.ANSWERS)
        assert [(each.kind, each.key, each.score) for each in read[:4]] == [
            (Kind.SINGLE, (1,), 100),
            (Kind.SINGLE, (0,), 100),
            (Kind.MULTIPLE, (0, 2), 200),
            (Kind.TRUE_FALSE, (1,), None),
        ]
        assert read[4].blanks == (Blank(accepted=("7",)), Blank(number="5", tolerance="0.5"))
        assert read[4].stem == "养护不少于____天，温度不低于____℃"
        assert (read[5].score, read[5].reference) == (500, "安全帽、\n安全带、安全网")

    def test_a_list_below_its_section(self) -> None:
        text = "一、单选题\n1、甲\nA.a B.b\n2、乙\nA.a B.b\n答案：1.A 2.B\n二、判断题\n1、丙\n2、丁\n答案：1-2 √×"
        assert [each.key for each in items(text)] == [(0,), (1,), (0,), (1,)]

    def test_a_list_of_one(self) -> None:
        (only,) = items("单选题\n1、甲\nA.a B.b\n答案：1.B")
        assert only.key == (1,)

    def test_questions_go_on_behind_a_list(self) -> None:
        text = "1、甲\nA.a B.b\n答案：1.A 2.B\n3、丙\nA.a B.b\n答案：B"
        reading = read(text)
        assert [each.key for each in reading.items] == [(0,), (1,)]
        assert codes(reading) == [(3, "answer_without_question")]

    def test_an_answer_below_its_word(self) -> None:
        (only,) = items("简答题\n1、简述三宝\n参考答案\n安全帽、安全带、安全网")
        assert only.reference == "安全帽、安全带、安全网"

    def test_lists_that_fit_no_question(self) -> None:
        reading = read(self.TEXT + self.ANSWERS.replace("1-2 BA", "1-3 BAB"))
        assert codes(reading) == [(17, "answer_without_question")]

    @pytest.mark.parametrize(
        "heading",
        [
            "一、多选题",
            "（一）多项选择题",
            "1. 多选题（每题1分）",
            "多选题：",
            "【多选题】",
            "第一部分 多选题",
            "多选题 共2题",
            "多项选择题(2分/题)",
        ],
    )
    def test_headings(self, heading: str) -> None:
        (only,) = items(f"{heading}\n1、甲\nA.a B.b C.c\n答案：AB")
        assert (only.kind, only.stem) == (Kind.MULTIPLE, "甲")

    def test_chapters_are_tags(self) -> None:
        (only,) = items("第一章 起重机械\n一、判断题\n1、吊钩须有防脱装置。（√）")
        assert only.tags == ("第一章 起重机械",)

    def test_kinds_in_brackets(self) -> None:
        read = items("1、【多选】题\nA.a B.b C.c\n答案：AB\n2、（判断题）题二\n答案：错")
        assert [each.kind for each in read] == [Kind.MULTIPLE, Kind.TRUE_FALSE]
        assert [each.stem for each in read] == ["题", "题二"]

    def test_ordering_and_matching(self) -> None:
        order, match = items(
            "排序题\n1、排\nA.甲 B.乙 C.丙\n答案：C-A-B\n匹配题\n1、配\n1) 苹果\n2) 铁\nA.金属\nB.水果\n答案：1-B；2-A"
        )
        assert (order.kind, order.key) == (Kind.ORDERING, (2, 0, 1))
        assert (match.premises, match.options, match.key) == (("苹果", "铁"), ("金属", "水果"), (1, 0))

    def test_a_case_with_its_questions(self) -> None:
        (case,) = items(
            "案例分析题\n背景资料：某工程基坑深6m。\n施工中坍塌。\n问题：\n1、是否危大工程？\n答案：是\n"
            "2、正确的有\nA.支护 B.放坡 C.不管\n答案：AB\n3、写出原因。\n答案：未支护"
        )
        assert (case.kind, case.stem) == (Kind.CASE, "某工程基坑深6m。\n施工中坍塌。")
        assert [part.kind for part in case.parts] == [Kind.TRUE_FALSE, Kind.MULTIPLE, Kind.SHORT_ANSWER]

    def test_cases_numbered_beside_their_questions(self) -> None:
        cases = items(
            "案例题\n1. 甲项目\n(1) 对吗？\n答案：对\n(2) 为何？\n答案：因为\n2. 乙项目\n(1) 如何？\n答案：好"
        )
        assert [(case.stem, len(case.parts)) for case in cases] == [("甲项目", 2), ("乙项目", 1)]


class TestFillIn:
    @pytest.mark.parametrize(
        ("stem", "answer", "blanks"),
        [
            ("____、____", "甲；乙", [("甲",), ("乙",)]),
            ("____、____", "甲、乙", [("甲",), ("乙",)]),
            ("____、____", "(1)甲(2)乙", [("甲",), ("乙",)]),
            ("____、____", "①甲 ②乙", [("甲",), ("乙",)]),
            ("（）", "牛顿/N 或 牛", [("牛顿", "N", "牛")]),
            ("____", "km/h", [("km/h",)]),
            ("____、____", "5A 6B", [("5A",), ("6B",)]),
        ],
    )
    def test_answers(self, stem: str, answer: str, blanks: list[tuple[str, ...]]) -> None:
        (only,) = items(f"填空题\n1、{stem}\n答案：{answer}")
        assert [blank.accepted for blank in only.blanks] == blanks

    def test_answers_that_are_not_as_many_as_the_gaps(self) -> None:
        assert codes(read("填空题\n1、____和____\n答案：甲")) == [(2, "blanks_and_answers")]


class TestVariants:
    """Other orders of the same line, as other programs export them."""

    @pytest.mark.parametrize(
        ("text", "kind", "key"),
        [
            ("1. (单选题, 2.0分) 题\nA. 甲;\nB. 乙;\n我的答案: A\n正确答案: B:乙;", Kind.SINGLE, (1,)),
            ("[多选题] 1、题\nA.甲；B.乙；C.丙\n答案：AB。因为丙不对", Kind.MULTIPLE, (0, 1)),
            ("1、题 [单选题] *\nA.甲\nB.乙\n答案：选B", Kind.SINGLE, (1,)),
            ("（√）1、题", Kind.TRUE_FALSE, (0,)),
            ("## 一、单选题\n### 1. 题\n- A. 甲\n- B. 乙\n> 答案：B\n---", Kind.SINGLE, (1,)),
            ("**1. 题（　）**\nA. 甲\nB. 乙\n**【答案】B**", Kind.SINGLE, (1,)),
            ("1. 题\nA\n甲\nB\n乙\n正确答案：B", Kind.SINGLE, (1,)),
            ("问题1：题\nA. 甲\nB. 乙\n正确答案：B", Kind.SINGLE, (1,)),
            ("( × ) 1. 题", Kind.TRUE_FALSE, (1,)),
            ("判断题\n1、题\n答案：错误，应为乙", Kind.TRUE_FALSE, (1,)),
        ],
    )
    def test_are_read_alike(self, text: str, kind: Kind, key: tuple[int, ...]) -> None:
        (only,) = items(text)
        assert (only.stem.removesuffix("（　）"), only.kind, only.key) == ("题", kind, key)

    def test_words_behind_the_letters_are_the_solution(self) -> None:
        assert items("1、题\nA.甲 B.乙\n答案：B。因为甲不对")[0].solution == "因为甲不对"

    def test_nine_options_are_one_too_many(self) -> None:
        text = "1、题\n" + "\n".join(f"{letter}. {letter}" for letter in "ABCDEFGHI") + "\n答案：A"
        assert codes(read(text)) == [(1, "too_many_options")]


class TestReadingOn:
    def test_a_numbered_list_in_an_answer_is_no_question(self) -> None:
        first, second = items(
            "简答题\n1、简述三宝。\n答：1、安全帽\n2、安全带\n3、安全网\n2、四口指什么？\n答：洞口"
        )
        assert first.reference == "1、安全帽\n2、安全带\n3、安全网"
        assert second.stem == "四口指什么？"

    def test_questions_without_numbers(self) -> None:
        read = items(
            "单选题\n水泥是（B）。\nA.有机物\nB.无机物\n钢是（A）。\nA.金属\nB.塑料\n判断题\n钢是金属（√）\n木是金属（×）"
        )
        assert [each.key for each in read] == [(1,), (0,), (0,), (1,)]

    def test_a_number_left_out_is_told(self) -> None:
        reading = read("1、甲（√）\n3、丙（×）")
        assert [(each.row, each.code) for each in reading.warnings] == [(2, "number_jumps")]

    def test_a_title_is_noted(self) -> None:
        assert [(each.row, each.code) for each in read("安全题库\n1、甲（√）").warnings] == [
            (1, "line_not_read")
        ]
