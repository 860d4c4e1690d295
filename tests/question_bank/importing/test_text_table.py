import pytest

from question_bank.importing import limits, read_bank
from tests.question_bank.builders import BANK_HEADING, csv_bytes
from tests.question_bank.importing.test_bank_rows import SINGLE, TRUE_FALSE

ROWS = [BANK_HEADING, SINGLE, TRUE_FALSE]


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
    def test_of_chinese_offices(self, encoding: str) -> None:
        assert read_bank(csv_bytes(ROWS, encoding)).items == read_bank(csv_bytes(ROWS)).items

    def test_four_byte_characters_in_gb18030(self) -> None:
        rows = [BANK_HEADING, [*SINGLE[:1], "𠮷𬭳㐱", *SINGLE[2:]]]
        assert read_bank(csv_bytes(rows, "gb18030")).items[0].stem == "𠮷𬭳㐱"

    def test_undecodable_bytes_are_told_with_their_line(self) -> None:
        raw = csv_bytes(ROWS).replace("混凝土".encode(), b"\xff\xfe\xff")
        (problem,) = read_bank(raw).problems
        assert (problem.code, problem.row) == ("undecodable", 2)
        assert problem.found.startswith("ff fe ff")

    @pytest.mark.parametrize(
        ("raw", "name"),
        [(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"), (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "PDF")],
    )
    def test_a_file_picked_by_mistake_is_called_by_its_name(self, raw: bytes, name: str) -> None:
        reading = read_bank(raw)
        assert reading.items == ()
        assert [(each.code, each.found) for each in reading.problems] == [("not_readable", name)]

    def test_what_is_no_text_at_all(self) -> None:
        reading = read_bank(b"\0" * 100)
        assert reading.items == ()
        assert [each.code for each in reading.problems] == ["undecodable"]


class TestShape:
    @pytest.mark.parametrize("separator", ["\t", ";", "|"])
    def test_other_separators(self, separator: str) -> None:
        rows = [BANK_HEADING, SINGLE]
        raw = "\r\n".join(separator.join(row) for row in rows).encode()
        assert read_bank(raw).items == read_bank(csv_bytes(rows)).items

    def test_quoted_line_ends_do_not_begin_a_row(self) -> None:
        long = [*SINGLE[:1], "第一行\n第二行", *SINGLE[2:]]
        bad = [*SINGLE[:6], "E", *SINGLE[7:]]
        reading = read_bank(csv_bytes([BANK_HEADING, long, bad]))
        assert reading.items[0].stem == "第一行\n第二行"
        assert [problem.row for problem in reading.problems] == [3]

    def test_an_unquoted_separator_is_met_where_it_shifted_the_row(self) -> None:
        raw = csv_bytes([BANK_HEADING]) + "单选题,题干,甲,乙,丙,丁,A,因为,所以,0.5,1,K1\n".encode()
        problems = read_bank(raw).problems
        assert ("ragged_row", 2) in {(each.code, each.row) for each in problems}

    def test_an_open_quote(self) -> None:
        assert "broken_csv" in {each.code for each in read_bank(csv_bytes(ROWS) + b'"open').problems}

    @pytest.mark.parametrize("raw", [b"", b"\n\n\n", b"\xef\xbb\xbf", csv_bytes([BANK_HEADING])])
    def test_an_empty_file_is_told(self, raw: bytes) -> None:
        assert [problem.code for problem in read_bank(raw).problems] == ["empty_file"]


class TestLimits:
    def test_one_row_past_the_limit(self) -> None:
        row = ",".join(TRUE_FALSE[:6])
        lines = "\n".join(f"{row},对,{number}" for number in range(limits.ROWS_MAX))
        reading = read_bank((",".join(BANK_HEADING) + "\n" + lines).encode())
        assert [problem.code for problem in reading.problems] == ["too_many_rows"]

    def test_one_problem_past_the_limit_is_only_counted(self) -> None:
        rows = [[*SINGLE[:6], "E"]] * (limits.PROBLEMS_MAX + 1)
        reading = read_bank(csv_bytes([BANK_HEADING, *rows]))
        assert (len(reading.problems), reading.unlisted) == (limits.PROBLEMS_MAX, 1)

    def test_a_cell_past_the_limit(self) -> None:
        raw = csv_bytes([BANK_HEADING, [*SINGLE[:7], "解" * (limits.CELL_CHARS_MAX + 1), *SINGLE[8:]]])
        assert "cell_too_long" in {problem.code for problem in read_bank(raw).problems}

    def test_a_file_past_the_limit(self) -> None:
        (problem,) = read_bank(b" " * (limits.FILE_BYTES_MAX + 1)).problems
        assert problem.code == "file_too_large"

    def test_columns_past_the_limit(self) -> None:
        raw = csv_bytes([BANK_HEADING, [*SINGLE, *["x"] * limits.COLUMNS_MAX]])
        assert "too_many_columns" in {problem.code for problem in read_bank(raw).problems}

    @pytest.mark.parametrize("separator", [",", ";", "\t", "，"])
    def test_a_title_full_of_commas_does_not_choose_the_separator(self, separator: str) -> None:
        lines = [
            ["2024 年建筑施工现场专业人员题库，共 3 题，含单选，判断，多选，仅供内部使用"],
            BANK_HEADING,
            SINGLE,
        ]
        raw = "\n".join(separator.join(line) for line in lines).encode()
        assert read_bank(raw).items == read_bank(csv_bytes([BANK_HEADING, SINGLE])).items

    def test_a_first_line_that_only_names_the_separator(self) -> None:
        raw = ("sep=;\r\n" + "\r\n".join(";".join(row) for row in [BANK_HEADING, SINGLE])).encode()
        assert read_bank(raw).items == read_bank(csv_bytes([BANK_HEADING, SINGLE])).items

    def test_utf_16_without_its_mark(self) -> None:
        raw = csv_bytes([["id", "question", "A", "B", "answer"], ["1", "题", "甲", "乙", "A"]], "utf-16-le")
        assert len(read_bank(raw).items) == 1

    def test_more_cells_than_any_bank_has(self) -> None:
        row = "," * (limits.COLUMNS_MAX - 1) + "x\n"
        raw = csv_bytes([BANK_HEADING]) + row.encode() * (limits.CELLS_MAX // limits.COLUMNS_MAX + 1)
        assert "too_many_cells" in {each.code for each in read_bank(raw).problems}
