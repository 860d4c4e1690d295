"""An xlsx workbook of texts, numbers and pictures, written part by part (ECMA-376, SpreadsheetML and DrawingML).

The same sheets give the same bytes. No formula is ever written: a text that looks like one is a text, and marked so
that editing it, or saving it as csv, makes none of it either.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape

from PIL import Image

from question_bank.pictures import Picture

Value = str | int | Decimal | None

CELL_UNITS_MAX = 32_767
"""UTF-16 units of one cell, which no spreadsheet exceeds."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Characters no XML holds, those a reader drops, and what already looks like an escaped one.
_TO_ESCAPE = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ufffe\\uffff\\ufeff\\u200b\\u2060]|_(?=x[0-9A-Fa-f]{4}_)"
)
_LIST_CHARS_MAX = 255
_EMU_PER_PIXEL = 9_525
_POINTS_PER_PIXEL = 0.75
_SHOWN_PIXELS_MAX = 240
_VECTOR_PIXELS = (200, 150)
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}
# Programs that do not draw vectors show this in their place: one white dot.
_INSTEAD_OF_VECTOR = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8ffff3f0005fe02fe"
    "331295140000000049454e44ae426082"
)

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_SVG_BLIP = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Indexes into the styles below.
_HEADING, _TEXT, _QUOTED, _NUMBER = 1, 2, 3, 0
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="等线"/></font>'
    '<font><b/><sz val="11"/><name val="等线"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFDDEBF7"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment vertical="top"/></xf>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1" '
    'applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how many characters wide, and the values offered for it, none where anything may stand."""

    heading: str
    width: int = 12
    offered: tuple[str, ...] = ()


@dataclass(slots=True)
class SheetOut:
    """A sheet to be written: a heading row of the columns, and the rows below. pictures: each over the cell at a row
    below the heading and a column, both from 0.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    pictures: Sequence[tuple[int, int, Picture]] = field(default_factory=tuple)


def written(sheets: Sequence[SheetOut]) -> bytes:
    """The workbook's bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in _parts(sheets):
            info = zipfile.ZipInfo(name, _NO_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, body)
    return out.getvalue()


def escaped_text(text: str) -> str:
    """A text as a cell holds it: what XML or a reader would lose becomes _xHHHH_, as ECMA-376 has it."""
    safe = _TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    if safe[:1].isspace():
        safe = f"_x{ord(safe[0]):04X}_{safe[1:]}"
    if safe[-1:].isspace():
        safe = f"{safe[:-1]}_x{ord(safe[-1]):04X}_"
    return safe


def units(text: str) -> int:
    """How many UTF-16 units a text is long once escaped, which is what spreadsheets count."""
    return len(escaped_text(text).encode("utf-16-le")) // 2


def column_letter(index: int) -> str:
    """The letters of a column from 0."""
    letters, rest = "", index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


# -- the package -----------------------------------------------------------------------------------------------------


def _parts(sheets: Sequence[SheetOut]) -> Iterator[tuple[str, str | bytes]]:
    media = {picture.name: picture for sheet in sheets for _, _, picture in sheet.pictures}
    drawn = [number for number, sheet in enumerate(sheets, start=1) if sheet.pictures]
    yield "[Content_Types].xml", _content_types(len(sheets), drawn, media)
    yield "_rels/.rels", _relations({"rId1": ("officeDocument", "xl/workbook.xml")})
    yield "xl/workbook.xml", _book(sheets)
    of_book = {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)}
    yield "xl/_rels/workbook.xml.rels", _relations({**of_book, "rId0": ("styles", "styles.xml")})
    yield "xl/styles.xml", _HEAD + _STYLES
    for number, sheet in enumerate(sheets, start=1):
        yield f"xl/worksheets/sheet{number}.xml", "".join(_sheet(sheet))
        if sheet.pictures:
            yield (
                f"xl/worksheets/_rels/sheet{number}.xml.rels",
                _relations({"rId1": ("drawing", f"../drawings/drawing{number}.xml")}),
            )
            yield from _drawing(number, sheet)
    for picture in media.values():
        yield f"xl/media/{_file(picture)}", picture.data
    if any(picture.media_type == "image/svg+xml" for picture in media.values()):
        yield "xl/media/instead.png", _INSTEAD_OF_VECTOR


def _content_types(sheets: int, drawn: Sequence[int], media: Mapping[str, Picture]) -> str:
    kinds = {_EXTENSIONS[picture.media_type]: picture.media_type for picture in media.values()}
    if "svg" in kinds:
        kinds["png"] = "image/png"
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        **kinds,
    }
    sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = {
        "/xl/workbook.xml": f"{sheet_type}.sheet.main+xml",
        "/xl/styles.xml": f"{sheet_type}.styles+xml",
    }
    overrides |= {f"/xl/worksheets/sheet{n}.xml": f"{sheet_type}.worksheet+xml" for n in range(1, sheets + 1)}
    overrides |= {
        f"/xl/drawings/drawing{n}.xml": "application/vnd.openxmlformats-officedocument.drawing+xml"
        for n in drawn
    }
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        + "".join(f'<Default Extension="{name}" ContentType="{kind}"/>' for name, kind in defaults.items())
        + "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
        + "</Types>"
    )


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _book(sheets: Sequence[SheetOut]) -> str:
    listed = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, start=1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'


# -- a sheet ---------------------------------------------------------------------------------------------------------


def _sheet(sheet: SheetOut) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    yield '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
    yield 'state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>'
    for number, column in enumerate(sheet.columns, start=1):
        yield f'<col min="{number}" max="{number}" width="{column.width}" customWidth="1"/>'
    yield "</cols><sheetData>"
    letters = [column_letter(index) for index in range(len(sheet.columns))]
    yield from _row(1, letters, [column.heading for column in sheet.columns], _HEADING, "")
    heights = {row: _shown_size(picture)[1] for row, _, picture in sheet.pictures}
    for index, row in enumerate(sheet.rows):
        height = (
            f' ht="{heights[index] * _POINTS_PER_PIXEL + 4:g}" customHeight="1"' if index in heights else ""
        )
        yield from _row(index + 2, letters, row, _TEXT, height)
    yield "</sheetData>"
    yield _validations(sheet)
    yield '<drawing r:id="rId1"/>' if sheet.pictures else ""
    yield "</worksheet>"


def _row(
    number: int, letters: Sequence[str], values: Sequence[Value], style: int, more: str
) -> Iterator[str]:
    yield f'<row r="{number}"{more}>'
    for letter, value in zip(letters, values, strict=False):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            own = _QUOTED if value.startswith(_FORMULA_STARTS) else style
            text = escape(escaped_text(value), quote=False)
            yield f'<c r="{letter}{number}" s="{own}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        else:
            yield f'<c r="{letter}{number}" s="{_NUMBER}"><v>{value}</v></c>'
    yield "</row>"


def _validations(sheet: SheetOut) -> str:
    """The lists that columns offer; other values stay possible, the import tells what it does not know."""
    lists = []
    for index, column in enumerate(sheet.columns):
        offered = ",".join(column.offered)
        if offered and len(offered) <= _LIST_CHARS_MAX:
            letter = column_letter(index)
            lists.append(
                f'<dataValidation type="list" allowBlank="1" sqref="{letter}2:{letter}10000">'
                f"<formula1>&quot;{escape(offered)}&quot;</formula1></dataValidation>"
            )
    return f'<dataValidations count="{len(lists)}">{"".join(lists)}</dataValidations>' if lists else ""


# -- pictures --------------------------------------------------------------------------------------------------------


def _file(picture: Picture) -> str:
    return f"{picture.name}.{_EXTENSIONS[picture.media_type]}"


def _shown_size(picture: Picture) -> tuple[int, int]:
    """Width and height in pixels at which a picture stands on the sheet."""
    if picture.media_type == "image/svg+xml":
        return _VECTOR_PIXELS
    with Image.open(io.BytesIO(picture.data)) as image:
        width, height = image.size
    shrunk = min(1.0, _SHOWN_PIXELS_MAX / max(width, height, 1))
    return max(1, round(width * shrunk)), max(1, round(height * shrunk))


def _drawing(number: int, sheet: SheetOut) -> Iterator[tuple[str, str]]:
    names = {picture.name: picture for _, _, picture in sheet.pictures}
    ids = {name: f"rId{place}" for place, name in enumerate(names, start=1)}
    targets = {ids[name]: ("image", f"../media/{_file(picture)}") for name, picture in names.items()}
    if any(picture.media_type == "image/svg+xml" for picture in names.values()):
        targets["rId0"] = ("image", "../media/instead.png")
    anchors = "".join(
        _anchor(place, row + 1, column, picture, ids[picture.name])
        for place, (row, column, picture) in enumerate(sheet.pictures, start=1)
    )
    yield f"xl/drawings/_rels/drawing{number}.xml.rels", _relations(targets)
    yield (
        f"xl/drawings/drawing{number}.xml",
        f'{_HEAD}<xdr:wsDr xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main" xmlns:r="{_OFFICE}">'
        f"{anchors}</xdr:wsDr>",
    )


def _anchor(place: int, row: int, column: int, picture: Picture, own: str) -> str:
    width, height = (side * _EMU_PER_PIXEL for side in _shown_size(picture))
    blip = f'<a:blip r:embed="{own}"/>'
    if picture.media_type == "image/svg+xml":
        blip = (
            '<a:blip r:embed="rId0"><a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}">'
            f'<asvg:svgBlip xmlns:asvg="{_SVG_BLIP}" r:embed="{own}"/></a:ext></a:extLst></a:blip>'
        )
    return (
        f"<xdr:oneCellAnchor><xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
        f'<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="{width}" cy="{height}"/><xdr:pic><xdr:nvPicPr>'
        f'<xdr:cNvPr id="{place + 1}" name="{picture.name[:12]}"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>{blip}'
        "<a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr>"
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>"
    )
