"""Moodle XML: each type of question as the item it honestly is, or refused by name."""

import base64
import io

import pytest
from PIL import Image

from question_bank.blanks import Blank
from question_bank.importing import BankReading, read_bank
from question_bank.items import Item, Kind


def read(*questions: str) -> BankReading:
    return read_bank(("<?xml version='1.0'?>\n<quiz>\n" + "\n".join(questions) + "\n</quiz>").encode())


def question(kind: str, inner: str, text: str = "题干") -> str:
    return (
        f'<question type="{kind}"><questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
        f"{inner}</question>"
    )


def answer(fraction: str, text: str, feedback: str = "") -> str:
    said = f"<feedback><text>{feedback}</text></feedback>" if feedback else ""
    return f'<answer fraction="{fraction}"><text>{text}</text>{said}</answer>'


def item(kind: str, inner: str, text: str = "题干") -> Item:
    reading = read(question(kind, inner, text))
    assert reading.problems == ()
    (only,) = reading.items
    return only


class TestTypes:
    def test_single_choice(self) -> None:
        only = item("multichoice", "<single>true</single>" + answer("100", "a", "yes") + answer("0", "b"))
        assert (only.kind, only.options, only.key, only.solution) == (Kind.SINGLE, ("a", "b"), (0,), "a: yes")

    def test_multiple_choice(self) -> None:
        only = item(
            "multichoice",
            "<single>false</single>" + answer("50", "a") + answer("-50", "b") + answer("50", "c"),
        )
        assert (only.kind, only.key) == (Kind.MULTIPLE, (0, 2))

    @pytest.mark.parametrize(("first", "key"), [("true", 0), ("false", 1)])
    def test_true_false(self, first: str, key: int) -> None:
        other = "false" if first == "true" else "true"
        assert item("truefalse", answer("100", first) + answer("0", other)).key == (key,)

    def test_short_answer_minding_case(self) -> None:
        only = item("shortanswer", "<usecase>1</usecase>" + answer("100", "pH") + answer("100", "&lt;5"))
        assert only.blanks == (Blank(accepted=("pH", "<5"), case_sensitive=True),)

    def test_a_wildcard_accepts_what_nobody_can_list(self) -> None:
        reading = read(question("shortanswer", answer("100", "ce*")))
        assert [(each.row, each.code) for each in reading.problems] == [(3, "wildcard_answer")]

    def test_numerical(self) -> None:
        right = '<answer fraction="100"><text>2.50</text><tolerance>0.1</tolerance></answer>'
        assert item("numerical", right + answer("0", "*")).blanks == (Blank(number="2.5", tolerance="0.1"),)

    def test_matching_with_an_extra_option(self) -> None:
        pairs = "".join(
            f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
            for left, right in (("铁", "Fe"), ("", "Au"), ("铜", "Cu"))
        )
        only = item("matching", pairs)
        assert (only.premises, only.options, only.key) == (("铁", "铜"), ("Fe", "Au", "Cu"), (0, 2))

    def test_an_essay_keeps_what_its_markers_go_by(self) -> None:
        only = item("essay", '<graderinfo format="html"><text><![CDATA[<p>三点</p>]]></text></graderinfo>')
        assert (only.kind, only.reference) == (Kind.SHORT_ANSWER, "三点")

    def test_ordering_by_the_numbers_of_its_answers(self) -> None:
        only = item("ordering", answer("2", "second") + answer("1", "first"))
        assert (only.kind, only.options, only.key) == (Kind.ORDERING, ("first", "second"), (0, 1))

    def test_gaps_with_one_list_of_words(self) -> None:
        words = "".join(
            f"<dragbox><text>{word}</text><group>1</group></dragbox>" for word in ("cat", "mat", "dog")
        )
        only = item("ddwtos", words, "The [[1]] on the [[2]].")
        assert (only.kind, only.stem) == (Kind.MATCHING, "The (1) ____ on the (2) ____.")
        assert (only.premises, only.options, only.key) == (("(1)", "(2)"), ("cat", "mat", "dog"), (0, 1))

    def test_types_without_an_equivalent_are_counted_by_name(self) -> None:
        reading = read(question("calculated", ""), question("kprime", ""), question("calculated", ""))
        assert [(each.row, each.found) for each in reading.problems] == [
            (3, "calculated x 2"),
            (4, "kprime x 1"),
        ]
        assert (reading.items, reading.rows) == ((), 3)


class TestCloze:
    def test_typed_gaps_are_one_fill_in(self) -> None:
        only = item("cloze", "", "Ice melts at {1:NUMERICAL:=0:0.5} and is {1:SAC:=H2O~=水~%50%ice}.")
        assert (only.kind, only.stem) == (Kind.FILL_IN, "Ice melts at ____ and is ____.")
        assert only.blanks == (
            Blank(number="0", tolerance="0.5"),
            Blank(accepted=("H2O", "水"), case_sensitive=True),
        )

    def test_mixed_gaps_are_a_case(self) -> None:
        only = item("cloze", "", "A {1:MC:x~=y} b {2:MULTIRESPONSE:=p~=q~r} c {1:SHORTANSWER:=z\\}}")
        assert (only.kind, only.stem) == (Kind.CASE, "A (1) ____ b (2) ____ c (3) ____")
        assert [(part.kind, part.options, part.key) for part in only.parts[:2]] == [
            (Kind.SINGLE, ("x", "y"), (1,)),
            (Kind.MULTIPLE, ("p", "q", "r"), (0, 1)),
        ]
        assert only.parts[2].blanks == (Blank(accepted=("z}",)),)

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("no gap", "cloze_without_gaps"),
            ("open {1:SHORTANSWER:=a", "cloze_gap"),
            ("{1:SHORTANSWER:=a {1:SA:=b}", "cloze_gap"),
            ("{1:REGEXP:=a}", "cloze_type"),
            ("{1:MC:a~b} {1:SA:=c}", "no_right_answer"),
        ],
    )
    def test_gaps_nobody_can_answer(self, text: str, code: str) -> None:
        reading = read(question("cloze", "", text))
        assert [each.code for each in reading.problems] == [code]
        assert (reading.items, reading.rows) == ((), 1)


class TestAround:
    def test_pictures_in_the_file(self) -> None:
        out = io.BytesIO()
        Image.new("RGB", (2, 2)).save(out, "PNG")
        text = '<img src="@@PLUGINFILE@@/a%20b.png" alt="x">'
        files = f'<file name="a b.png" encoding="base64">{base64.b64encode(out.getvalue()).decode()}</file>'
        body = f'<questiontext format="html"><text><![CDATA[{text}]]></text>{files}</questiontext>'
        answers = answer("100", "true") + answer("0", "false")
        reading = read(f'<question type="truefalse">{body}{answers}</question>')
        assert reading.problems == ()
        assert list(reading.pictures) == list(reading.items[0].pictures) != []

    def test_a_missing_picture(self) -> None:
        inner = answer("100", "true") + answer("0", "false")
        reading = read(question("truefalse", inner, '<img src="@@PLUGINFILE@@/gone.png">'))
        assert [each.code for each in reading.problems] == ["missing_picture"]
        assert reading.items == ()

    def test_category_tags_number_and_score(self) -> None:
        category = (
            '<question type="category"><category><text>$course$/top/钢筋/连接</text></category></question>'
        )
        inner = (
            "<idnumber>G-7</idnumber><defaultgrade>1.5000000</defaultgrade><tags><tag><text>重点</text></tag></tags>"
            "<generalfeedback><text>见规范</text></generalfeedback>"
            + answer("100", "true")
            + answer("0", "false")
        )
        (only,) = read(category, question("truefalse", inner)).items
        assert (only.code, only.tags, only.score, only.solution) == (
            "G-7",
            ("钢筋/连接", "重点"),
            150,
            "见规范",
        )

    def test_entities_are_refused(self) -> None:
        raw = b'<?xml version="1.0"?>\n<!DOCTYPE quiz [<!ENTITY a "b">]>\n<quiz>&a;</quiz>'
        assert [(each.row, each.code) for each in read_bank(raw).problems] == [(0, "xml_entities")]

    def test_broken_xml_says_its_line(self) -> None:
        assert [(each.row, each.code) for each in read_bank(b"<quiz>\n<question>\n</quiz>").problems] == [
            (3, "broken_xml")
        ]
