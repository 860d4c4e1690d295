"""Items as a workbook of one row per item, read again as equal items; pictures stand on a sheet of their own."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from question_bank.exporting.spreadsheet import CELL_UNITS_MAX, Column, SheetOut, Value, units, written
from question_bank.exporting.xhtml import ExportError
from question_bank.items import LETTERS, Item, Kind
from question_bank.notation import written_blanks, written_order, written_pairs, written_tags
from question_bank.pictures import Picture

KIND_WORDS: Mapping[Kind, str] = {
    Kind.TRUE_FALSE: "判断题",
    Kind.SINGLE: "单选题",
    Kind.MULTIPLE: "多选题",
    Kind.FILL_IN: "填空题",
    Kind.ORDERING: "排序题",
    Kind.MATCHING: "匹配题",
    Kind.SHORT_ANSWER: "简答题",
    Kind.CASE: "案例题",
}
"""题型 of each kind as written."""

AS_IT_STANDS = {"text": "文本（原样）", "html": "HTML（原样）"}
"""格式 of texts that are to be read exactly as they stand: no letter taken off an option, no formula looked for."""

_WIDE = {"题干": 50, "解析": 40, "正确答案": 16, "鉴定点": 14, "标签": 16}
_NARROW = {"版本": 6, "难度": 6, "分值": 6}
_OPTION_COLUMNS_MIN = 4
# Characters a text is cut into at most where it is longer than a cell; with escapes each must still fit one.
_PIECE_CHARS = 16_000


def items_workbook(items: Sequence[Item], pictures: Mapping[str, Picture]) -> bytes:
    """The workbook's bytes. pictures: at least those the items show, by name; raises ExportError otherwise."""
    shown = list(dict.fromkeys(name for item in items for name in item.pictures))
    lost = next((name for name in shown if name not in pictures), None)
    if lost is not None:
        raise ExportError(f"picture {lost} is not at hand")
    rows = [row for item in items for row in _rows(item)]
    sheets = [_sheet(rows)]
    if shown:
        sheets.append(_pictures([pictures[name] for name in shown]))
    return written(sheets)


def _rows(item: Item) -> Iterator[dict[str, Value]]:
    """The row of an item, and below that of a case those of its parts."""
    yield _row(item)
    for part in item.parts:
        yield {**_row(part), "所属案例": item.code}


def _row(item: Item) -> dict[str, Value]:
    row: dict[str, Value] = {
        "编号": item.code,
        "版本": item.version,
        "题型": KIND_WORDS[item.kind],
        "格式": AS_IT_STANDS[item.markup],
        "题干": item.stem,
        "正确答案": _answer(item),
        "解析": item.solution,
        "难度": None if item.difficulty is None else _hundredths(item.difficulty),
        "分值": None if item.score is None else _hundredths(item.score),
        "鉴定点": item.point,
        "标签": written_tags(item.tags),
    }
    row |= {f"左项{number}": premise for number, premise in enumerate(item.premises, start=1)}
    if item.kind is not Kind.TRUE_FALSE:
        row |= {f"选项{letter}": option for letter, option in zip(LETTERS, item.options, strict=False)}
    return row


def _answer(item: Item) -> str:
    match item.kind:
        case Kind.TRUE_FALSE:
            return item.options[item.key[0]]
        case Kind.SINGLE | Kind.MULTIPLE:
            return "".join(LETTERS[index] for index in item.key)
        case Kind.ORDERING:
            return written_order(item.key)
        case Kind.MATCHING:
            return written_pairs(item.key)
        case Kind.FILL_IN:
            return written_blanks(item.blanks)
        case Kind.SHORT_ANSWER:
            return item.reference
        case Kind.CASE:
            return ""


def _hundredths(value: int) -> Decimal:
    """Hundredths as the exact decimal people write: 50 is 0.5."""
    exact = Decimal(value) / 100
    return exact.quantize(Decimal(1)) if value % 100 == 0 else exact


def _sheet(rows: Sequence[Mapping[str, Value]]) -> SheetOut:
    """Rows under the headings they need; what no cell can hold goes on in columns beside."""
    cut = [{heading: _pieces(value) for heading, value in row.items()} for row in rows]
    columns: list[tuple[str, int]] = []
    for heading in _headings(rows):
        most = max((len(row[heading]) for row in cut if heading in row), default=1)
        columns += [(heading, piece) for piece in range(max(most, 1))]
    lines = [
        [row[heading][piece] if piece < len(row.get(heading, ())) else None for heading, piece in columns]
        for row in cut
    ]
    return SheetOut("试题", [_column(heading, piece) for heading, piece in columns], lines)


def _headings(rows: Sequence[Mapping[str, Value]]) -> list[str]:
    given = {heading for row in rows for heading in row}
    premises = sorted((each for each in given if each.startswith("左项")), key=lambda each: int(each[2:]))
    letters = LETTERS[
        : max(_OPTION_COLUMNS_MIN, *(LETTERS.find(each[2:]) + 1 for each in given if "选项" in each), 0)
    ]
    last = ["正确答案", "解析", "难度", "分值", "鉴定点", "标签"]
    options = [f"选项{letter}" for letter in letters]
    case = ["所属案例"] if "所属案例" in given else []
    return ["编号", "版本", "题型", *case, "格式", "题干", *premises, *options, *last]


def _column(heading: str, piece: int) -> Column:
    name = heading if not piece else f"{heading}（续{piece if piece > 1 else ''}）"
    offered = tuple(KIND_WORDS.values()) if heading == "题型" else ()
    return Column(name, _WIDE.get(heading) or _NARROW.get(heading) or 20 if len(heading) > 2 else 10, offered)


def _pieces(value: Value) -> list[Value]:
    """A value in pieces that each fit a cell."""
    if not isinstance(value, str) or units(value) <= CELL_UNITS_MAX:
        return [value]
    pieces: list[Value] = []
    start = 0
    while start < len(value):
        length = _PIECE_CHARS
        while units(value[start : start + length]) > CELL_UNITS_MAX:
            length //= 2
        pieces.append(value[start : start + length])
        start += length
    return pieces


def _pictures(shown: Sequence[Picture]) -> SheetOut:
    """Every picture once; texts name it by what is written beside it."""
    columns = [Column("图片", 36), Column("名称", 70)]
    rows: list[list[Value]] = [[None, f"picture:{picture.name}"] for picture in shown]
    return SheetOut("图片", columns, rows, [(place, 0, picture) for place, picture in enumerate(shown)])
