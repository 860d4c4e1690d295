"""GIFT: what its published grammar allows becomes an item, or is refused at its line."""

import pytest

from question_bank.blanks import Blank
from question_bank.importing import BankReading, read_bank
from question_bank.items import Item, Kind


def read(text: str) -> BankReading:
    return read_bank(text.encode(), "bank.gift")


def item(text: str) -> Item:
    reading = read(text)
    assert reading.problems == ()
    (only,) = reading.items
    return only


def codes(reading: BankReading) -> list[tuple[int, str]]:
    return [(each.row, each.code) for each in reading.problems]


def warned(reading: BankReading) -> list[str]:
    return [each.code for each in reading.warnings]


class TestChoices:
    def test_one_right_option(self) -> None:
        read = item("水泥属于哪类材料?{~有机 =无机 ~金属}")
        assert (read.kind, read.stem, read.options, read.key) == (
            Kind.SINGLE,
            "水泥属于哪类材料?",
            ("有机", "无机", "金属"),
            (1,),
        )

    def test_weights_that_make_a_hundred_are_several_right_options(self) -> None:
        reading = read("Two of these {~%-50%a ~%50%b ~%50%c ~%-50%d}")
        (only,) = reading.items
        assert (only.kind, only.key) == (Kind.MULTIPLE, (1, 2))
        assert warned(reading) == ["partial_weights"]

    def test_thirds_make_a_whole(self) -> None:
        assert item("Three {~%33.333%a ~%33.333%b ~%33.333%c ~d}").key == (0, 1, 2)

    @pytest.mark.parametrize(
        ("answers", "code"),
        [
            ("{=a =b ~c}", "several_full_answers"),
            ("{~a ~b}", "no_right_answer"),
            ("{~%20%a ~%50%b ~c}", "weights_not_full"),
            ("{~%abc%a =b}", "bad_weight_of_answer"),
            ("{=a ~a}", "duplicate_option"),
            ("{=1 ~2 ~3 ~4 ~5 ~6 ~7 ~8 ~9}", "too_many_options"),
            ('{=see <img src="a.png"> ~b}', "gift_unescaped"),
        ],
    )
    def test_what_has_no_honest_equivalent_is_refused(self, answers: str, code: str) -> None:
        reading = read(f"// first\n\nQuestion {answers}\n\nFine {{T}}\n")
        assert (reading.rows, len(reading.items)) == (2, 1)
        assert codes(reading) == [(3, code)]

    def test_the_missing_word_leaves_a_gap(self) -> None:
        assert (
            item("Concrete hardens {=slowly ~at once} in the cold.").stem
            == "Concrete hardens ____ in the cold."
        )

    def test_comments_to_answers_are_the_solution(self) -> None:
        read = item("Q {=a#well done ~b#not that one\n####因为规范如此}")
        assert read.solution == "因为规范如此\na: well done\nb: not that one"


class TestOtherForms:
    @pytest.mark.parametrize(("said", "key"), [("T", 0), ("TRUE", 0), ("F", 1), ("FALSE", 1), ("true", 0)])
    def test_true_and_false(self, said: str, key: int) -> None:
        read = item(f"地基须验收。{{{said}}}")
        assert (read.kind, read.key) == (Kind.TRUE_FALSE, (key,))

    def test_the_two_comments_of_true_false(self) -> None:
        read = item("Q {F#it is not so#quite right}")
        assert read.solution == "正确 true: it is not so\n错误 false: quite right"

    def test_a_short_answer_has_accepted_forms(self) -> None:
        reading = read("Grant is buried in {=New York =NY#ok =%50%York =%0%*}.")
        (only,) = reading.items
        assert (only.kind, only.blanks) == (Kind.FILL_IN, (Blank(accepted=("New York", "NY")),))
        assert only.stem == "Grant is buried in ____."
        assert warned(reading) == ["partial_forms"]

    @pytest.mark.parametrize(
        ("answer", "number", "tolerance"),
        [
            ("#1822", "1822", "0"),
            ("#3.1415:0.0005", "3.1415", "0.0005"),
            ("#3.141..3.142", "3.1415", "0.0005"),
            ("#-1..1", "0", "1"),
            ("#=1822:0 =%50%1822:2", "1822", "0"),
            ("#3:2~#wrong", "3", "2"),
        ],
    )
    def test_numbers(self, answer: str, number: str, tolerance: str) -> None:
        (blank,) = item(f"How much? {{{answer}}}").blanks
        assert blank == Blank(number=number, tolerance=tolerance)

    @pytest.mark.parametrize(
        ("answer", "code"), [("#abc", "bad_number"), ("#5..1", "bad_number"), ("#=1 =2", "several_numbers")]
    )
    def test_numbers_that_are_none(self, answer: str, code: str) -> None:
        assert codes(read(f"How much? {{{answer}}}")) == [(1, code)]

    def test_matching_with_an_option_that_matches_nothing(self) -> None:
        read = item("Match {\n=Canada -> Ottawa\n=Japan->Tokyo\n= -> Rome\n=加拿大 -> Ottawa\n}")
        assert (read.kind, read.premises) == (Kind.MATCHING, ("Canada", "Japan", "加拿大"))
        assert (read.options, read.key) == (("Ottawa", "Tokyo", "Rome"), (0, 1, 0))

    def test_an_essay_and_a_text_that_asks_nothing(self) -> None:
        reading = read("Read this first.\n\nDescribe a safe scaffold. {}")
        assert [each.kind for each in reading.items] == [Kind.SHORT_ANSWER]
        assert reading.rows == 1
        assert [(each.row, each.code) for each in reading.warnings] == [(1, "description")]


class TestWriting:
    def test_escapes(self) -> None:
        read = item(r"::a\:b:: 1\=1 and \{x\}\nnext {=\=2 ~\~3 ~\#4 ~\\5}")
        assert read.stem == "1=1 and {x}\nnext"
        assert read.options == ("=2", "~3", "#4", "\\5")

    def test_formats(self) -> None:
        read = item("[markdown]A **bold** claim {=[html]x<sub>2</sub> ~[plain]<b>}")
        assert read.markup == "html"
        assert read.stem == "A <strong>bold</strong> claim"
        assert read.options == ("x<sub>2</sub>", "&lt;b&gt;")

    def test_categories_and_comments_say_code_and_tags(self) -> None:
        read = item("$CATEGORY: $course$/top/Steel/Bolts\n\n// [id:S-1] [tag:easy]\n// note\n::n::Q {T}")
        assert (read.code, read.tags) == ("S-1", ("Steel/Bolts", "easy"))

    def test_a_blank_line_inside_braces_does_not_end_the_question(self) -> None:
        assert item("Q {\n=a\n\n~b\n}").options == ("a", "b")

    def test_titles_part_questions_that_no_blank_line_parts(self) -> None:
        assert len(read("::1::Q {T}\n::2::R {F}").items) == 2

    def test_an_open_brace_takes_nothing_of_the_next_question(self) -> None:
        reading = read("Broken {=a ~b\n\n::next:: Fine {T}")
        assert codes(reading) == [(1, "gift_brace")]
        assert (reading.rows, [each.stem for each in reading.items]) == (2, ["Fine"])

    @pytest.mark.parametrize("text", ["Q }T{", "Q {T} and {F}", r"Q {=\frac{a}{b}}"])
    def test_stray_braces(self, text: str) -> None:
        assert codes(read(text)) == [(1, "gift_brace")]

    def test_tex_becomes_a_formula(self) -> None:
        assert "<math" in item(r"The area \\(\\pi r^2\\) {T}").stem
