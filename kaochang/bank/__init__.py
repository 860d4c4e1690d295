"""kaochang bank: the files of a question bank, before they reach a room and after they left it."""

import click

from kaochang.lazy import LazyGroup

# command -> (module exposing `command`, one line for the list of commands)
COMMANDS = {
    "check": ("kaochang.bank.checking", "Count a file's items and name every problem."),
    "export": ("kaochang.bank.converting", "Convert a bank file to xlsx or QTI 3."),
    "import": ("kaochang.bank.sending", "Send a bank file to a running room."),
    "draw": ("kaochang.bank.drawing", "Draw papers from files on trial and say how alike they are."),
    "prove": ("kaochang.bank.proving", "Draw a session's papers again from what its room revealed."),
    "template": ("kaochang.bank.template", "Write an empty xlsx form with examples and instructions."),
}


@click.group(cls=LazyGroup, table=COMMANDS)
def command() -> None:
    """Work with question banks 题库: check a file, convert it, send it to a room, draw from it.

    Reads xlsx, csv, docx, plain text, QTI 2.1 to 3.0, Moodle XML, GIFT and Aiken, told apart by their content. A
    command ends with 0 when all went well, with 1 when the file has problems or the room refuses it, and with 2 when
    it was called wrongly.
    """
