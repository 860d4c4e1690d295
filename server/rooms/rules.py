"""How a room's seats are laid out and numbered: pure, knows no table."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

ROWS_MAX = 60
COLUMNS_MAX = 60
SEATS_MAX = 500
"""Seats of one room; a larger hall is several rooms."""

SPARE_SHARE = 0.10
"""Fewer spare seats than this share are a warning (practice elsewhere; ours)."""

SITE_SEATS = 200
"""A site's rooms together have at least so many seats (S2); fewer are a warning, a room of 30 is legal."""


class Numbering(StrEnum):
    """In which order seats are numbered; S-shaped: every other column or row runs back."""

    S_COLUMNS = "s_columns"
    S_ROWS = "s_rows"
    COLUMNS = "columns"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Place:
    """A seat's number and where it stands; row 1 is at the front, column 1 at the left as seen from the back."""

    number: int
    row: int
    column: int
    spare: bool = False


class BadLayout(ValueError):
    """The layout contradicts itself; the text says where, in Chinese and English."""


def places(
    rows: int,
    columns: int,
    numbering: Numbering,
    gaps: Collection[tuple[int, int]] = (),
    spare: Collection[int] = (),
) -> list[Place]:
    """Number the seats of a room; ``gaps`` are (row, column) without a seat. Raises :class:`BadLayout`."""
    outside = [gap for gap in gaps if not (1 <= gap[0] <= rows and 1 <= gap[1] <= columns)]
    if outside:
        raise BadLayout(f"空位 {outside[0]} 不在 {rows} 行 {columns} 列内 / the gap {outside[0]} is outside")
    by_column = numbering in (Numbering.COLUMNS, Numbering.S_COLUMNS)
    turning = numbering in (Numbering.S_COLUMNS, Numbering.S_ROWS)
    lines, length = (columns, rows) if by_column else (rows, columns)
    found: list[Place] = []
    for line in range(1, lines + 1):
        along = range(length, 0, -1) if turning and line % 2 == 0 else range(1, length + 1)
        for step in along:
            row, column = (step, line) if by_column else (line, step)
            if (row, column) not in gaps:
                number = len(found) + 1
                found.append(Place(number, row, column, number in spare))
    if not 1 <= len(found) <= SEATS_MAX:
        raise BadLayout(
            f"机位数 {len(found)}，应为 1 至 {SEATS_MAX} / {len(found)} seats, 1 to {SEATS_MAX} expected"
        )
    unknown = sorted(set(spare) - {place.number for place in found})
    if unknown:
        raise BadLayout(f"备用机位 {unknown[0]} 不存在 / there is no seat {unknown[0]} to be spare")
    return found


def too_few_spare(seats: Collection[Place]) -> bool:
    """Whether a room has fewer spare seats than is practice."""
    return sum(place.spare for place in seats) < SPARE_SHARE * sum(not place.spare for place in seats)
