from datetime import date
from pathlib import Path

import pytest

from config.calendar_overrides import OVERRIDE_FILE_BYTES_MAX, DayKind, load_overrides, read_overrides
from config.problems import CalendarFileError

TOML = """
complete_years = [2031]
[[day]]
date = 2031-01-01
kind = "holiday"
note = "元旦"
[[day]]
date = 2031-01-04
kind = "workday"
"""
CSV = "date,kind,note\r\n# 元旦\r\n2031-01-04,workday,\r\n2031,year,\r\n\r\n2031-01-01,holiday,元旦\r\n"


class TestReading:
    def test_both_forms_say_the_same(self) -> None:
        toml = read_overrides(TOML.encode(), "days.toml")
        table = read_overrides(CSV.encode("utf-8-sig"), "DAYS.CSV")
        assert toml.days == {date(2031, 1, 1): DayKind.HOLIDAY, date(2031, 1, 4): DayKind.WORKDAY}
        assert toml.complete_years == {2031}
        assert (table.days, table.complete_years) == (toml.days, toml.complete_years)

    def test_digest_is_of_the_meaning(self) -> None:
        toml = read_overrides(TOML.encode(), "days.toml")
        assert toml.digest == read_overrides(CSV.encode(), "days.csv").digest
        assert (
            toml.digest != read_overrides(TOML.replace("2031-01-04", "2031-01-05").encode(), "d.toml").digest
        )
        assert toml.digest != read_overrides(TOML.replace("[2031]", "[]").encode(), "d.toml").digest
        assert toml.digest != read_overrides(TOML.replace("workday", "holiday").encode(), "d.toml").digest
        assert read_overrides(b"", "empty.toml").digest == ""

    def test_the_sample_reads_and_changes_nothing(self) -> None:
        sample = load_overrides(Path(__file__).parents[2] / "config/calendars/override.sample.toml")
        assert not sample.days
        assert not sample.complete_years


class TestRefusals:
    def problems(self, text: str | bytes, name: str) -> list[tuple[str, str, str]]:
        data = text.encode() if isinstance(text, str) else text
        with pytest.raises(CalendarFileError) as refused:
            read_overrides(data, name)
        return [(p.place, p.found, p.expected) for p in refused.value.problems]

    def test_csv_lists_every_fault_with_its_line(self) -> None:
        text = (
            "date,kind,note\n2031-02-30,holiday,\n2031-01-01,off,\n20310101,holiday,\n31,year,\n2031,year,\n"
            "2031,year,\n2031-05-01,holiday,\n2031-05-01,workday,\n2031-05-02\n,holiday,\n1031-05-02,holiday,\n"
        )
        found = self.problems(text, "days.csv")
        assert {place for place, _, _ in found} == {f"line {n}" for n in (2, 3, 4, 5, 7, 9, 10, 11, 12)}
        assert ("line 3", "'off'", "workday | holiday") in found

    def test_toml_lists_every_fault_with_its_place(self) -> None:
        text = (
            'holidays = 1\ncomplete_years = [true, 1999, "2031"]\n'
            '[[day]]\ndate = 2031-01-01T00:00:00\nkind = "holiday"\n'
            '[[day]]\nkind = "holiday"\ncolour = "red"\n[[day]]\ndate = 2031-01-01\nkind = "year"\n'
        )
        places = {place for place, _, _ in self.problems(text, "days.toml")}
        assert places == {
            "holidays",
            "complete_years[0]",
            "complete_years[1]",
            "day[0]",
            "day[1]",
            "day[1].colour",
            "day[2].kind",
        }

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b"date\xff", "days.csv"),
            ("日期".encode("gbk"), "days.toml"),
            (b"x = = 1", "days.toml"),
            (b"a = 1\na = 2", "days.toml"),
            (b"", "days.csv"),
            (b"date,note\n", "days.csv"),
            (b"day = 1\ncomplete_years = 2031", "days.toml"),
            (b"day = [1]", "days.toml"),
            (b"x", "days.xlsx"),
            (b"#" * (OVERRIDE_FILE_BYTES_MAX + 1), "days.toml"),
        ],
    )
    def test_what_is_no_calendar_is_refused(self, data: bytes, name: str) -> None:
        assert self.problems(data, name)

    def test_the_message_names_the_file(self) -> None:
        with pytest.raises(CalendarFileError, match=r"days\.csv"):
            read_overrides(b"", "days.csv")
