import datetime
import io
import re
import zipfile

import openpyxl
import pytest

from question_bank.importing import limits, read_bank
from question_bank.items import Kind
from tests.question_bank.builders import BANK_HEADING, saved, xlsx_bytes
from tests.question_bank.importing.test_bank_rows import MULTIPLE, SINGLE, TRUE_FALSE


def repacked(raw: bytes, changes: dict[str, bytes]) -> bytes:
    """A workbook with some parts replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in changes:
                target.writestr(name, source.read(name))
        for name, body in changes.items():
            target.writestr(name, body)
    return out.getvalue()


def with_shared_texts(raw: bytes) -> bytes:
    """A workbook whose cells refer to their texts by number, as Excel itself writes it."""
    part, rels = "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        sheet, related = parts.read(part), parts.read(rels)
    texts: list[bytes] = []

    def number(found: re.Match[bytes]) -> bytes:
        texts.append(b"<si>" + found[1] + b"</si>")
        return b't="s"><v>%d</v></c>' % (len(texts) - 1)

    sheet = re.sub(rb't="inlineStr"><is>(.*?)</is></c>', number, sheet, flags=re.DOTALL)
    shared = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + b"".join(texts) + b"</sst>"
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = b'<Relationship Id="rIdTexts" Type="' + kind + b'" Target="sharedStrings.xml"/></Relationships>'
    changes = {part: sheet, rels: related.replace(b"</Relationships>", relation), "xl/sharedStrings.xml": shared}
    return repacked(raw, changes)


class TestCells:
    def test_texts_shared_by_number(self) -> None:
        raw = xlsx_bytes([BANK_HEADING, SINGLE, MULTIPLE, TRUE_FALSE])
        shared = with_shared_texts(raw)
        assert shared != raw
        assert read_bank(shared).items == read_bank(raw).items

    def test_numbers_read_as_they_are_shown(self) -> None:
        row = ["单选", "额定电压是", 380.0, 0.1 + 0.2, 1500, 12.5, "A", None, 0.65, 1.0, 1001.0]
        (item,) = read_bank(xlsx_bytes([BANK_HEADING, row])).items
        assert item.options == ("380", "0.3", "1500", "12.5")
        assert (item.difficulty, item.score, item.point) == (65, 100, "1001")

    def test_percentages_and_fixed_decimals_as_displayed(self) -> None:
        book = openpyxl.load_workbook(
            io.BytesIO(xlsx_bytes([BANK_HEADING, [*SINGLE[:2], 0.001, 0.2, 3, 0.004, "A"]]))
        )
        sheet = book.worksheets[0]
        for cell, shown in (("C2", "0.00%"), ("D2", "0%"), ("E2", "0.00"), ("F2", "0.00%")):
            sheet[cell].number_format = shown
        assert read_bank(saved(book)).items[0].options == ("0.10%", "20%", "3.00", "0.40%")

    def test_booleans_as_verdicts(self) -> None:
        rows = [BANK_HEADING, [*TRUE_FALSE[:6], True], ["判断题", "另一题", *TRUE_FALSE[2:6], False]]
        assert [item.key for item in read_bank(xlsx_bytes(rows)).items] == [(0,), (1,)]

    @pytest.mark.parametrize(
        ("value", "number_format", "code"),
        [
            ("=1+1", "General", "formula_cell"),
            ("#REF!", "General", "error_cell"),
            (datetime.date(2015, 12, 27), "yyyy-mm-dd", "date_cell"),
            (1234.5, "#,##0.00", "formatted_number"),
        ],
    )
    def test_what_is_no_text_is_refused_with_its_place(
        self, value: object, number_format: str, code: str
    ) -> None:
        book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([BANK_HEADING, MULTIPLE, SINGLE])))
        cell = book.worksheets[0]["D3"]
        cell.value = value
        cell.number_format = number_format
        (problem,) = read_bank(saved(book)).problems
        assert (problem.cell, problem.column, problem.code, problem.sheet) == ("D3", "选项B", code, "Sheet1")

    def test_text_that_only_looks_like_a_formula_is_text(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([BANK_HEADING, SINGLE])))
        cell = book.worksheets[0]["C2"]
        cell.value = "=A1"
        cell.data_type = "s"
        assert read_bank(saved(book)).items[0].options[0] == "=A1"


class TestMerged:
    def test_a_kind_or_point_for_several_rows_is_filled_in(self) -> None:
        rows = [BANK_HEADING, SINGLE, ["", "第二题", *SINGLE[2:10], ""], ["", "第三题", *SINGLE[2:10], ""]]
        reading = read_bank(xlsx_bytes(rows, merge=["A2:A4", "K2:K4"]))
        assert reading.problems == ()
        assert [(item.kind, item.point) for item in reading.items] == [(Kind.SINGLE, "A1-01")] * 3

    def test_a_stem_for_several_rows_is_refused(self) -> None:
        rows = [BANK_HEADING, SINGLE, ["单选题", "", "x", "y", "", "", "A"]]
        problems = read_bank(xlsx_bytes(rows, merge=["B2:B3"])).problems
        assert [(each.cell, each.code) for each in problems] == [("B3", "merged_cell")]

    def test_cells_merged_across_columns_are_refused(self) -> None:
        problems = read_bank(xlsx_bytes([BANK_HEADING, SINGLE], merge=["C2:D2"])).problems
        assert {(each.cell, each.code) for each in problems} == {("C2", "merged_cell"), ("D2", "merged_cell")}

    def test_a_merged_title_is_no_problem(self) -> None:
        rows = [["2024 年题库", *[""] * 10], BANK_HEADING, SINGLE]
        assert read_bank(xlsx_bytes(rows, merge=["A1:K1"])).problems == ()


class TestSheets:
    def test_all_visible_ones_are_read_and_their_names_may_be_the_kind(self) -> None:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        heading = [name for name in BANK_HEADING if name != "题型"]
        for name, row in (("单选题", SINGLE), ("多选题(1)", MULTIPLE), ("判断题", TRUE_FALSE)):
            sheet = book.create_sheet(name)
            sheet.append(heading)
            sheet.append(row[1:])
        book.create_sheet("说明").append(["请勿修改表头"])
        book.create_sheet("名单").append(["张三"])
        hidden = book.create_sheet("草稿")
        hidden.append(heading)
        hidden.append(["草稿题", *SINGLE[2:]])
        hidden.sheet_state = "hidden"
        reading = read_bank(saved(book))
        assert [item.kind for item in reading.items] == [Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.SINGLE]
        assert reading.problems == ()
        assert {(each.found, each.code) for each in reading.warnings} == {
            ("名单", "sheet_not_read"),
            ("草稿", "hidden_sheet_read"),
        }

    def test_the_same_item_on_two_sheets_names_the_sheet(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([BANK_HEADING, SINGLE], title="甲")))
        second = book.create_sheet("乙")
        second.append(BANK_HEADING)
        second.append(SINGLE)
        (problem,) = read_bank(saved(book)).problems
        assert (problem.sheet, problem.code) == ("乙", "duplicate_item")
        assert "甲!2" in problem.expected


class TestHarm:
    def test_a_zip_bomb_is_refused_before_it_is_unpacked(self) -> None:
        raw = repacked(xlsx_bytes([BANK_HEADING, SINGLE]), {"xl/media/bomb.bin": b"\0" * (8 * 1024 * 1024)})
        (problem,) = read_bank(raw).problems
        assert (problem.code, problem.found) == ("zip_bomb", "xl/media/bomb.bin")

    def test_parts_too_large_together(self) -> None:
        part = bytes(range(256)) * 4_096
        parts = {f"xl/media/{n}.bin": part for n in range(limits.XLSX_UNPACKED_BYTES_MAX // len(part) + 1)}
        assert [each.code for each in read_bank(repacked(xlsx_bytes([SINGLE]), parts)).problems] == [
            "zip_bomb"
        ]

    @pytest.mark.parametrize(
        ("there", "instead"),
        [
            (b'<row r="3"', b'<row r="2"'),
            (b'r="C2"', b'r="B2"'),
            (b't="s"><v>1</v>', b't="s"><v>-1</v>'),
            (b't="s"><v>1</v>', b't="s"><v>9999</v>'),
        ],
    )
    def test_a_sheet_that_contradicts_itself_is_damaged(self, there: bytes, instead: bytes) -> None:
        raw = with_shared_texts(xlsx_bytes([BANK_HEADING, SINGLE, MULTIPLE]))
        part = "xl/worksheets/sheet1.xml"
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            sheet = parts.read(part)
        assert there in sheet
        reading = read_bank(repacked(raw, {part: sheet.replace(there, instead, 1)}))
        assert [each.code for each in reading.problems] == ["broken_workbook"]

    def test_a_merge_over_everything_does_not_fill_the_memory(self) -> None:
        rows = [["判断", "题", "", "", "", "", "对"]] * 16_000
        raw = xlsx_bytes([BANK_HEADING, *rows])
        part = "xl/worksheets/sheet1.xml"
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            sheet = parts.read(part)
        merged = b'</sheetData><mergeCells count="1"><mergeCell ref="L1:EZ1048576"/></mergeCells>'
        raw = repacked(raw, {part: sheet.replace(b"</sheetData>", merged)})
        assert "too_many_cells" in {each.code for each in read_bank(raw).problems}

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities_are_refused(self, encoding: str) -> None:
        bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE l [<!ENTITY a "aaa">]><sst>&a;</sst>'
        raw = repacked(xlsx_bytes([BANK_HEADING, SINGLE]), {"xl/sharedStrings.xml": bomb.encode(encoding)})
        assert [each.code for each in read_bank(raw).problems] == ["xml_entities"]

    def test_a_row_number_far_beyond_any_sheet_ends_the_reading(self) -> None:
        raw = xlsx_bytes([BANK_HEADING, SINGLE])
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            sheet = parts.read("xl/worksheets/sheet1.xml")
        far = sheet.replace(
            b"</sheetData>", b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData>'
        )
        reading = read_bank(repacked(raw, {"xl/worksheets/sheet1.xml": far}))
        assert {each.code for each in reading.problems} <= {"too_many_rows", "broken_workbook"}
        assert reading.problems

    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            (b"PK\x03\x04 and then nothing", "broken_workbook"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "old_excel"),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                "encrypted_workbook",
            ),
        ],
    )
    def test_what_only_begins_like_a_workbook(self, raw: bytes, code: str) -> None:
        assert [each.code for each in read_bank(raw).problems] == [code]

    @pytest.mark.parametrize(("part", "name"), [("readme.txt", "zip"), ("ppt/presentation.xml", "PowerPoint")])
    def test_a_zip_that_is_no_workbook(self, part: str, name: str) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as parts:
            parts.writestr(part, "hello")
        assert [(each.code, each.found) for each in read_bank(out.getvalue()).problems] == [("not_readable", name)]
