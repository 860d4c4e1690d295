"""Our definitions against worked examples others published: to 1e-9 by hand, to every decimal they print."""

import math
from fractions import Fraction

import pytest

from question_bank.statistics.items import analyse_items
from question_bank.statistics.moments import correlation, deviation, mean, spread
from question_bank.statistics.papers import analyse
from question_bank.statistics.reliability import Method, cronbach_alpha, kr20, reliability_of, standard_error
from tests.question_bank.statistics import published
from tests.question_bank.statistics.builders import asked, papers

EXACT = 1e-9


class TestWuensch:
    """Ten students, ten items: the page gives p, pq and the variance; KR-20 follows by hand."""

    table = published.rows(published.WUENSCH)
    columns = published.columns(table)

    def test_the_columns_are_the_ones_printed(self) -> None:
        assert [mean(column) for column in self.columns] == pytest.approx(published.WUENSCH_P, abs=EXACT)
        variances = [spread(column) / 100 for column in self.columns]
        assert variances == pytest.approx(published.WUENSCH_PQ, abs=EXACT)
        totals = [sum(row) for row in self.table]
        assert spread(totals) / 100 == pytest.approx(published.WUENSCH_VARIANCE, abs=EXACT)

    def test_kr20_and_alpha_are_10_9ths_of_1_less_2_18_over_5_84(self) -> None:
        by_hand = float(Fraction(10, 9) * (1 - Fraction(218, 584)))
        assert kr20(self.columns) == pytest.approx(by_hand, abs=EXACT)
        assert cronbach_alpha(self.columns) == pytest.approx(by_hand, abs=EXACT)
        assert by_hand == pytest.approx(0.696347031963470, abs=EXACT)

    def test_the_standard_error_follows(self) -> None:
        found = reliability_of(papers(self.table))
        assert found.method is Method.KR20
        by_hand = math.sqrt(584 / 90) * math.sqrt(1 - 3_660 / 5_256)
        assert found.sem == pytest.approx(by_hand, abs=EXACT)

    def test_the_same_whatever_an_item_is_worth(self) -> None:
        one, other = reliability_of(papers(self.table)), reliability_of(papers(self.table, 250))
        assert other.value == pytest.approx(one.value, abs=EXACT)
        assert other.sem == pytest.approx(250 * (one.sem or 0), abs=EXACT * 250)

    def test_upper_and_lower_group_are_three_students_each(self) -> None:
        """Totals 9 9 | 8 8 7 7 7 7 | 2 2: the upper three are F, H and half of A and G; the lower D, E and a
        quarter each of B, C, I and J.
        """
        found = {one.ref[0]: one for one in analyse_items(papers(self.table), asked(papers(self.table)))}
        # Item 1: F 1, H 1, A 1, G 1 → 3 of 3; D 0, E 0, B 1, C 1, I 0, J 1 → 3/4 of 3.
        assert found["i0"].discrimination == pytest.approx(1 - 0.75 / 3, abs=EXACT)
        # Item 6: F 1, H 1, A 1, G 1 → 3; D 0, E 1, B 1, C 1, I 1, J 0 → 1 + 3/4.
        assert found["i5"].discrimination == pytest.approx(1 - 1.75 / 3, abs=EXACT)
        # Item 9: F 1, H 0, A 1, G 1 → 2; D 0, E 1, B 0, C 0, I 0, J 1 → 1 + 1/4.
        assert found["i8"].discrimination == pytest.approx((2 - 1.25) / 3, abs=EXACT)


class TestLawSchoolAdmissionTest:
    """1,000 candidates, five items: facility, both correlations and alpha as printed, and by hand."""

    table = published.lsat_6()
    found = analyse(papers(table), asked(papers(table)))
    items = {one.ref[0]: one for one in found.items}

    def test_is_the_published_table(self) -> None:
        assert len(self.table) == 1_000

    def test_facility(self) -> None:
        facilities = [self.items[f"i{place}"].facility for place in range(5)]
        assert facilities == pytest.approx(published.LSAT_6_FACILITY, abs=EXACT)

    def test_point_biserial_with_and_without_the_item(self) -> None:
        for place in range(5):
            one = self.items[f"i{place}"]
            assert one.point_biserial == pytest.approx(published.LSAT_6_POINT_BISERIAL[place], abs=5.1e-5)
            assert one.corrected == pytest.approx(published.LSAT_6_CORRECTED[place], abs=5.1e-5)

    def test_point_biserial_is_its_own_formula(self) -> None:
        """(M1 - M0) / s · sqrt(p q), s over n: the textbook's form of the same correlation."""
        totals = [sum(row) for row in self.table]
        n, s = len(totals), math.sqrt(spread(totals)) / len(totals)
        for place in range(5):
            right = [total for row, total in zip(self.table, totals, strict=True) if row[place]]
            wrong = [total for row, total in zip(self.table, totals, strict=True) if not row[place]]
            p = len(right) / n
            by_hand = (sum(right) / len(right) - sum(wrong) / len(wrong)) / s * math.sqrt(p * (1 - p))
            assert self.items[f"i{place}"].point_biserial == pytest.approx(by_hand, abs=EXACT)

    def test_alpha(self) -> None:
        reliability = self.found.paper.reliability
        assert reliability.value == pytest.approx(published.LSAT_6_ALPHA, abs=5e-5)
        # Σ p q = .924·.076 + .709·.291 + .553·.447 + .763·.237 + .870·.130; totals: Σ = 3,819, Σx² = 15,665.
        pq = Fraction(70_224 + 206_319 + 247_191 + 180_831 + 113_100, 1_000_000)
        totals = [sum(row) for row in self.table]
        variance = Fraction(1_000 * sum(t * t for t in totals) - sum(totals) ** 2, 1_000_000)
        by_hand = float(Fraction(5, 4) * (1 - pq / variance))
        assert reliability.value == pytest.approx(by_hand, abs=EXACT)
        assert reliability.sem == pytest.approx((deviation(totals) or 0) * math.sqrt(1 - by_hand), abs=EXACT)


class TestCovarianceExample:
    """E. Cho, "Making reliability reliable", Organizational Research Methods 19 (2016) 651-682, prints the covariance
    matrix 10 6 6 6 / 6 11 6 6 / 6 6 12 6 / 6 6 6 13 with alpha .8136; items of any scale.
    """

    def test_alpha_is_four_thirds_of_72_118ths(self) -> None:
        alpha = float(Fraction(4, 3) * (1 - Fraction(46, 118)))
        assert alpha == pytest.approx(0.8136, abs=5e-5)
        # Sixteen rows with exactly these covariances times a constant: a common part and four of their own.
        assert _with_covariances([10, 11, 12, 13], 6) == pytest.approx(alpha, abs=EXACT)


def _with_covariances(variances: list[int], shared: int) -> float | None:
    """Alpha of whole-number scores with these variances and one covariance, made of parts that do not correlate."""
    size = 32
    signs = [[1 if index >> bit & 1 else -1 for index in range(size)] for bit in range(5)]
    scale = 10**12
    common = [math.isqrt(shared * scale**2) * sign for sign in signs[0]]
    columns = []
    for place, variance in enumerate(variances):
        own = math.isqrt((variance - shared) * scale**2)
        columns.append([c + own * sign for c, sign in zip(common, signs[place + 1], strict=True)])
    return cronbach_alpha(columns)


class TestStandardError:
    def test_is_sd_times_the_root_of_1_less_reliability(self) -> None:
        """The textbook's case: SD 15, reliability .91 → 4.5."""
        # Two totals fifteen roots of two apart have SD 15.
        totals = [0, 150_000_000, 75_000_000]
        sd = deviation(totals)
        assert sd == pytest.approx(75_000_000, abs=1e-6)
        assert standard_error(totals, 0.91) == pytest.approx(sd * 0.3, abs=1e-6)


class TestCorrelation:
    def test_is_one_for_the_same_and_minus_one_for_the_reverse(self) -> None:
        assert correlation([1, 2, 3], [10, 20, 30]) == 1.0
        assert correlation([1, 2, 3], [3, 2, 1]) == -1.0
