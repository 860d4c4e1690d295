"""The one door: what a file is, is told by its content, and strangers are called by their names."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.importing import read_bank
from tests.question_bank.builders import BANK_HEADING, csv_bytes, xlsx_bytes
from tests.question_bank.importing.test_bank_rows import SINGLE

MOODLE = "<quiz><question type='essay'><questiontext><text>x</text></questiontext></question></quiz>"
OFTEN = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SCRAPS = st.sampled_from(
    ["::a::", "{", "}", "=", "~", "%50%", "#", "->", "\\", "T", "x", "\n", "\n\n", "//", "$CATEGORY: a", "[html]",
     "1..5", "A) ", "B. ", "ANSWER: A", "答案：", "1、", "<b>", "&lt;", "<quiz>", "</quiz>", "<answer fraction='100'>",
     "<question type='cloze'>", "</question>", "<questiontext><text>", "</text></questiontext>", "{1:SA:=a}",
     "</answer>", "____", "（）", "一、单选题\n", "2. ", "（B）", "解析：", "参考答案\n", "1-3 ABC", "案例：",
     "A.x B.y"]
)  # fmt: skip


def zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, body in parts.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), body)
    return out.getvalue()


class TestRecognition:
    @pytest.mark.parametrize(
        ("raw", "name", "found"),
        [
            (xlsx_bytes([BANK_HEADING, SINGLE]), "bank.csv", "xlsx"),
            (csv_bytes([BANK_HEADING, SINGLE]), "bank.txt", "csv"),
            (b"Q {=a ~b}", "", "gift"),
            (b"Q\nA) x\nB) y\nANSWER: A", "", "aiken"),
            (MOODLE.encode(), "bank.txt", "moodle_xml"),
            (b"\xef\xbb\xbf<?xml version='1.0'?><!-- x --><quiz/>", "", "moodle_xml"),
            ("题目 {T}".encode("gb18030"), "", "gift"),
            ("题目 {T}".encode("utf-16"), "", "gift"),
            ("题目 {T}\n".encode("utf-16-le"), "", "gift"),
        ],
    )
    def test_by_content(self, raw: bytes, name: str, found: str) -> None:
        assert read_bank(raw, name).format == found

    @pytest.mark.parametrize(
        ("raw", "name"),
        [
            (b"%PDF-1.7\n", "PDF"),
            (b"{\\rtf1", "RTF"),
            (b"\x1f\x8b\x08\0", "gzip"),
            (b"<html><body>1</body></html>", "HTML"),
            (b"<?xml version='1.0'?><unknown/>", "XML <unknown>"),
            (b'{"questions": []}', "JSON"),
            (zipped(h5p_json="{}"), "H5P"),
            (zipped(ppt__presentation_xml="<p/>"), "PowerPoint"),
            (zipped(some_txt="x"), "zip"),
        ],
    )
    def test_strangers_are_refused_by_name_with_advice(self, raw: bytes, name: str) -> None:
        (problem,) = read_bank(raw).problems
        assert (problem.code, problem.found) == ("not_readable", name)
        assert problem.expected
        assert problem.expected_en

    def test_old_qti_is_called_so(self) -> None:
        reading = read_bank(b"<questestinterop/>")
        assert (reading.format, [each.code for each in reading.problems]) == ("qti", ["old_qti"])

    def test_an_old_word_document(self) -> None:
        raw = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64 + "WordDocument".encode("utf-16-le")
        assert [each.code for each in read_bank(raw).problems] == ["old_word"]

    @pytest.mark.parametrize("raw", [b"", b" \r\n", b"\xef\xbb\xbf"])
    def test_nothing(self, raw: bytes) -> None:
        assert [each.code for each in read_bank(raw).problems] == ["empty_file"]


class TestTexts:
    def test_line_ends_of_several_kinds_are_named(self) -> None:
        reading = read_bank(b"Q {T}\r\n\r\nR {F}\n\nS {T}\r\n")
        assert len(reading.items) == 3
        assert ("mixed_line_ends", "CRLF LF") in [(each.code, each.found) for each in reading.warnings]

    def test_accents_of_western_texts_are_read_and_told(self) -> None:
        reading = read_bank("¿Qué es el día de la fundación? {=él ~mañana}".encode("cp1252"))
        assert reading.items[0].stem == "¿Qué es el día de la fundación?"
        assert [each.code for each in reading.warnings] == ["western_encoding"]

    @pytest.mark.parametrize("encoding", ["iso-8859-1", "gb2312", "utf-16"])
    def test_xml_says_its_own_encoding(self, encoding: str) -> None:
        word = "题目" if encoding == "gb2312" else "día"
        text = f'<?xml version="1.0" encoding="{encoding}"?>{MOODLE.replace("x<", word + "<")}'
        assert read_bank(text.encode(encoding)).items[0].stem == word

    def test_control_characters_are_named_with_their_line(self) -> None:
        reading = read_bank(b"Q {T}\n\nR\x07 {F}\n")
        assert [(each.row, each.code) for each in reading.problems][:1] == [(3, "control_character")]


def _accounted(raw: bytes) -> None:
    for name in ("", "a.gift", "a.txt", "a.csv"):
        reading = read_bank(raw, name)
        if len(reading.items) < reading.rows:
            assert reading.problems
        assert reading.items or reading.problems


@OFTEN
@given(st.lists(SCRAPS, max_size=30))
def test_scraps_of_every_format(scraps: list[str]) -> None:
    _accounted("".join(scraps).encode())
    _accounted(f"<quiz><question type='cloze'><questiontext><text>{''.join(scraps)}".encode())


@OFTEN
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    _accounted(raw)
    _accounted(b"::t:: " + raw + b"{=a ~b}\n\nQ {T}")
    _accounted(b"<quiz><question type='multichoice'><questiontext><text><![CDATA[" + raw)


@OFTEN
@given(st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    _accounted(raw)
    _accounted(b"<quiz>" + raw)
