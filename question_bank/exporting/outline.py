"""A content outline as a workbook, in the layout read_outline takes: what is read again is the same outline."""

from decimal import Decimal

from question_bank.exporting.spreadsheet import Column, SheetOut, Value, written
from question_bank.outline import ContentOutline, Importance, walk

_COLUMNS = (
    Column("级别", 6, ("1", "2", "3", "点")),
    Column("代码", 14),
    Column("名称", 48),
    Column("权重", 8),
    Column("重要程度", 10, tuple(Importance)),
)
_POINT = "点"


def outline_workbook(outline: ContentOutline) -> bytes:
    """An xlsx workbook of the outline; its code and title are given again when it is read."""
    rows: list[list[Value]] = []
    for level, found in walk(outline.ranges):
        rows.append([str(level), found.code, found.name, Decimal(found.weight) / 100, None])
        rows += [[_POINT, point.code, point.name, None, point.importance.value] for point in found.points]
    return written([SheetOut("细目表", _COLUMNS, rows)])
