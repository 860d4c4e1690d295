"""What is exported to a workbook is read again as equal items, whatever they say."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from question_bank.blanks import Blank
from question_bank.exporting.workbook import items_workbook
from question_bank.exporting.xhtml import ExportError
from question_bank.importing import read_bank
from question_bank.items import Item, Kind
from tests.question_bank.builders import make_item
from tests.question_bank.strategies import PICTURES, banks

# Two items made up may ask the same by chance: told, and read all the same.
BY_CHANCE = {"duplicate_item", "contradicting_key", "duplicate_code"}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(banks())
def test_any_items_come_back_equal(items: list[Item]) -> None:
    reading = read_bank(items_workbook(items, PICTURES))
    assert {problem.code for problem in reading.problems} <= BY_CHANCE
    assert list(reading.items) == items
    assert set(reading.pictures) == {name for item in items for name in item.pictures}
    assert all(reading.pictures[name] == PICTURES[name] for name in reading.pictures)


def again(*items: Item) -> tuple[Item, ...]:
    reading = read_bank(items_workbook(items, PICTURES))
    assert reading.problems == ()
    return reading.items


class TestTexts:
    @pytest.mark.parametrize(
        "text",
        [
            "=1+1", "+86", "-5", "@SUM(A1)", "=HYPERLINK(\"x\")", "\t制表", "_x0041_", "_x000D_", "_x005F_", "尾 ",
            " 首", "\u3000全角\u3000", "零宽\u200b", "A. 像字母", "$x^2$", "\ufeff标", "第一行\n第二行", "𠮷", "''引号",
        ],
    )  # fmt: skip
    def test_come_back_to_the_character(self, text: str) -> None:
        item = make_item("Q1", stem=text, options=(text, "A. 甲", "B. 乙", "C. 丙"), solution=text)
        assert again(item) == (item,)

    def test_options_lettered_throughout_keep_their_letters(self) -> None:
        item = make_item("Q1", options=("A. 甲", "B. 乙"), key=(1,))
        assert again(item) == (item,)

    def test_longer_than_a_cell(self) -> None:
        html = "<p>" + "长𠮷" * 20_000 + "</p>"
        item = make_item(
            "Q1", markup="html", stem=html, solution=html + "<p>尾 </p>", options=("甲", "乙"), key=(0,)
        )
        assert again(item) == (item,)

    def test_no_formula_is_written_and_none_arises_by_editing(self) -> None:
        raw = items_workbook([make_item("Q1", stem="=cmd|'/c calc'!A0")], {})
        sheet = openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0]
        cell = next(cell for cell in sheet[2] if cell.value == "=cmd|'/c calc'!A0")
        assert (cell.data_type, cell.quotePrefix) == ("s", True)
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


class TestWorkbook:
    def test_blanks_with_every_sign(self) -> None:
        blanks = (
            Blank(accepted=("km/h", "1；2", "a|b", "\\frac", "±0.000", "3.5±0.1", "(Aa)", "[1,2]", "①甲")),
            Blank(accepted=("(1)甲",), number="-3.50", tolerance="0.10", case_sensitive=True),
        )
        item = Item(code="Q1", kind=Kind.FILL_IN, stem="（ ）和____和____", blanks=blanks)
        assert again(item) == (item,)

    def test_the_same_items_give_the_same_bytes(self) -> None:
        items = [make_item("Q1"), make_item("Q2", Kind.MULTIPLE)]
        assert items_workbook(items, {}) == items_workbook(items, {})

    def test_another_reader_opens_it(self) -> None:
        name = next(iter(PICTURES))
        item = make_item(
            "Q1", markup="html", stem=f'图<img src="picture:{name}" alt="">', score=150, difficulty=100
        )
        book = openpyxl.load_workbook(io.BytesIO(items_workbook([item], PICTURES)))
        heading, row = book["试题"].iter_rows(values_only=True)
        shown = dict(zip(heading, row, strict=True))
        assert {key: shown[key] for key in ("编号", "题型", "正确答案", "分值", "难度")} == {
            "编号": "Q1", "题型": "单选题", "正确答案": "B", "分值": 1.5, "难度": 1,
        }  # fmt: skip
        assert len(book["图片"]._images) == 1
        assert book["试题"].data_validations.dataValidation[0].formula1.startswith('"判断题,')

    def test_a_picture_that_is_not_at_hand_stops_the_export(self) -> None:
        item = make_item("Q1", markup="html", stem=f'<img src="picture:{"0" * 64}" alt="">')
        with pytest.raises(ExportError):
            items_workbook([item], {})
