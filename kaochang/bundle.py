"""kaochang bundle: verify an evidence bundle, on any machine, without the room."""

import json
from pathlib import Path

import click

from recordings.bundle.verdict import Finding, Verdict
from recordings.bundle.verifying import verify_file

WHOLE, CHANGED, ROOM_UNKNOWN = 0, 1, 3
"""Exit codes; 2 is a command typed wrongly or a file that cannot be read."""

LINES_MAX = 20
"""Problems and warnings that are printed; --json has more."""


@click.group()
def command() -> None:
    """Verify evidence bundles (证据包)."""


@command.command(short_help="Say whether a bundle is whole, and what was changed first.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option(
    "--trust",
    metavar="FINGERPRINT",
    help="The room key's fingerprint as printed on the record form; without it the room stays unknown.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def verify(ctx: click.Context, file: Path, trust: str | None, as_json: bool) -> None:
    """Verify FILE offline and name what was changed first.

    Exit 0: whole, and made by the room of that fingerprint. 1: changed. 3: whole, but the room is unknown.
    """
    verdict = verify_file(file, trust)
    if as_json:
        click.echo(json.dumps(verdict.to_json(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(as_text(verdict, trust)))
    ctx.exit(exit_code(verdict))


def exit_code(verdict: Verdict) -> int:
    """What the command ends with."""
    if not verdict.whole:
        return CHANGED
    return WHOLE if verdict.trusted else ROOM_UNKNOWN


def as_text(verdict: Verdict, trust: str | None) -> list[str]:
    """The verdict as lines for a terminal."""
    lines = [
        f"场次 session: {verdict.session or '-'}   应试 attempt: {verdict.attempt or '-'}",
        f"记录 entries: {verdict.entries} / {verdict.streams} 流 streams   照片 pictures: {verdict.pictures}",
        f"考场密钥指纹 room key: {verdict.room or '-'}",
    ]
    first = verdict.first
    if first is None:
        lines.append("完整：自考场签发以来未被改动 · whole: nothing was changed since the room signed it")
    else:
        lines.append(f"已被改动 · CHANGED, first: {_line(first)}")
        rest = sorted(verdict.problems, key=lambda one: one.offset)[1:]
        lines += [f"  {_line(one)}" for one in rest[:LINES_MAX]]
        left = len(rest) - LINES_MAX + verdict.more
        if left > 0:
            lines.append(f"  另有 {left} 处 · {left} more")
    if trust is None:
        lines.append("考场未知：未提供指纹（--trust），请与考场记录表上打印的指纹核对")
        lines.append(
            "room unknown: no fingerprint was given (--trust); compare with the one on the record form"
        )
    elif not verdict.trusted:
        lines.append(
            "考场未知：密钥指纹与所给的不同 · room unknown: the key is not that of the given fingerprint"
        )
    lines += [f"  提示 note: {_line(one)}" for one in verdict.warnings[:LINES_MAX]]
    return lines


def _line(found: Finding) -> str:
    place = f"{found.file or 'zip'} @ {found.offset}"
    if found.byte is not None:
        place += f" (字节 byte {found.byte})"
    if found.length is not None:
        place += f" (+{found.length})"
    entry = f" {found.stream} #{found.seq}" if found.seq is not None else ""
    return _printable(f"{found.zh} · {found.en}: {place}{entry}")


def _printable(text: str) -> str:
    """What a forged bundle calls its files or streams must not steer the terminal it is told on."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
