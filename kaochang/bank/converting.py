"""kaochang bank export: a bank file of any format, written as xlsx or QTI 3."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from kaochang.bank.checking import problem_lines
from kaochang.bank.reading import FILE, read_file, sign_of_life
from kaochang.bank.writing import OVERWRITE, check_free, write_file
from question_bank.exporting.qti import write_qti
from question_bank.exporting.workbook import items_workbook
from question_bank.exporting.xhtml import ExportError
from question_bank.items import Item
from question_bank.pictures import Picture

Writer = Callable[[Sequence[Item], Mapping[str, Picture]], bytes]

FORMATS: Mapping[str, Writer] = {"xlsx": items_workbook, "qti": write_qti}
SUFFIXES = {".xlsx": "xlsx", ".zip": "qti"}


@click.command(short_help="Convert a bank file to xlsx or QTI 3.")
@FILE
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format", "named", type=click.Choice(list(FORMATS)), help="What OUT becomes, if its name does not say."
)
@OVERWRITE
@click.pass_context
def command(ctx: click.Context, file: Path, out: Path, named: str | None, overwrite: bool) -> None:
    """Read a bank FILE of any format and write it to OUT: an xlsx workbook (.xlsx) or a QTI 3.0 package (.zip).

    Both are read again as equal items, with keys, pictures and formulas. A file with problems is not converted: they
    are printed, and the command ends with 1.
    """
    chosen = named or SUFFIXES.get(out.suffix.lower())
    if chosen is None:
        raise click.UsageError(
            f"{out.name}: 请用 .xlsx 或 .zip 结尾，或加 --format · name it .xlsx or .zip, or say --format"
        )
    check_free(out, overwrite=overwrite)
    reading = read_file(file)
    if reading.problems:
        click.echo("\n".join(problem_lines(reading)), err=True)
        click.echo(
            f"{len(reading.problems) + reading.unlisted} 个错误，未转换 · problems; nothing was written",
            err=True,
        )
        ctx.exit(1)
    try:
        with sign_of_life(f"写出 writing {out.name}"):
            data = FORMATS[chosen](reading.items, reading.pictures)
    except ExportError as wrong:
        raise click.ClickException(f"无法转换 · cannot be converted: {wrong}") from wrong
    write_file(out, data)
    click.echo(
        f"{out}: {len(reading.items)} 道试题 items, {len(reading.pictures)} 张图片 pictures ({chosen})"
    )
