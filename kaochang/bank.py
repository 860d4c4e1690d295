"""kaochang bank: look at the files of a question bank before they are imported."""

import json
from pathlib import Path

import click

from question_bank.importing import BankReading, Problem, read_bank
from question_bank.importing.limits import FILE_BYTES_MAX
from question_bank.items import Kind

_KIND_NAMES = {Kind.TRUE_FALSE: "判断 true/false", Kind.SINGLE: "单选 single", Kind.MULTIPLE: "多选 multiple"}


@click.group()
def command() -> None:
    """Check a question bank's file (题库) before it is imported in the console."""


@command.command(short_help="Count a file's items and name every problem.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def check(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Read a bank FILE (xlsx, csv) and print counts by kind and every problem; exit 1 if there is any."""
    with file.open("rb") as opened:
        # One byte more than allowed is enough for the reader to refuse it by name.
        reading = read_bank(opened.read(FILE_BYTES_MAX + 1))
    if as_json:
        click.echo(json.dumps(as_plain(reading), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(as_text(reading)))
    ctx.exit(1 if reading.problems else 0)


def as_plain(reading: BankReading) -> dict[str, object]:
    """The reading as JSON values: items counts what could be read, problems and warnings are lists of objects."""
    return {
        "items": len(reading.items),
        "rows": reading.rows,
        "by_kind": {kind.value: count for kind, count in reading.by_kind.items()},
        "problems": [_plain(problem) for problem in reading.problems],
        "warnings": [_plain(warning) for warning in reading.warnings],
        "unlisted": reading.unlisted,
    }


def as_text(reading: BankReading) -> list[str]:
    """The reading as lines for a terminal."""
    lines = [f"试题 items: {len(reading.items)} / {reading.rows}"]
    lines += [f"  {_KIND_NAMES[kind]}: {count}" for kind, count in reading.by_kind.items() if count]
    lines += [f"错误 problem  {_line(problem)}" for problem in reading.problems]
    lines += [f"提示 warning  {_line(warning)}" for warning in reading.warnings]
    if reading.unlisted:
        lines.append(f"另有 {reading.unlisted} 条未列出 · {reading.unlisted} more not listed")
    if not reading.problems:
        lines.append("没有错误 · no problems")
    return lines


def _plain(problem: Problem) -> dict[str, object]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "cell": problem.cell,
        "found": problem.found,
        "expected": problem.expected,
        "expected_en": problem.expected_en,
        "code": problem.code,
    }


def _line(problem: Problem) -> str:
    place = f"{problem.sheet}!" if problem.sheet else ""
    where = place + (problem.cell or f"第 {problem.row} 行 row {problem.row}" if problem.row else "整个文件 whole file")
    heading = f" {problem.column}" if problem.column and problem.column != problem.cell else ""
    found = problem.found.replace("\n", " ")
    said = f"“{found}” → " if found else ""
    return f"{where}{heading}: {said}{problem.expected} · {problem.expected_en} [{problem.code}]"
