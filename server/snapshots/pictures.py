"""What a picture's bytes must be before the room keeps them: pure over bytes, to be called in a thread."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from protocol.limits import PICTURE_BYTES_MAX
from server.errors import Refused

PIXELS_MAX = 40_000_000
"""Pixels a header may promise; 8K is 33 million. A larger one is no seat camera's."""

_MAGIC = b"\xff\xd8\xff"


class LengthNeeded(Refused):
    """The room wants to know how much comes before it reads."""

    code = "length_needed"
    status = 411
    zh = "上传照片须注明 Content-Length。"
    en = "A picture's Content-Length must be given."


class PictureTooLarge(Refused):
    """Over the limit of one picture; nothing was read."""

    code = "picture_too_large"
    status = 413
    zh = f"照片超过 {PICTURE_BYTES_MAX} 字节的上限，未接收。请调低摄像头分辨率，或更新考试机软件。"
    en = (
        f"The picture is larger than {PICTURE_BYTES_MAX} bytes and was not read. "
        "Lower the camera's resolution, or update the station's software."
    )


class NotAPicture(Refused):
    """Not a JPEG, whatever it is called."""

    code = "not_a_jpeg"
    status = 415
    zh = "收到的内容不是 JPEG 照片。请发送摄像头拍摄的 JPEG。"
    en = "This is no JPEG picture. Send the JPEG the camera took."


class DigestMismatch(Refused):
    """The bytes are not those the name says."""

    code = "digest_mismatch"
    zh = "照片内容与其摘要不符，请重新发送。"
    en = "The picture's bytes do not match its digest. Send it again."


class PictureTooSmall(Refused):
    """Fewer pixels than the scheme asks, or than the seat said (S2: 720p)."""

    code = "picture_too_small"
    zh = "照片为 {width}x{height}，至少应为 {width_min}x{height_min}。"
    en = "The picture is {width}x{height}; at least {width_min}x{height_min} is needed."


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


def check(data: bytes, digest: str, smallest: Size) -> Size:
    """The picture's size by its decoded header; raises what of the above it is not."""
    if hashlib.sha256(data).hexdigest() != digest:
        raise DigestMismatch()
    size = _size(data)
    if size.width < smallest.width or size.height < smallest.height:
        raise PictureTooSmall(
            width=size.width, height=size.height, width_min=smallest.width, height_min=smallest.height
        )
    return size


def _size(data: bytes) -> Size:
    if not data.startswith(_MAGIC):
        raise NotAPicture()
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise NotAPicture() from error
    if width * height > PIXELS_MAX:
        raise NotAPicture()
    return Size(width, height)
