"""What a workbook shows besides plain texts: pictures, raised digits, hidden rows, escaped characters."""

import io
import zipfile

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.drawing.image import Image as Drawing
from PIL import Image

from question_bank.importing import BankReading, read_bank
from question_bank.pictures import Picture
from tests.question_bank.builders import BANK_HEADING, saved, xlsx_bytes
from tests.question_bank.importing.test_bank_rows import MULTIPLE, SINGLE
from tests.question_bank.importing.test_workbook import repacked


def dot(colour: str = "red", kind: str = "PNG") -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (6, 4), colour).save(out, kind)
    return out.getvalue()


def book_of(*rows: list[str]) -> openpyxl.Workbook:
    """A workbook to be changed before it is saved."""
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes([BANK_HEADING, *rows])))


def read_with_pictures(*places: tuple[str, bytes], heading: list[str] | None = None) -> BankReading:
    """One item with pictures over cells."""
    rows = [
        heading or BANK_HEADING,
        SINGLE if heading is None else [*SINGLE, *[""] * (len(heading) - len(SINGLE))],
    ]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(rows)))
    for cell, data in places:
        book.worksheets[0].add_image(Drawing(io.BytesIO(data)), cell)
    return read_bank(saved(book))


class TestPictures:
    def test_over_stem_and_option_become_part_of_them(self) -> None:
        reading = read_with_pictures(("B2", dot()), ("D2", dot("blue")))
        (item,) = reading.items
        red, blue = Picture("image/png", dot()), Picture("image/png", dot("blue"))
        assert (reading.problems, reading.warnings) == ((), ())
        assert item.stem == f'{SINGLE[1]}<img src="picture:{red.name}" alt="">'
        assert item.options[1] == f'{SINGLE[3]}<img src="picture:{blue.name}" alt="">'
        assert (item.markup, item.options[0]) == ("html", SINGLE[2])
        assert dict(reading.pictures) == {red.name: red, blue.name: blue}

    def test_over_another_column_belong_to_the_stem_and_that_is_told(self) -> None:
        reading = read_with_pictures(("I2", dot()))
        assert "<img" in reading.items[0].stem
        assert [(each.code, each.cell) for each in reading.warnings] == [("picture_moved", "I2")]

    def test_in_a_column_of_their_own(self) -> None:
        reading = read_with_pictures(("L2", dot()), heading=[*BANK_HEADING, "图片"])
        assert "<img" in reading.items[0].stem
        assert reading.warnings == ()

    def test_damaged_ones_are_named_with_their_cell(self) -> None:
        book = book_of(SINGLE)
        book.worksheets[0].add_image(Drawing(io.BytesIO(dot())), "B2")
        (problem,) = read_bank(repacked(saved(book), {"xl/media/image1.png": b"no picture"})).problems
        assert (problem.code, problem.cell, problem.found) == ("not_a_picture", "B2", "xl/media/image1.png")

    def test_lost_ones_are_named_with_their_cell(self) -> None:
        book = book_of(SINGLE)
        book.worksheets[0].add_image(Drawing(io.BytesIO(dot())), "C2")
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(saved(book))) as source, zipfile.ZipFile(out, "w") as target:
            for name in source.namelist():
                if "media" not in name:
                    target.writestr(name, source.read(name))
        (problem,) = read_bank(out.getvalue()).problems
        assert (problem.code, problem.cell) == ("missing_picture", "C2")

    def test_put_into_a_cell_by_a_formula_of_the_office_suite(self) -> None:
        book = book_of(SINGLE)
        book.worksheets[0]["C2"] = '=_xlfn.DISPIMG("ID_1",1)'
        xml = (
            '<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" '
            'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
            'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            '<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="ID_1"/></xdr:nvPicPr>'
            '<xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>'
        )
        rels = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" Target="media/x.png" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
            "</Relationships>"
        )
        parts = {
            "xl/cellimages.xml": xml.encode(),
            "xl/_rels/cellimages.xml.rels": rels.encode(),
            "xl/media/x.png": dot(),
        }
        reading = read_bank(repacked(saved(book), parts))
        assert reading.problems == ()
        assert reading.items[0].options[0] == f'<img src="picture:{Picture("image/png", dot()).name}" alt="">'


class TestRichTexts:
    def test_raised_and_lowered_digits_stay_so(self) -> None:
        book = book_of(SINGLE)
        raised, lowered = InlineFont(vertAlign="superscript"), InlineFont(vertAlign="subscript")
        book.worksheets[0]["C2"] = CellRichText("10", TextBlock(raised, "3"), " m", TextBlock(lowered, "2"))
        book.worksheets[0]["D2"] = CellRichText("x", TextBlock(raised, "甲"))
        (item,) = read_bank(saved(book)).items
        assert item.options[:3] == ("10³ m₂", "x<sup>甲</sup>", "25℃")

    def test_an_underlined_space_is_a_blank(self) -> None:
        book = book_of(["填空题", "", "", "", "", "", "甲", "", "", "", ""])
        book.worksheets[0]["B2"] = CellRichText("由", TextBlock(InlineFont(u="single"), "    "), "组成")
        reading = read_bank(saved(book))
        assert (reading.items[0].stem, reading.warnings) == ("由____组成", ())

    def test_bold_is_only_bold(self) -> None:
        book = book_of(SINGLE)
        book.worksheets[0]["C2"] = CellRichText("18", TextBlock(InlineFont(b=True), "℃"))
        assert read_bank(saved(book)).items[0].options[0] == "18℃"

    def test_escaped_characters(self) -> None:
        row = [*SINGLE[:2], "甲_x005F_x0041_", "乙_x0020_", "丙_x0007_", *SINGLE[5:]]
        reading = read_bank(xlsx_bytes([BANK_HEADING, row]))
        assert [(each.code, each.cell) for each in reading.problems] == [("control_character", "E2")]
        row[4] = "丙"
        assert read_bank(xlsx_bytes([BANK_HEADING, row])).items[0].options[:2] == ("甲_x0041_", "乙 ")


class TestHidden:
    def test_rows_are_read_and_told(self) -> None:
        book = book_of(SINGLE, MULTIPLE)
        book.worksheets[0].row_dimensions[3].hidden = True
        reading = read_bank(saved(book))
        assert (len(reading.items), [(each.code, each.row) for each in reading.warnings]) == (
            2,
            [("hidden_rows", 3)],
        )


class TestNumbers:
    def test_percentages_are_exact(self) -> None:
        book = book_of(SINGLE)
        sheet = book.worksheets[0]
        for cell, value, shown in (
            ("C2", 0.285, "0.0%"),
            ("D2", 0.145, "0%"),
            ("E2", 1.005, "0.00"),
            ("F2", 1e15, "0"),
        ):
            sheet[cell] = value
            sheet[cell].number_format = shown
        assert read_bank(saved(book)).items[0].options == ("28.5%", "15%", "1.01", "1000000000000000")
