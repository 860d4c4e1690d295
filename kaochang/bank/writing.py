"""Files that commands write: whole or not at all, and never over one that is there unless asked."""

import contextlib
import os
import tempfile
from pathlib import Path

import click

OVERWRITE = click.option("--overwrite", is_flag=True, help="Replace OUT if it is there.")


def check_free(out: Path, *, overwrite: bool) -> None:
    """Raises click.UsageError when there is such a file already."""
    if out.exists() and not overwrite:
        raise click.UsageError(
            f"{out} 已存在，可加 --overwrite 覆盖 · {out} is there already; --overwrite replaces it"
        )


def write_file(out: Path, data: bytes) -> None:
    """Write a file beside its place and move it there. Raises click.ClickException when that fails."""
    part = None
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        part = Path(name)
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        # What mkstemp makes is its owner's alone; a bank converted is as open as any file its keeper makes.
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        part.replace(out)
    except OSError as wrong:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        raise click.ClickException(f"无法写入 {out}：{wrong.strerror} · {out} cannot be written") from wrong
