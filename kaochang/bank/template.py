"""kaochang bank template: an xlsx form to fill in."""

from pathlib import Path

import click

from kaochang.bank.writing import OVERWRITE, check_free, write_file
from question_bank.exporting.templates import LAYOUTS


@click.command(short_help="Write an empty xlsx form with examples and instructions.")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--layout",
    type=click.Choice(list(LAYOUTS)),
    default="item",
    show_default=True,
    help="One row for each item, or one row for each option.",
)
@OVERWRITE
def command(out: Path, layout: str, overwrite: bool) -> None:
    """Write an xlsx form for question banks to OUT: an example of every kind, and instructions in Chinese and English.

    The examples import as they stand; overwrite them with items of your own.
    """
    check_free(out, overwrite=overwrite)
    write_file(out, LAYOUTS[layout]())
    click.echo(f"{out}: 每{'题' if layout == 'item' else '个选项'}一行 · one row for each {layout}")
