"""The command line of the room: every command loads its own part, and nothing that is not installed."""

import click

from kaochang.lazy import LazyGroup

# command -> (module exposing `command`, one line for the list of commands, so that help imports nothing)
COMMANDS = {
    "serve": ("kaochang.serve", "Run the room server."),
    "demo": ("kaochang.demo", "Run a whole exam room on this machine."),
    "bank": ("kaochang.bank", "Check, convert and send the files of question banks."),
    "bundle": ("kaochang.bundle", "Verify evidence bundles."),
    "bench": ("kaochang.bench", "Measure the room on this machine."),
    "admin": ("kaochang.admin", "Keep a room: create, rebuild, restore, its certificate, its first people."),
}


@click.group(cls=LazyGroup, table=COMMANDS)
@click.version_option(package_name="kaochang")
def main() -> None:
    """Kaochang (考场): a computer-based exam room."""
