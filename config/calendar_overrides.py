"""Days an office enters itself: they win over the calendar package, since years were amended late before.

Two forms hold the same thing. TOML: ``complete_years = [2027]`` and ``[[day]]`` tables of ``date``, ``kind``
and ``note``. CSV: the columns ``date,kind,note``, with a row ``2027,year,...`` for a complete year. A year is
declared complete when the file lists every public holiday and make-up workday of it; its other days are then
Monday to Friday. A day listed for a year that is not complete changes that day alone.
"""

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from config.problems import CalendarFileError, Problem

OVERRIDE_FILE_BYTES_MAX = 1_000_000
"""A hundred years of daily rows stay below this; anything longer is not a calendar."""
OVERRIDE_YEAR_MIN, OVERRIDE_YEAR_MAX = 2000, 2200
"""Years outside are typing errors: no exam of this product lies there."""
FOUND_CHARS_MAX = 60
"""How much of a faulty value a problem repeats."""


class DayKind(StrEnum):
    """What an override makes of a day."""

    WORKDAY = "workday"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class CalendarOverrides:
    """The days of one override file, and the years it knows completely."""

    days: Mapping[date, DayKind] = field(default_factory=lambda: MappingProxyType({}))
    complete_years: frozenset[int] = frozenset()

    @property
    def digest(self) -> str:
        """SHA-256 in hex over what the overrides say, not how the file is laid out; empty without any."""
        lines = [f"{year} year" for year in sorted(self.complete_years)]
        lines += [f"{day.isoformat()} {kind}" for day, kind in sorted(self.days.items())]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""


NO_OVERRIDES = CalendarOverrides()


def load_overrides(path: Path) -> CalendarOverrides:
    """Read an override file, ``.toml`` or ``.csv``, UTF-8 with or without BOM.

    Raises CalendarFileError with every fault, OSError when the file cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(OVERRIDE_FILE_BYTES_MAX + 1)
    return read_overrides(data, name=path.name)


def read_overrides(data: bytes, name: str) -> CalendarOverrides:
    """Read the bytes of an override file; the ending of `name` says which form. Raises CalendarFileError."""
    if len(data) > OVERRIDE_FILE_BYTES_MAX:
        found = f"> {OVERRIDE_FILE_BYTES_MAX} bytes"
        raise CalendarFileError(name, [Problem("file", found, f"<= {OVERRIDE_FILE_BYTES_MAX} bytes")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CalendarFileError(
            name, [Problem(f"byte {error.start}", "非 UTF-8 not UTF-8", "UTF-8")]
        ) from error
    if name.lower().endswith(".toml"):
        rows, problems = _toml_rows(text, name)
    elif name.lower().endswith(".csv"):
        rows, problems = _csv_rows(text)
    else:
        raise CalendarFileError(name, [Problem("file name", name, ".toml | .csv")])
    overrides = _collect(rows, problems)
    if problems:
        raise CalendarFileError(name, problems)
    return overrides


@dataclass(frozen=True, slots=True)
class _Row:
    place: str
    day: object
    kind: object


def _toml_rows(text: str, name: str) -> tuple[list[_Row], list[Problem]]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CalendarFileError(name, [Problem("file", str(error), "TOML")]) from error
    problems = [
        Problem(key, "未知项 unknown", "complete_years | day")
        for key in sorted(document.keys() - {"complete_years", "day"})
    ]
    years = document.get("complete_years", [])
    if not isinstance(years, list):
        problems.append(Problem("complete_years", _shown(years), "整数列表 a list of years, [2027]"))
        years = []
    rows = [_Row(f"complete_years[{i}]", year, "year") for i, year in enumerate(years)]
    tables = document.get("day", [])
    if not isinstance(tables, list):
        problems.append(Problem("day", _shown(tables), "[[day]]"))
        tables = []
    for i, table in enumerate(tables):
        rows += _toml_day(f"day[{i}]", table, problems)
    return rows, problems


def _toml_day(place: str, table: Any, problems: list[Problem]) -> Iterable[_Row]:
    if not isinstance(table, dict):
        problems.append(Problem(place, _shown(table), "[[day]]"))
        return []
    unknown = table.keys() - {"date", "kind", "note"}
    problems += [Problem(f"{place}.{key}", "未知项 unknown", "date | kind | note") for key in sorted(unknown)]
    if table.get("kind") == "year":
        problems.append(Problem(f"{place}.kind", "'year'", "workday | holiday; 整年写在 complete_years"))
        return []
    return [_Row(place, table.get("date"), table.get("kind"))]


def _csv_rows(text: str) -> tuple[list[_Row], list[Problem]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    problems: list[Problem] = []
    rows: list[_Row] = []
    header_seen = False
    try:
        for cells in reader:
            place = f"line {reader.line_num}"
            values = [cell.strip() for cell in cells]
            if not any(values) or values[0].startswith("#"):
                continue
            if not header_seen:
                header_seen = True
                if values not in (["date", "kind", "note"], ["date", "kind"]):
                    problems.append(Problem(place, _shown(",".join(values)), "date,kind,note"))
            elif len(values) not in (2, 3):
                problems.append(Problem(place, f"{len(values)} 列 columns", "date,kind,note"))
            else:
                rows.append(_Row(place, values[0], values[1]))
    except csv.Error as error:
        problems.append(Problem(f"line {reader.line_num}", str(error), "CSV"))
    if not header_seen:
        problems.append(Problem("line 1", "空文件 an empty file", "date,kind,note"))
    return rows, problems


def _collect(rows: Iterable[_Row], problems: list[Problem]) -> CalendarOverrides:
    days: dict[date, DayKind] = {}
    years: set[int] = set()
    for row in rows:
        if row.kind == "year":
            year = _year(row.day)
            if year is None:
                expected = f"{OVERRIDE_YEAR_MIN}..{OVERRIDE_YEAR_MAX} 的年份 a year"
                problems.append(Problem(row.place, _shown(row.day), expected))
            elif year in years:
                problems.append(Problem(row.place, _shown(row.day), "每年只写一次 each year once"))
            else:
                years.add(year)
            continue
        day = _day(row.day)
        if day is None:
            problems.append(Problem(row.place, _shown(row.day), "日期 a date, 2027-01-01"))
        elif row.kind not in ("workday", "holiday"):
            problems.append(Problem(row.place, _shown(row.kind), "workday | holiday"))
        elif day in days:
            problems.append(Problem(row.place, _shown(row.day), "每天只写一次 each day once"))
        else:
            days[day] = DayKind(str(row.kind))
    return CalendarOverrides(MappingProxyType(days), frozenset(years))


def _year(value: object) -> int | None:
    if isinstance(value, str) and len(value) == 4 and value.isascii() and value.isdigit():
        value = int(value)
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and OVERRIDE_YEAR_MIN <= value <= OVERRIDE_YEAR_MAX
    ):
        return value
    return None


def _day(value: object) -> date | None:
    if isinstance(value, str) and len(value) == len("2027-01-01"):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value if OVERRIDE_YEAR_MIN <= value.year <= OVERRIDE_YEAR_MAX else None
    return None


def _shown(value: object) -> str:
    if value is None:
        return "空 nothing"
    return repr(value if not isinstance(value, date) else value.isoformat())[:FOUND_CHARS_MAX]
