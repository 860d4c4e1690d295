"""XML from outside: no entities, no document types that define any, no network, no depth without end."""

import re

from lxml import etree

from question_bank.importing.problems import Findings
from question_bank.importing.tables import whole_row

# In UTF-8 and in either UTF-16: a file that defines an entity is refused before anything expands it.
_ENTITY = re.compile(rb"<\x00?!\x00?E\x00?N\x00?T\x00?I\x00?T\x00?Y", re.IGNORECASE)
_LEADING = re.compile(rb"\A(\xef\xbb\xbf)?[ \t\r\n]+")
_ENCODING_ERRORS = (
    "ERR_INVALID_ENCODING",
    "ERR_UNSUPPORTED_ENCODING",
    "ERR_UNKNOWN_ENCODING",
    "ERR_INVALID_CHAR",
)


def parse_xml(raw: bytes, findings: Findings, file: str = "") -> etree._Element | None:
    """The root element of an XML file, comments and processing instructions left out; None with the problem found.

    file: its name inside a package, "" for the file itself. Problems name the line.
    """
    if _ENTITY.search(raw):
        findings.problem("xml_entities", whole_row(0, file), found="ENTITY")
        return None
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        # White space before the declaration is an error to the parser and to nobody else.
        root = etree.fromstring(_LEADING.sub(b"", raw, count=1), parser)
    except etree.XMLSyntaxError as wrong:
        encoding = any(entry.type_name in _ENCODING_ERRORS for entry in parser.error_log)
        line = wrong.lineno or 0
        findings.problem(
            "wrong_encoding" if encoding else "broken_xml", whole_row(line, file), found=str(wrong.msg)
        )
        return None
    except (ValueError, LookupError) as wrong:
        findings.problem("broken_xml", whole_row(0, file), found=str(wrong))
        return None
    if root is None:
        findings.problem("broken_xml", whole_row(0, file))
    return root


def parse_html(raw: bytes) -> etree._Element | None:
    """The root of an HTML page, XHTML or not, its elements without namespace; None when there is nothing in it."""
    try:
        encoding = "utf-8" if _is_utf8(raw) else None
        root = etree.fromstring(
            raw, etree.HTMLParser(encoding=encoding, remove_comments=True, remove_pis=True, no_network=True)
        )
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None
    return root


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def looks_like_xml(raw: bytes) -> bool:
    """Whether these bytes begin as XML does, in UTF-8 or UTF-16, with or without a declaration."""
    start = raw[:200].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").replace(b"\x00", b"")
    return re.match(rb"<([?!]|[A-Za-z_])", start) is not None
