"""The command line of the room: every command loads its own part, and nothing that is not installed."""

from importlib import import_module

import click

# command -> (module exposing `command`, one line for the list of commands, so that help imports nothing)
COMMANDS = {
    "serve": ("kaochang.serve", "Run the room server."),
    "demo": ("kaochang.demo", "Run a whole exam room on this machine."),
    "bank": ("kaochang.bank", "Check a question bank's file before it is imported."),
    "bundle": ("kaochang.bundle", "Verify evidence bundles."),
    "bench": ("kaochang.bench", "Measure the room on this machine."),
    "admin": ("kaochang.admin", "Keep a room: create, rebuild, restore, its certificate, its first people."),
}

# One of these missing is a fault of ours, not an extra left out.
OURS = {"protocol", "config", "vision", "question_bank", "recordings", "server", "station", "kaochang"}


class LazyGroup(click.Group):
    """A group of commands that are imported only when one is called.

    Raises click.ClickException naming the missing extra when a command's packages are not installed.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of their table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded from its module, or None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        return load(COMMANDS[cmd_name][0], extra="server")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from their table, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


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


@click.group(cls=LazyGroup)
@click.version_option(package_name="kaochang")
def main() -> None:
    """Kaochang (考场): a computer-based exam room."""
