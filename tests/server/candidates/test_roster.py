"""Reading rosters: what offices send, and every problem with its place."""

from datetime import date

import pytest

from server.candidates.roster import ROSTER_ROWS_MAX, SEAT_MAX, Line, Roster, read_roster
from server.candidates.rules import DocumentType, Sex
from tests.server.candidates.files import HEADINGS, csv_roster, document, xlsx_roster

TODAY = date(2026, 5, 20)
ONE = {"theory": "专业知识"}
TWO = {"safety": "安全生产知识", "trade": "职业（工种）理论知识"}


def read(raw: bytes, subjects: dict[str, str] = ONE) -> Roster:
    return read_roster(raw, subjects, TODAY)


def lines(raw: bytes, subjects: dict[str, str] = ONE) -> list[Line]:
    roster = read(raw, subjects)
    assert roster.findings.problems == []
    return roster.lines


def problems(raw: bytes, subjects: dict[str, str] = ONE) -> list[tuple[int, str, str, str]]:
    """Row, column, found and code of each."""
    roster = read(raw, subjects)
    return [(one.row, one.column, one.found, one.code) for one in roster.findings.problems]


def one(column: str, value: str, **others: str) -> bytes:
    """A roster of one good row but for this column."""
    row = {"姓名": "张三", "证件号码": document(1), "准考证号": "2026001"} | others | {column: value}
    return csv_roster([list(row.values())], list(row))


class TestReads:
    def test_every_column_of_the_office(self) -> None:
        headings = [
            "序号", "姓名", "性别", "身份证号", "工作单位", "培训机构", "岗位", "等级", "科目", "资格审查", "培训完成",
            "是否补考", "准考证号", "机位号",
        ]  # fmt: skip
        row = [
            "1", "王建国", "男", "420111197005121237", "武汉建工", "培训中心", "施工员", "三级/高级工",
            "专业知识", "通过", "是", "否", "2026-0001", "7",
        ]  # fmt: skip
        for raw in (
            csv_roster([row], headings),
            csv_roster([row], headings, "gb18030"),
            xlsx_roster([row], headings),
        ):
            (line,) = lines(raw)
            assert line == Line(
                row=2,
                name="王建国",
                document_type=DocumentType.RESIDENT_ID,
                document="420111197005121237",
                document_key="420111197005121237",
                ticket="2026-0001",
                subjects=("theory",),
                seat=7,
                sex=Sex.MALE,
                employer="武汉建工",
                institution="培训中心",
                occupation="施工员",
                level="三级",
                resit=False,
            )

    @pytest.mark.parametrize(
        "name", ["阿卜杜拉·买买提", "王𬭚", "𠮷田太郎", "\ue000明", "欧阳 娜娜", "O'Brien-Łukasz"]
    )
    def test_names_are_kept_exactly(self, name: str) -> None:
        assert lines(one("姓名", name))[0].name == name

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("11010519491231002x", "11010519491231002X"),
            ("420111197005121237", "420111197005121237"),
            ("810000199408230021", "810000199408230021"),
        ],
    )
    def test_odd_but_valid_documents(self, typed: str, kept: str) -> None:
        assert lines(one("证件号码", typed))[0].document == kept

    def test_other_documents_are_kept_as_written(self) -> None:
        (line,) = lines(one("证件号码", "e1234 5678", 证件类型="护照"))
        assert (line.document_type, line.document, line.document_key) == (
            DocumentType.PASSPORT, "e1234 5678", "E12345678",
        )  # fmt: skip

    def test_several_subjects_by_title_or_code(self) -> None:
        assert lines(one("科目", "安全生产知识、trade"), TWO)[0].subjects == ("safety", "trade")

    def test_the_only_subject_need_not_be_named(self) -> None:
        assert lines(one("科目", ""))[0].subjects == ("theory",)
        assert problems(one("科目", ""), TWO) == [(2, "科目", "", "subject_needed")]

    def test_a_title_above_and_blank_rows_below(self) -> None:
        raw = b"\xe8\x80\x83\xe7\x94\x9f\xe5\x90\x8d\xe5\x8d\x95\r\n" + csv_roster(
            [["张三", document(1), "1"], ["", "", ""], ["李四", document(2), "2"]]
        )
        assert [line.row for line in lines(raw)] == [3, 5]

    def test_a_resit_needs_no_training_again(self) -> None:
        assert lines(one("培训完成", "否", 补考="是"))[0].resit is True


class TestProblems:
    @pytest.mark.parametrize(
        ("column", "value", "code"),
        [
            ("姓名", "", "empty_value"),
            ("姓名", "张\u0007三", "control_character"),
            ("姓名", "张" * 101, "value_too_long"),
            ("证件号码", "", "empty_value"),
            ("证件号码", "420111197005121236", "id_check"),
            ("证件号码", "42011119700512123", "id_shape"),
            ("证件号码", "420111202702301236", "id_check"),
            ("准考证号", "", "empty_value"),
            ("准考证号", "2026/1", "bad_ticket"),
            ("性别", "M", "unknown_sex"),
            ("级别", "六级", "unknown_level"),
            ("科目", "语文", "unknown_subject"),
            ("资格审查", "不通过", "not_qualified"),
            ("资格审查", "也许", "unknown_answer"),
            ("培训完成", "否", "not_trained"),
            ("机位号", "0", "bad_seat"),
            ("机位号", str(SEAT_MAX + 1), "bad_seat"),
            ("机位号", "A7", "bad_seat"),
            ("证件类型", "图书证", "unknown_document_type"),
        ],
    )
    def test_each_with_row_column_and_found(self, column: str, value: str, code: str) -> None:
        found = problems(one(column, value))
        assert len(found) == 1
        assert found[0][:2] == (2, column)
        assert found[0][3] == code
        assert found[0][2] in (value, value[:79] + "…")

    def test_all_of_them_at_once(self) -> None:
        rows = [
            ["", document(1), "1"],
            ["李四", "12345", "2"],
            ["王五", document(3), "3"],
            ["赵六", document(4), "?"],
        ]
        assert [one[:2] for one in problems(csv_roster(rows))] == [
            (2, "姓名"),
            (3, "证件号码"),
            (5, "准考证号"),
        ]

    def test_a_document_kept_as_a_number_has_lost_digits_and_is_told_so(self) -> None:
        raw = xlsx_roster([["张三", 420111197005121237, "1"]])
        (problem,) = read(raw).findings.problems
        assert problem.code in ("id_check", "id_shape")
        assert "文本" in problem.expected
        assert problem.cell == "B2"

    @pytest.mark.parametrize(
        ("rows", "code", "column"),
        [
            ([["张三", document(1), "1"], ["张三", document(1), "2"]], "document_twice", "证件号码"),
            ([["张三", document(1), "1"], ["李四", document(2), "1"]], "ticket_twice", "准考证号"),
        ],
    )
    def test_twice_in_the_file(self, rows: list[list[str]], code: str, column: str) -> None:
        assert [(one[0], one[1], one[3]) for one in problems(csv_roster(rows))] == [(3, column, code)]

    def test_one_seat_in_one_subject(self) -> None:
        headings = [*HEADINGS, "科目", "机位号"]
        rows = [
            ["张三", document(1), "1", "safety", "7"],
            ["李四", document(2), "2", "trade", "7"],
            ["王五", document(3), "3", "trade", "7"],
        ]
        assert [(one[0], one[3]) for one in problems(csv_roster(rows, headings), TWO)] == [(4, "seat_twice")]

    def test_a_sex_that_differs_is_a_question_not_a_refusal(self) -> None:
        roster = read(one("性别", "女", 证件号码="420111197005121237"))
        assert roster.findings.problems == []
        assert [warning.code for warning in roster.findings.warnings] == ["sex_differs"]

    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            (b"", "no_roster_heading"),
            ("姓名,学号\n张三,1".encode(), "no_roster_heading"),
            (csv_roster([]), "empty_roster"),
            (b"PK\x03\x04 no zip", "broken_workbook"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        ],
    )
    def test_what_is_no_roster(self, raw: bytes, code: str) -> None:
        assert code in {one[3] for one in problems(raw)}

    def test_one_person_past_the_limit(self) -> None:
        rows = [["张三", "x", str(number)] for number in range(ROSTER_ROWS_MAX + 1)]
        assert [one[3] for one in problems(csv_roster(rows))] == ["too_many_lines"]
