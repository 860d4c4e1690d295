"""kaochang bank check: count a file's items and name every problem."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from kaochang.bank.reading import FILE, read_file
from question_bank.importing import BankReading, Problem
from question_bank.items import Kind

_KIND_NAMES = {
    Kind.TRUE_FALSE: "判断 true/false",
    Kind.SINGLE: "单选 single",
    Kind.MULTIPLE: "多选 multiple",
    Kind.FILL_IN: "填空 fill-in",
    Kind.ORDERING: "排序 ordering",
    Kind.MATCHING: "匹配 matching",
    Kind.SHORT_ANSWER: "简答 short answer",
    Kind.CASE: "案例 case",
}


@click.command(short_help="Count a file's items and name every problem.")
@FILE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def command(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Read a bank FILE of any format and print its format, the counts by kind and every problem with its place.

    Nothing is sent anywhere. Ends with 1 if there is any problem; warnings refuse nothing.
    """
    reading = read_file(file)
    if as_json:
        click.echo(json.dumps(as_plain(reading), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(as_text(reading)))
    ctx.exit(1 if reading.problems else 0)


def as_plain(reading: BankReading) -> dict[str, object]:
    """The reading as JSON values: items counts what could be read, problems and warnings are lists of objects."""
    return {
        "format": reading.format,
        "items": len(reading.items),
        "rows": reading.rows,
        "by_kind": {kind.value: count for kind, count in reading.by_kind.items()},
        "parts": sum(len(item.parts) for item in reading.items),
        "pictures": len(reading.pictures),
        "problems": [asdict(problem) for problem in reading.problems],
        "warnings": [asdict(warning) for warning in reading.warnings],
        "unlisted": reading.unlisted,
    }


def as_text(reading: BankReading) -> list[str]:
    """The reading as lines for a terminal."""
    lines = [f"格式 format: {reading.format}"] if reading.format else []
    lines += [f"试题 items: {len(reading.items)} / {reading.rows}"]
    lines += [f"  {_KIND_NAMES[kind]}: {count}" for kind, count in reading.by_kind.items() if count]
    if reading.pictures:
        lines.append(f"图片 pictures: {len(reading.pictures)}")
    lines += problem_lines(reading)
    lines += [f"提示 warning  {_line(warning)}" for warning in reading.warnings]
    if reading.unlisted:
        lines.append(f"另有 {reading.unlisted} 条未列出 · {reading.unlisted} more not listed")
    if not reading.problems:
        lines.append("没有错误 · no problems")
    return lines


def problem_lines(reading: BankReading) -> list[str]:
    """Every problem as a line for a terminal."""
    return [f"错误 problem  {_line(problem)}" for problem in reading.problems]


def _line(problem: Problem) -> str:
    sheet = f"{problem.sheet}!" if problem.sheet else ""
    row = f"第 {problem.row} 行 row {problem.row}" if problem.row else "整个文件 whole file"
    where = sheet + (problem.cell or row) if problem.row else problem.sheet or row
    heading = f" {problem.column}" if problem.column and problem.column != problem.cell else ""
    found = " ".join(problem.found.split())
    said = f"“{found}” → " if found else ""
    return f"{where}{heading}: {said}{problem.expected} · {problem.expected_en} [{problem.code}]"
