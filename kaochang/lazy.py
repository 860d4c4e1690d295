"""Groups of commands that are imported only when one is called."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

# One of these missing is a fault of ours, not an extra left out.
OURS = {"protocol", "config", "vision", "question_bank", "recordings", "server", "station", "kaochang"}


class LazyGroup(click.Group):
    """A group of commands that are imported only when one is called.

    table: command -> (module exposing `command`, one line for the list of commands, so that help imports nothing).
    Raises click.ClickException naming the missing extra when a command's packages are not installed.
    """

    def __init__(self, *args: Any, table: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        """args, kwargs: as any group of click takes them."""
        super().__init__(*args, **kwargs)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of their table."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded from its module, or None when there is none."""
        if cmd_name not in self._table:
            return None
        return load(self._table[cmd_name][0], extra="server")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from their table, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._table.items()])


def load(module: str, *, extra: str) -> click.Command:
    """The `command` of a module.

    Raises click.ClickException when a package outside this project is missing: `extra` is what brings it.
    """
    try:
        command = import_module(module).command
    except ModuleNotFoundError as missing:
        if str(missing.name).partition(".")[0] in OURS:
            raise
        raise click.ClickException(
            f"{missing.name} is not installed here; this command needs: pip install 'kaochang[{extra}]'"
        ) from missing
    assert isinstance(command, click.Command), f"{module}.command is no click command"
    return command
