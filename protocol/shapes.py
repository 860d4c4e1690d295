"""The base of every closed message and body, and the few field types they share."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from protocol import limits


class Closed(BaseModel):
    """A model that refuses fields it does not know and converts nothing."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return self.model_dump(mode="json")


Id = Annotated[str, StringConstraints(pattern=limits.ID_PATTERN)]
Digest = Annotated[str, StringConstraints(pattern=limits.DIGEST_PATTERN)]
PublicKey = Annotated[str, StringConstraints(min_length=44, max_length=44)]
Signature = Annotated[str, StringConstraints(min_length=88, max_length=88)]
Instant = Annotated[int, Field(ge=0, le=2**53 - 1, description="UTC milliseconds of the room's clock")]
Milliseconds = Annotated[int, Field(ge=0, le=7 * 24 * 3_600_000)]
Hundredths = Annotated[int, Field(ge=0, le=1_000_000, description="a score in hundredths")]
Letter = Annotated[str, StringConstraints(pattern=r"^[A-L]$")]
ResponsePart = Annotated[str, StringConstraints(max_length=limits.RESPONSE_CHARS_MAX)]
Response = Annotated[
    list[ResponsePart],
    Field(
        max_length=limits.RESPONSE_PARTS_MAX,
        description="letters as displayed (of ordering in the given order, of matching one for each premise), or the "
        "typed texts, one for each blank; what is left out is an empty text; an empty list is no answer",
    ),
]
Slot = Annotated[int, Field(ge=1, le=limits.SLOT_MAX, description="number of the item in this paper")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
ShortText = Annotated[str, StringConstraints(max_length=200)]


class HeadRef(Closed):
    """A place in a stream, as named in bodies and signed statements."""

    stream: Id
    seq: Annotated[int, Field(ge=0, lt=limits.STREAM_ENTRIES_MAX)]
    hash: Digest
