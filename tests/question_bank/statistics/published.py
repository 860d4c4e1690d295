"""Worked examples others published, with the figures they print."""

from collections.abc import Mapping, Sequence

# Karl L. Wuensch, "The Kuder-Richardson 20", East Carolina University, core.ecu.edu/wuenschk/StatHelp/KR20.txt: ten
# students, ten items, with p, q, pq, the item variances and the variance of the totals over n, 5.84.
WUENSCH: Sequence[str] = (
    "1111110110",
    "1011011101",
    "1111011001",
    "0010001000",
    "0000010010",
    "1110111111",
    "1101110111",
    "1111111101",
    "0101111101",
    "1101101110",
)
WUENSCH_P = (0.7, 0.7, 0.6, 0.7, 0.6, 0.8, 0.7, 0.7, 0.5, 0.6)
WUENSCH_PQ = (0.21, 0.21, 0.24, 0.21, 0.24, 0.16, 0.21, 0.21, 0.25, 0.24)
WUENSCH_VARIANCE = 5.84

# R. D. Bock and M. Lieberman, "Fitting a response model for n dichotomously scored items", Psychometrika 35 (1970)
# 179-197, table 1: how many of 1,000 candidates gave each pattern of answers to section 6 of the Law School Admission
# Test. The figures beneath are those D. Rizopoulos prints of these data in "ltm: an R package for latent variable
# modeling and item response theory analyses", Journal of Statistical Software 17 (2006), issue 5, section 3.1.
LSAT_6: Mapping[str, int] = {
    "00000": 3, "00001": 6, "00010": 2, "00011": 11, "00100": 1, "00101": 1, "00110": 3, "00111": 4,
    "01000": 1, "01001": 8, "01010": 0, "01011": 16, "01100": 0, "01101": 3, "01110": 2, "01111": 15,
    "10000": 10, "10001": 29, "10010": 14, "10011": 81, "10100": 3, "10101": 28, "10110": 15, "10111": 80,
    "11000": 16, "11001": 56, "11010": 21, "11011": 173, "11100": 11, "11101": 61, "11110": 28, "11111": 298,
}  # fmt: skip
LSAT_6_FACILITY = (0.924, 0.709, 0.553, 0.763, 0.870)
LSAT_6_POINT_BISERIAL = (0.3620, 0.5668, 0.6184, 0.5344, 0.4354)
LSAT_6_CORRECTED = (0.1128, 0.1532, 0.1728, 0.1444, 0.1216)
LSAT_6_ALPHA = 0.2950


def rows(patterns: Sequence[str]) -> list[list[int]]:
    return [[int(mark) for mark in pattern] for pattern in patterns]


def lsat_6() -> list[list[int]]:
    """One row for each of the 1,000 candidates."""
    return rows([pattern for pattern, count in LSAT_6.items() for _ in range(count)])


def columns(table: Sequence[Sequence[int]]) -> list[list[int]]:
    return [list(column) for column in zip(*table, strict=True)]
