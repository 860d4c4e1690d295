"""The command line of a seat: every command loads its own part, so a check needs no camera and no page."""

from importlib import import_module

import click

# command -> (module exposing `command`, one line for the list of commands, so that help imports nothing)
COMMANDS = {
    "run": ("station.run", "Run the station of this seat."),
    "simulate": ("station.simulate", "Drive many seats in one process through the real link and journal."),
    "check": ("station.check", "Check this machine: camera, disk, clock and the way to the room server."),
    "export": ("station.export", "Write this seat's journal to a file for the room."),
}


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
        try:
            command = import_module(COMMANDS[cmd_name][0]).command
        except ModuleNotFoundError as missing:
            if str(missing.name).partition(".")[0] in {"station", "protocol", "vision"}:
                raise  # a fault of ours, not an extra left out
            raise click.ClickException(
                f"{missing.name} is not installed here; this command needs: pip install 'kaochang[station]'"
            ) from missing
        assert isinstance(command, click.Command), f"{COMMANDS[cmd_name][0]}.command is no click command"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from their table, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup)
@click.version_option(package_name="kaochang")
def main() -> None:
    """One seat of an exam room (考场): shows the exam, keeps the answers, photographs the seat."""
