"""People who do not exist, for the demo and the benchmarks: names, document numbers and drawn photos.

Document numbers begin with 99, a region that does not exist, so that none is ever a person's; they pass the check
digit and the birth date, as a roster's numbers must.
"""

import io
import random
from dataclasses import dataclass
from datetime import date, timedelta

from PIL import Image, ImageDraw, ImageFilter

_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余"
_GIVEN = "伟芳娜敏静磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰建国志强文斌海燕春梅秋菊立新雪松晨曦子涵"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_YOUNGEST = date(2006, 1, 1)

PHOTO_SIZE = (413, 579)
"""Pixels of a drawn one-inch photo at double size (35 mm x 49 mm at 300 dpi)."""


@dataclass(frozen=True, slots=True)
class Fictional:
    """One made-up candidate."""

    name: str
    document: str
    ticket: str
    sex: str
    employer: str


def people(count: int, seed: int, batch: str) -> list[Fictional]:
    """``count`` different people; the same for the same seed and batch."""
    dice = random.Random(seed)  # noqa: S311 - made-up people, the same again for the same seed
    found: dict[str, Fictional] = {}
    while len(found) < count:
        number = len(found) + 1
        name = dice.choice(_FAMILY) + "".join(dice.sample(_GIVEN, dice.choice((1, 2))))
        document = _document(dice)
        found.setdefault(
            document,
            Fictional(
                name,
                document,
                f"{batch}{number:05d}",
                "男" if int(document[16]) % 2 else "女",
                dice.choice(("江城建设", "汉阳安装", "楚天路桥", "东湖市政")),
            ),
        )
    return list(found.values())


def photo(person: Fictional) -> bytes:
    """A drawn registration photo, frontal on white: JPEG of at most 40 KiB and at least 20 KiB."""
    dice = random.Random(person.document)  # noqa: S311 - the same face for the same person
    wide, high = PHOTO_SIZE
    image = Image.new("RGB", PHOTO_SIZE, (252, 252, 252))
    draw = ImageDraw.Draw(image)
    skin = tuple(base + dice.randint(-14, 10) for base in (232, 198, 170))
    hair, coat = (dice.randint(15, 60),) * 3, tuple(dice.randint(30, 150) for _ in range(3))
    draw.ellipse((wide * 0.10, high * 0.72, wide * 0.90, high * 1.30), fill=coat)
    draw.rectangle((wide * 0.42, high * 0.60, wide * 0.58, high * 0.78), fill=skin)
    draw.ellipse((wide * 0.24, high * 0.16, wide * 0.76, high * 0.66), fill=hair)
    draw.ellipse((wide * 0.28, high * 0.24, wide * 0.72, high * 0.70), fill=skin)
    for side in (0.40, 0.60):
        draw.ellipse(
            (wide * (side - 0.03), high * 0.42, wide * (side + 0.03), high * 0.445), fill=(40, 30, 28)
        )
        draw.line((wide * (side - 0.05), high * 0.39, wide * (side + 0.05), high * 0.388), fill=hair, width=6)
    draw.line((wide * 0.5, high * 0.45, wide * 0.49, high * 0.53), fill=(190, 150, 128), width=4)
    draw.arc((wide * 0.43, high * 0.53, wide * 0.57, high * 0.60), 20, 160, fill=(170, 90, 84), width=5)
    image = image.filter(ImageFilter.GaussianBlur(1.2))
    grain = Image.effect_noise(PHOTO_SIZE, 10 + dice.random() * 4).convert("RGB")
    return _between(Image.blend(image, grain, 0.06), 20 * 1024, 40 * 1024)


def _between(image: Image.Image, least: int, most: int) -> bytes:
    for quality in range(95, 30, -4):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        if buffer.tell() <= most:
            break
    data = buffer.getvalue()
    assert least <= len(data) <= most, f"{len(data)} bytes"
    return data


def _document(dice: random.Random) -> str:
    born = _YOUNGEST - timedelta(days=dice.randint(0, 14_000))
    body = f"99{dice.randint(0, 9999):04d}{born:%Y%m%d}{dice.randint(0, 999):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECK[total % 11]
