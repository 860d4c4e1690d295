"""kaochang bank draw: a trial draw from files, with the report a bank keeper would read."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
import openpyxl

from question_bank.blueprint import BLUEPRINT_BYTES_MAX, Blueprint, BlueprintError, read_blueprint
from question_bank.commitment import DrawInputs, DrawMode, Sitting
from question_bank.coverage import PAPERS_MAX, BlueprintCoverage, CoverageReport, coverage
from question_bank.draw import Draw, draw
from question_bank.draw_report import BlueprintReport, greatest_overlap
from question_bank.importing import Problem, read_bank, read_outline
from question_bank.importing.limits import FILE_BYTES_MAX
from question_bank.items import LETTERS
from question_bank.outline import ContentOutline
from question_bank.pinned_bank import PinnedBank, facts_of

PROBLEMS_LISTED_MAX = 20
PAIRS_PAPERS_MAX = 500
"""Papers up to which the greatest overlap of any two is looked for."""

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(short_help="Draw papers from files on trial and say how alike they are.")
@click.option(
    "--items", "items_file", type=_FILE, required=True, help="The bank's items, any format check reads."
)
@click.option("--outline", "outline_file", type=_FILE, help="The content outline (xlsx, csv).")
@click.option("--blueprint", "blueprint_file", type=_FILE, required=True, help="The blueprint (TOML).")
@click.option("--papers", type=click.IntRange(1, PAPERS_MAX), default=30, show_default=True)
@click.option("--seed", default="1", show_default=True, help="Any text; the same text draws the same papers.")
@click.option("--one-form", is_flag=True, help="统一试卷: the same items for all, shuffled for each.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write report and papers (codes and orders, no texts, no keys) to this xlsx file.",
)
@click.pass_context
def command(
    ctx: click.Context,
    items_file: Path,
    outline_file: Path | None,
    blueprint_file: Path,
    papers: int,
    seed: str,
    one_form: bool,
    as_json: bool,
    out: Path | None,
) -> None:
    """Draw papers on trial: the same draw as a session's, from a seed anybody may know.

    Exit status: 0 when the papers could be drawn, 1 when a file has problems or the bank cannot fill the blueprint.
    """
    blueprint = _blueprint(blueprint_file)
    bank = _bank(items_file, None if outline_file is None else _outline(outline_file, blueprint), blueprint)
    sittings = tuple(Sitting(f"paper-{number:05}", blueprint.code) for number in range(1, papers + 1))
    mode = DrawMode.ONE_FORM if one_form else DrawMode.PER_CANDIDATE
    inputs = DrawInputs("trial", mode, sittings, 0, (blueprint,), (bank,))
    covered = coverage(inputs)
    drawn = draw(inputs, trial_secret(seed)) if covered.fills else None
    overlap = _overlap(drawn, papers)
    if out is not None and drawn is not None:
        _write(out, covered, drawn, overlap, blueprint)
    if as_json:
        click.echo(json.dumps(as_plain(covered, drawn, overlap), ensure_ascii=False, indent=2, default=str))
    else:
        click.echo("\n".join(as_text(covered, drawn, overlap)))
    ctx.exit(0 if drawn is not None else 1)


def trial_secret(seed: str) -> bytes:
    """The secret of a trial draw."""
    return hashlib.sha256(b"kaochang trial draw\n" + seed.encode("utf-8", "surrogatepass")).digest()


def as_plain(covered: CoverageReport, drawn: Draw | None, overlap: int | None) -> dict[str, object]:
    """Coverage and report as JSON values; report is null when nothing could be drawn."""
    return {
        "reasons": list(covered.reasons),
        "coverage": [asdict(each) for each in covered.blueprints],
        "report": None if drawn is None else [asdict(each) for each in drawn.report.blueprints],
        "overlap_max": overlap,
        "commitment": None if drawn is None else drawn.commitment,
    }


def as_text(covered: CoverageReport, drawn: Draw | None, overlap: int | None) -> list[str]:
    """Coverage and report as lines for a terminal."""
    lines = [f"不能组卷 cannot draw  {reason}" for reason in covered.reasons]
    lines += [line for each in covered.blueprints for line in _coverage_lines(each)]
    if drawn is not None:
        lines += [line for each in drawn.report.blueprints for line in _report_lines(each, overlap)]
    return lines


def _coverage_lines(one: BlueprintCoverage) -> list[str]:
    importance = " ".join(f"{grade} {count}" for grade, count in one.importance.items())
    lines = [f"组卷方案 blueprint {one.blueprint}: 可用试题 usable items {one.items}"]
    if importance:
        lines.append(f"  每卷按重要程度 each paper by importance: {importance}")
    for what, codes in (
        ("无题的鉴定点 points without an item", one.thin),
        ("仅一题的鉴定点 points with one item", one.scarce),
        ("不在细目表中的试题 items on no point", one.outside),
    ):
        if codes:
            more = " …" if len(codes) > PROBLEMS_LISTED_MAX else ""
            lines.append(f"  {what}: {len(codes)} ({', '.join(codes[:PROBLEMS_LISTED_MAX])}{more})")
    lines += [
        f"  范围 range {each.range}: 应出 quota {each.quota}, 可出 planned {each.planned}"
        for each in one.deviations
    ]
    lines += [
        f"  {each.title} {each.band}: 应出 quota {each.quota}, 可出 planned {each.planned}"
        for each in one.band_deviations
    ]
    if one.unknown:
        lines.append(
            f"  无难度的试题按平均值计 items without a difficulty, counted as the mean: {one.unknown}"
        )
    return lines


def _report_lines(one: BlueprintReport, overlap: int | None) -> list[str]:
    lines = [
        f"试卷 papers: {one.papers}, 用题 items used: {one.items_used}",
        f"  同一题最多出现 most papers with one item: {one.exposure_max}",
        f"  邻座相同题 shared with the neighbour: 最多 at most {one.neighbour_overlap_max}, "
        f"平均 on average {one.neighbour_overlap_mean / 100:.2f}",
    ]
    if overlap is not None:
        lines.append(f"  任意两卷相同题 shared by any two: 最多 at most {overlap}")
    if one.expected is not None:
        low, high, mean, sd = (
            value / 100
            for value in (one.expected.lowest, one.expected.highest, one.expected.mean, one.expected.sd)
        )
        lines.append(
            f"  预期得分 expected score: {low:.2f} – {high:.2f}, 平均 mean {mean:.2f}, 标准差 SD {sd:.2f}"
        )
    return lines


def _blueprint(path: Path) -> Blueprint:
    with path.open("rb") as opened:
        try:
            return read_blueprint(opened.read(BLUEPRINT_BYTES_MAX + 1))
        except BlueprintError as error:
            raise click.ClickException(f"{path.name}: {error}") from error


def _outline(path: Path, blueprint: Blueprint) -> ContentOutline:
    with path.open("rb") as opened:
        reading = read_outline(opened.read(FILE_BYTES_MAX + 1), blueprint.outline, path.stem)
    if reading.outline is None:
        raise _problems(path, reading.problems)
    return reading.outline


def _bank(path: Path, outline: ContentOutline | None, blueprint: Blueprint) -> PinnedBank:
    with path.open("rb") as opened:
        reading = read_bank(opened.read(FILE_BYTES_MAX + 1), path.name)
    if reading.problems:
        raise _problems(path, reading.problems)
    return PinnedBank(blueprint.outline, "trial", outline, tuple(map(facts_of, reading.items)))


def _problems(path: Path, problems: Sequence[Problem]) -> click.ClickException:
    lines = [
        f"  {problem.cell or problem.row or ''} {problem.found!r}: {problem.expected} · {problem.expected_en}"
        for problem in problems[:PROBLEMS_LISTED_MAX]
    ]
    more = [f"  … {len(problems) - len(lines)} more"] if len(problems) > len(lines) else []
    return click.ClickException("\n".join([f"{path.name}: {len(problems)} problems", *lines, *more]))


def _overlap(drawn: Draw | None, papers: int) -> int | None:
    if drawn is None or papers > PAIRS_PAPERS_MAX:
        return None
    numbers: dict[str, int] = {}
    return greatest_overlap(
        [[numbers.setdefault(slot.item, len(numbers)) for slot in paper.slots] for paper in drawn.papers]
    )


def _write(
    path: Path, covered: CoverageReport, drawn: Draw, overlap: int | None, blueprint: Blueprint
) -> None:
    book = openpyxl.Workbook(write_only=True)
    report = book.create_sheet("报告 report")
    for line in as_text(covered, drawn, overlap):
        report.append([_cell(line)])
    sheet = book.create_sheet("试卷 papers")
    sheet.append(["试卷 paper", "题号 number", "部分 section", "试题 item", "小题 part", "选项次序 order"])
    for number, paper in enumerate(drawn.papers, start=1):
        for slot in paper.slots:
            title = blueprint.sections[slot.section].title
            order = "".join(LETTERS[option] for option in slot.option_order)
            part = None if slot.part is None else slot.part + 1
            sheet.append([number, slot.number, _cell(title), _cell(slot.item), part, order])
    book.save(path)


def _cell(text: str) -> str:
    """A text no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
