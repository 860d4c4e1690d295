"""Profiles of registration photos."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from config.shapes import Line, Part

PHOTO_BYTES_MAX = 10_000_000
"""No profile may ask for more: a zip of a thousand would fill a room server."""


class Naming(StrEnum):
    """How a photo's file name tells whose it is."""

    NAME_DOCUMENT = "name_document"
    """姓名-身份证号, split at the last hyphen."""


class PhotoProfile(Part):
    """Which photo files are taken: a real JPEG, one per person, of this size."""

    code: Annotated[str, Field(pattern=r"^P[1-9]$")]
    naming: Naming
    endings: Annotated[tuple[Line, ...], Field(min_length=1, max_length=4)]
    """File name endings without the dot, compared without case."""
    bytes_min: Annotated[int, Field(ge=1, le=PHOTO_BYTES_MAX)]
    bytes_max: Annotated[int, Field(ge=1, le=PHOTO_BYTES_MAX)]
    """Both inclusive."""
    source: Line
