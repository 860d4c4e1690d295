from collections.abc import Sequence

import pytest

from question_bank.importing import OutlineReading, read_outline
from question_bank.outline import Importance
from tests.question_bank.builders import csv_bytes, xlsx_bytes

HEADING = ["级别", "代码", "名称", "权重", "重要程度"]
ROWS = [
    ["1", "A", "基本要求", "40", ""],
    ["2", "A1", "职业道德", "40", ""],
    ["3", "A1.1", "道德知识", "15.5", ""],
    ["点", "A1.1-01", "守则", "", "X"],
    ["点", "A1.1-02", "守则二", "", "Y"],
    ["3", "A1.2", "法律", "24.5", ""],
    ["点", "A1.2-01", "劳动法", "", "Z"],
    ["1", "B", "相关知识", "60", ""],
    ["2", "B1", "施工", "60", ""],
    ["3", "B1.1", "钢筋", "60", ""],
    ["点", "B1.1-01", "下料", "", "核心"],
]


def read(rows: Sequence[Sequence[str]]) -> OutlineReading:
    as_text = read_outline(csv_bytes([HEADING, *rows]), "O", "细目表")
    as_workbook = read_outline(xlsx_bytes([HEADING, *rows]), "O", "细目表")
    assert as_text.outline == as_workbook.outline
    assert [each.code for each in as_text.problems] == [each.code for each in as_workbook.problems]
    return as_text


def with_cell(row: int, column: int, value: str) -> list[list[str]]:
    rows = [list(each) for each in ROWS]
    rows[row][column] = value
    return rows


def test_reads_three_levels_and_points() -> None:
    outline = read(ROWS).outline
    assert outline is not None
    assert [found.weight for found in outline.ranges] == [4_000, 6_000]
    assert [leaf.weight for *_, leaf in outline.leaves()] == [1_550, 2_450, 6_000]
    assert [(point.code, point.importance) for point in outline.points] == [
        ("A1.1-01", Importance.X), ("A1.1-02", Importance.Y), ("A1.2-01", Importance.Z), ("B1.1-01", Importance.X),
    ]  # fmt: skip


def test_reads_percent_signs_and_numbers_of_a_workbook() -> None:
    rows: list[list[object]] = [[*row[:3], float(row[3]) if row[3] else None, row[4]] for row in ROWS]
    outline = read_outline(xlsx_bytes([HEADING, *rows]), "O", "细目表").outline
    assert outline is not None
    percent = [[*row[:3], f"{row[3]}%" if row[3] else "", row[4]] for row in ROWS]
    assert read(percent).outline == outline


@pytest.mark.parametrize(
    ("rows", "row", "code"),
    [
        (with_cell(2, 3, "15"), 3, "weights_differ"),
        (with_cell(0, 3, "41"), 2, "weights_differ"),
        (with_cell(0, 3, "零"), 2, "bad_weight"),
        (with_cell(0, 3, "0"), 2, "bad_weight"),
        (with_cell(1, 0, "乙"), 3, "unknown_level"),
        (with_cell(1, 0, "3"), 3, "level_skipped"),
        (with_cell(3, 1, "A"), 5, "duplicate_code"),
        (with_cell(3, 1, ""), 5, "empty_code"),
        (with_cell(3, 2, ""), 5, "empty_name"),
        (with_cell(3, 4, "W"), 5, "unknown_importance"),
        (with_cell(3, 3, "5"), 5, "weight_of_point"),
        (with_cell(0, 4, "X"), 2, "importance_of_range"),
        (ROWS[:-1], 11, "empty_range"),
        (ROWS[:-2], 10, "empty_range"),
        (ROWS[3:], 2, "level_skipped"),
    ],
)
def test_refuses_with_place_and_reason(rows: list[list[str]], row: int, code: str) -> None:
    reading = read(rows)
    assert reading.outline is None
    assert (row, code) in {(each.row, each.code) for each in reading.problems}


def test_the_top_level_must_be_a_hundred() -> None:
    reading = read(ROWS[:7])
    assert [(each.row, each.code, each.found) for each in reading.problems] == [(0, "weights_differ", "40")]
    assert "100" in reading.problems[0].expected


def test_a_file_without_the_heading_is_told() -> None:
    assert [each.code for each in read_outline(b"a,b,c\n1,2,3\n", "O", "x").problems] == ["no_heading"]
