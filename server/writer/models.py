"""What the writer remembers of commands: a repeat of a command's id returns the first outcome."""

from sqlmodel import Field, SQLModel


class CommandOutcome(SQLModel, table=True):
    """The outcome of one command from a screen."""

    __tablename__ = "command_outcome"

    id: str = Field(primary_key=True, max_length=64)
    at: int
    outcome: str
