"""The witness: a station signs the head of its stream and, in it, the last office head it heard."""

from typing import Literal

from pydantic import ValidationError

from protocol import wire
from protocol.keys import Purpose, SigningKey, verify
from protocol.shapes import Closed, HeadRef, Instant

STATEMENT_BYTES_MAX = 1_024
"""A statement's exact text, in bytes; a longer one is malformed."""


class HeadStatement(Closed):
    """What is signed: where a stream stands, and the newest head of the office's stream the seat has heard."""

    kind: Literal["head"] = "head"
    head: HeadRef
    office: HeadRef | None
    at: Instant


def sign_head(key: SigningKey, head: HeadRef, office: HeadRef | None, at: int) -> tuple[str, str]:
    """The statement's exact text and its signature."""
    text = wire.write(HeadStatement(head=head, office=office, at=at).to_json())
    return text, key.sign(Purpose.HEAD, text)


def read_head(public: str, statement: str, signature: str) -> HeadStatement | None:
    """The statement when ``signature`` is the key's, None otherwise. Raises :class:`wire.Malformed`."""
    if not verify(public, Purpose.HEAD, statement, signature):
        return None
    try:
        return HeadStatement.model_validate(wire.read(statement, bytes_max=STATEMENT_BYTES_MAX))
    except ValidationError as error:
        raise wire.Malformed("the statement is no signed head") from error
