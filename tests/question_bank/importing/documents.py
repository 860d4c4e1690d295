"""Word documents made to measure: the smallest package Word would open, around the paragraphs of a test."""

import io
import zipfile
from collections.abc import Mapping
from html import escape

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def run(text: str, properties: str = "") -> str:
    """A run of text with its properties; tabs and line ends as Word keeps them."""
    inner = escape(text, quote=False).replace("\t", "</w:t><w:tab/><w:t xml:space='preserve'>")
    inner = inner.replace("\n", "</w:t><w:br/><w:t xml:space='preserve'>")
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{inner}</w:t></w:r>"


def paragraph(*inner: str, number: tuple[int, int] | None = None) -> str:
    """A paragraph of runs, or of plain texts. number: list and level of automatic numbering."""
    runs = "".join(each if each.startswith("<") else run(each) for each in inner)
    counted = ""
    if number is not None:
        counted = f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
    return f"<w:p><w:pPr>{counted}</w:pPr>{runs}</w:p>"


def table(*rows: list[str]) -> str:
    """A table of texts."""
    lines = "".join(
        f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows
    )
    return f"<w:tbl>{lines}</w:tbl>"


def numbered_list(number: int, *levels: tuple[str, str]) -> str:
    """A list for numbering.xml: format and text of each level."""
    inner = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for place, (kind, text) in enumerate(levels)
    )
    return f'<w:abstractNum w:abstractNumId="{number}">{inner}</w:abstractNum>' + (
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
    )


def document(
    *body: str, numbering: str = "", footnotes: str = "", media: Mapping[str, bytes] | None = None
) -> bytes:
    """A docx. media: pictures by the id of their relationship."""
    relations = [
        f'<Relationship Id="rIdN" Type="{_KINDS}/numbering" Target="numbering.xml"/>',
        f'<Relationship Id="rIdF" Type="{_KINDS}/footnotes" Target="footnotes.xml"/>',
    ]
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r" Type="{_KINDS}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {_SPACES}><w:body>{''.join(body)}</w:body></w:document>",
        "word/numbering.xml": f"<w:numbering {_SPACES}>{numbering}</w:numbering>",
        "word/footnotes.xml": f"<w:footnotes {_SPACES}>{footnotes}</w:footnotes>",
    }
    for name, data in (media or {}).items():
        relations.append(f'<Relationship Id="{name}" Type="{_KINDS}/image" Target="media/{name}.png"/>')
        parts[f"word/media/{name}.png"] = data
    parts["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{_RELATIONS}">{"".join(relations)}</Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return out.getvalue()


def picture(relation: str) -> str:
    """A run that shows a picture in the line."""
    return (
        '<w:r><w:drawing><wp:inline><wp:extent cx="952500" cy="476250"/><a:graphic><a:graphicData>'
        f'<a:blip r:embed="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )
