"""Word documents: what people see on the page is what comes into the bank, or is told."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from question_bank.importing import BankReading, read_bank
from question_bank.items import Item, Kind
from tests.question_bank.builders import BANK_HEADING
from tests.question_bank.importing.documents import document, numbered_list, paragraph, picture, run, table
from tests.question_bank.importing.test_bank_rows import SINGLE
from tests.question_bank.importing.test_workbook import repacked


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(out, "PNG")
    return out.getvalue()


def items(raw: bytes) -> list[Item]:
    reading = read_bank(raw)
    assert reading.problems == ()
    assert (reading.format, reading.rows) == ("docx", len(reading.items))
    return list(reading.items)


def warned(reading: BankReading) -> list[str]:
    return [each.code for each in reading.warnings]


LINES = (
    "一、单项选择题（每题2分）",
    "1．水泥是（B）。",
    "A．有机物\tB．无机物",
    "解析：见教材。",
    "二、判断题",
    "1．钢是金属。（√）",
)


class TestText:
    def test_paragraphs_are_lines(self) -> None:
        single, verdict = items(document(*map(paragraph, LINES)))
        assert (single.stem, single.options, single.key) == ("水泥是（　）。", ("有机物", "无机物"), (1,))
        assert (single.score, single.solution) == (200, "见教材。")
        assert (verdict.kind, verdict.key) == (Kind.TRUE_FALSE, (0,))

    def test_runs_in_pieces_bold_and_broken_lines(self) -> None:
        (only,) = items(
            document(
                paragraph(
                    run("1．水", "<w:b/>"),
                    run("泥是（"),
                    run("B", "<w:u w:val='single'/>"),
                    run("）\nA.甲 B.乙"),
                )
            )
        )
        assert (only.stem, only.options, only.key) == ("水泥是（　）", ("甲", "乙"), (1,))

    def test_raised_and_lowered_characters(self) -> None:
        raised, lowered = "<w:vertAlign w:val='superscript'/>", "<w:vertAlign w:val='subscript'/>"
        (only,) = items(
            document(
                paragraph("1．面积", run("2", raised), "与H", run("2", lowered), "O", "（A）"),
                paragraph("A.甲 B.乙"),
            )
        )
        assert only.stem == "面积<sup>2</sup>与H<sub>2</sub>O（　）"
        assert only.markup == "html"

    def test_underlined_space_is_a_gap(self) -> None:
        gap = run("      ", "<w:u w:val='single'/>")
        (only,) = items(
            document(paragraph("填空题"), paragraph("1．养护不少于", gap, "天。"), paragraph("答案：7"))
        )
        assert (only.kind, only.stem) == (Kind.FILL_IN, "养护不少于____天。")

    def test_tracked_changes_are_accepted_and_told(self) -> None:
        changed = f"<w:ins>{run('（√）')}</w:ins><w:del><w:r><w:delText>（×）</w:delText></w:r></w:del>"
        reading = read_bank(document(paragraph(run("1．钢是金属。"), changed)))
        assert (reading.items[0].key, warned(reading)) == ((0,), ["tracked_changes"])

    def test_footnotes_and_boxes_are_told_with_their_words(self) -> None:
        words = f"<w:txbxContent>{paragraph('框中文字')}</w:txbxContent>"
        box = f"<w:r><w:pict><v:textbox>{words}</v:textbox></w:pict></w:r>"
        note = "<w:r><w:footnoteReference w:id='2'/></w:r>"
        raw = document(
            paragraph(run("1．钢是金属。（√）"), note, box),
            footnotes=f"<w:footnote w:id='2'>{paragraph('脚注')}</w:footnote>",
        )
        reading = read_bank(raw)
        assert [(each.code, each.found) for each in reading.warnings] == [
            ("text_beside", "框中文字"),
            ("text_beside", "脚注"),
        ]

    def test_symbols_of_fonts(self) -> None:
        tick = "<w:r><w:sym w:font='Wingdings' w:char='F0FC'/></w:r>"
        (only,) = items(document(paragraph(run("1．钢是金属。（"), tick, run("）"))))
        assert only.key == (0,)

    def test_a_symbol_nobody_knows_is_a_problem(self) -> None:
        unknown = "<w:r><w:sym w:font='Webdings' w:char='F021'/></w:r>"
        reading = read_bank(document(paragraph(run("1．钢是金属。（√）"), unknown)))
        assert [each.code for each in reading.problems] == ["private_character"]


class TestNumbering:
    LIST = numbered_list(1, ("decimal", "%1．"), ("upperLetter", "%2．"))

    def test_numbers_and_letters_that_stand_in_no_text(self) -> None:
        first, second = items(
            document(
                paragraph("水泥是（B）", number=(1, 0)),
                paragraph("有机物", number=(1, 1)),
                paragraph("无机物", number=(1, 1)),
                paragraph("钢是（A）", number=(1, 0)),
                paragraph("金属", number=(1, 1)),
                paragraph("塑料", number=(1, 1)),
                numbering=self.LIST,
            )
        )
        assert (first.options, first.key) == (("有机物", "无机物"), (1,))
        assert (second.options, second.key) == (("金属", "塑料"), (0,))

    def test_chinese_headings(self) -> None:
        lists = numbered_list(1, ("chineseCounting", "%1、")) + numbered_list(2, ("decimal", "%1"))
        (only,) = items(
            document(
                paragraph("判断题", number=(1, 0)), paragraph("钢是金属（√）", number=(2, 0)), numbering=lists
            )
        )
        assert (only.kind, only.stem) == (Kind.TRUE_FALSE, "钢是金属")


class TestObjects:
    def test_pictures(self) -> None:
        raw = document(
            paragraph(run("1．图示为（A）"), picture("p1")), paragraph("A.梁 B.柱"), media={"p1": png()}
        )
        reading = read_bank(raw)
        (only,) = reading.items
        assert reading.problems == ()
        assert list(reading.pictures) == list(only.pictures)
        assert 'width="100" height="50"' in only.stem

    def test_pictures_as_options(self) -> None:
        raw = document(
            paragraph("1．正确的是（B）"),
            paragraph(run("A．"), picture("p1")),
            paragraph(run("B．"), picture("p2")),
            media={"p1": png(), "p2": png() + b" "},
        )
        assert [option.startswith("<img") for option in items(raw)[0].options] == [True, True]

    def test_a_picture_that_is_not_in_the_document(self) -> None:
        reading = read_bank(document(paragraph(run("1．图示为梁（√）"), picture("gone"))))
        assert [(each.row, each.code) for each in reading.problems] == [(1, "missing_picture")]

    def test_a_picture_no_browser_shows_is_named(self) -> None:
        raw = document(
            paragraph(run("1．图示为梁（√）"), picture("p1")), media={"p1": b"\xd7\xcd\xc6\x9a metafile"}
        )
        (problem,) = read_bank(raw).problems
        assert (problem.code, problem.found) == ("not_a_picture", "word:p1:p1.png")

    def test_tables_of_data_stay_tables(self) -> None:
        (only,) = items(
            document(
                paragraph("1．据下表，强度为（A）"), table(["等级", "强度"], ["C30", "30"]), paragraph("A.30 B.40"),
            )
        )  # fmt: skip
        assert "<table>" in only.stem
        assert "<td>C30</td>" in only.stem

    def test_tables_that_only_place_options(self) -> None:
        (only,) = items(
            document(paragraph("1．水泥是（B）"), table(["A．有机物", "B．无机物"], ["C．金属", "D．木"]))
        )
        assert only.options == ("有机物", "无机物", "金属", "木")

    def test_tables_of_one_question_a_row(self) -> None:
        (only,) = items(document(table(list(BANK_HEADING), list(SINGLE))))
        assert (only.kind, only.stem) == (Kind.SINGLE, SINGLE[1])

    def test_a_table_of_answers(self) -> None:
        body = [paragraph(text) for text in ("1．甲？", "A.a B.b", "2．乙？", "A.a B.b")]
        for answers in (
            table(["题号", "1", "2"], ["答案", "B", "A"]),
            table(["题号", "答案"], ["1", "B"], ["2", "A"]),
        ):
            assert [each.key for each in items(document(*body, answers))] == [(1,), (0,)]
            title = paragraph("参考答案")
            assert [each.key for each in items(document(*body, title, answers))] == [(1,), (0,)]


def formula(inner: str) -> str:
    """The MathML of a formula of Word standing in a stem."""
    (only,) = items(document(paragraph(run("1．"), f"<m:oMath>{inner}</m:oMath>", run("成立（√）"))))
    return only.stem


def letters(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


class TestFormulas:
    @pytest.mark.parametrize(
        ("inner", "written"),
        [
            (letters("a+12"), "<mi>a</mi><mo>+</mo><mn>12</mn>"),
            (f"<m:f><m:num>{letters('1')}</m:num><m:den>{letters('2')}</m:den></m:f>", "<mfrac>"),
            (f"<m:rad><m:deg/><m:e>{letters('x')}</m:e></m:rad>", "<msqrt>"),
            (f"<m:rad><m:deg>{letters('3')}</m:deg><m:e>{letters('x')}</m:e></m:rad>", "<mroot>"),
            (f"<m:sSup><m:e>{letters('x')}</m:e><m:sup>{letters('2')}</m:sup></m:sSup>", "<msup>"),
            (f"<m:sSub><m:e>{letters('x')}</m:e><m:sub>{letters('2')}</m:sub></m:sSub>", "<msub>"),
            (
                f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>{letters('i')}</m:sub>"
                f"<m:sup>{letters('n')}</m:sup><m:e>{letters('x')}</m:e></m:nary>",
                "<munderover>",
            ),
            (f"<m:d><m:dPr><m:begChr m:val='['/></m:dPr><m:e>{letters('x')}</m:e></m:d>", "[</mo>"),
            (f"<m:m><m:mr><m:e>{letters('a')}</m:e><m:e>{letters('b')}</m:e></m:mr></m:m>", "<mtable>"),
            (f"<m:eqArr><m:e>{letters('a')}</m:e><m:e>{letters('b')}</m:e></m:eqArr>", "<mtr>"),
            (
                f"<m:acc><m:accPr><m:chr m:val='&#8407;'/></m:accPr><m:e>{letters('F')}</m:e></m:acc>",
                "<mover",
            ),
        ],
    )
    def test_become_mathml(self, inner: str, written: str) -> None:
        assert written in formula(inner)
        assert formula(inner).count("<math>") == 1

    def test_a_structure_nobody_knows_is_refused_by_name(self) -> None:
        reading = read_bank(
            document(paragraph(run("1．"), "<m:oMath><m:strange/></m:oMath>", run("成立（√）")))
        )
        assert [(each.row, each.code) for each in reading.problems] == [(1, "word_formula")]
        assert "strange" in reading.problems[0].expected


class TestHarm:
    def test_entities(self) -> None:
        raw = repacked(document(), {"word/document.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"})
        assert [each.code for each in read_bank(raw).problems] == ["xml_entities"]

    def test_a_bomb(self) -> None:
        raw = repacked(document(), {"word/document.xml": b" " * 80_000_000})
        assert [each.code for each in read_bank(raw).problems] == ["package_too_large"]

    @pytest.mark.parametrize("body", [b"", b"<a/>", b"<w:document", b"\xff\xfe\0"])
    def test_a_document_that_is_none(self, body: bytes) -> None:
        reading = read_bank(repacked(document(), {"word/document.xml": body}))
        assert reading.problems
        assert reading.items == ()


WHOLE = document(
    *map(paragraph, LINES),
    paragraph(run("2．"), f"<m:oMath>{letters('x')}</m:oMath>", picture("p1"), run("（×）")),
    table(["题号", "1"], ["答案", "A"]),
    numbering=TestNumbering.LIST,
    media={"p1": png()},
)
PARTS = zipfile.ZipFile(io.BytesIO(WHOLE)).namelist()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PARTS), st.data())
def test_a_document_with_a_part_damaged(name: str, data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as parts:
        body = parts.read(name)
    place, cut = data.draw(st.integers(0, len(body))), data.draw(st.integers(0, 40))
    reading = read_bank(
        repacked(WHOLE, {name: body[:place] + data.draw(st.binary(max_size=12)) + body[place + cut :]})
    )
    assert len(reading.items) == reading.rows or reading.problems


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=8))
def test_a_document_with_bytes_overwritten(place: int, noise: bytes) -> None:
    reading = read_bank(WHOLE[:place] + noise + WHOLE[place + len(noise) :])
    assert len(reading.items) == reading.rows or reading.problems
