"""Whatever bytes are uploaded, the answer is a reading: never an exception, never an item beside a silent loss."""

import io
import zipfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.importing import read_bank, read_outline
from tests.question_bank.builders import BANK_HEADING, csv_bytes, xlsx_bytes
from tests.question_bank.importing.test_bank_rows import MULTIPLE, SINGLE, TRUE_FALSE
from tests.question_bank.importing.test_workbook import repacked

WORKBOOK = xlsx_bytes([BANK_HEADING, SINGLE, MULTIPLE, TRUE_FALSE], merge=["A2:A3"])
PARTS = zipfile.ZipFile(io.BytesIO(WORKBOOK)).namelist()
OFTEN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _accounted(raw: bytes) -> None:
    reading = read_bank(raw)
    # Every row that should be an item is one, or has a problem at its place.
    if len(reading.items) < reading.rows:
        assert reading.problems
    read_outline(raw, "O", "细目表")


@OFTEN
@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    _accounted(raw)
    _accounted(b"PK\x03\x04" + raw)
    _accounted(csv_bytes([BANK_HEADING]) + raw)


@OFTEN
@given(
    st.lists(st.lists(st.text(max_size=12) | st.sampled_from(SINGLE + TRUE_FALSE), max_size=14), max_size=5)
)
def test_any_cells(rows: list[list[str]]) -> None:
    raw = csv_bytes([BANK_HEADING, *rows], "utf-16") if _speakable(rows) else b""
    _accounted(raw)


FIELDS = [
    "题型", "题干", "背景", "所属案例", "编号", "序号", "选项", "选项A", "选项B", "选项A（续）", "左项", "左项1",
    "左项2",
    "是否正确", "答案", "参考答案", "难度", "分值", "标签", "格式", "版本", "解析", "鉴定点",
]  # fmt: skip
VALUES = [
    "判断", "单选", "多选", "填空", "排序", "匹配", "简答", "案例", "A", "BA", "1-A；2-B", "√", "对", "____和（ ）",
    "甲；乙/丙",
    "3.5±0.1", "[1,2]", "[1e99,2e99]", f"{'1' * 50}±0", "1e300±1%", "±",
    "(" * 30_000, "A" * 30_000, "1 " * 9_000,
    "(Aa)", "\\", "1", "C1", "HTML", "HTML（原样）", "$x$", "<p>", "A.甲 B.乙", "",
]  # fmt: skip


@OFTEN
@given(
    st.lists(st.sampled_from(FIELDS), min_size=3, max_size=12, unique=True),
    st.lists(st.lists(st.sampled_from(VALUES) | st.text(max_size=6), max_size=12), max_size=6),
)
def test_any_cells_of_any_layout(heading: list[str], rows: list[list[str]]) -> None:
    _accounted(csv_bytes([heading, *rows], "utf-16") if _speakable(rows) else b"")


@OFTEN
@given(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=8))
def test_a_workbook_with_bytes_overwritten(place: int, noise: bytes) -> None:
    _accounted(WORKBOOK[:place] + noise + WORKBOOK[place + len(noise) :])


@OFTEN
@given(st.sampled_from(PARTS), st.data())
def test_a_workbook_with_a_part_damaged(name: str, data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as parts:
        body = parts.read(name)
    place = data.draw(st.integers(0, len(body)))
    cut = data.draw(st.integers(0, 40))
    _accounted(
        repacked(WORKBOOK, {name: body[:place] + data.draw(st.binary(max_size=12)) + body[place + cut :]})
    )


def _speakable(rows: list[list[str]]) -> bool:
    try:
        "".join("".join(row) for row in rows).encode("utf-16")
    except UnicodeEncodeError:
        return False
    return True
