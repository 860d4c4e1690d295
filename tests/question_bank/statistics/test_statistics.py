"""Statistics where there is little or nothing, where everybody had another paper, and what they make people look at."""

import math
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.items import Kind
from question_bank.statistics.concerns import Code
from question_bank.statistics.difficulty import propose
from question_bank.statistics.groups import groups_by
from question_bank.statistics.items import ItemStatistics, analyse_items
from question_bank.statistics.moments import deviation, mean, median
from question_bank.statistics.papers import analyse, analyse_papers
from question_bank.statistics.reliability import Method, Why, cronbach_alpha, kr20, reliability_of
from question_bank.statistics.taken import AskedItem, TakenItem, TakenPaper
from question_bank.statistics.time_used import TIME_MS_MAX, time_used
from tests.question_bank.statistics.builders import asked, choices, paper, papers, ref

TABLES = st.integers(1, 6).flatmap(
    lambda items: st.lists(st.lists(st.integers(0, 1), min_size=items, max_size=items), max_size=12)
)


def codes(one: ItemStatistics) -> list[Code]:
    return [concern.code for concern in one.concerns]


class TestUndefined:
    def test_of_nobody_nothing_is_said(self) -> None:
        found = analyse([], {})
        assert (found.paper.n, found.paper.mean, found.paper.sd, found.paper.median) == (0, None, None, None)
        assert (found.paper.lowest, found.paper.bars, found.items) == (None, (), ())
        assert found.paper.reliability.why_not is Why.TOO_FEW

    def test_one_candidate_has_a_facility_and_nothing_else(self) -> None:
        taken = papers([[1, 0]])
        one = analyse_items(taken, asked(taken))[0]
        assert (one.facility, one.discrimination, one.point_biserial, one.corrected) == (
            1.0,
            None,
            None,
            None,
        )
        assert analyse_papers(taken).sd is None

    def test_without_variance_there_is_no_correlation_and_no_reliability(self) -> None:
        taken = papers([[1, 0], [1, 0], [1, 0]])
        for one in analyse_items(taken, asked(taken)):
            assert (one.discrimination, one.point_biserial, one.corrected) == (None, None, None)
        assert reliability_of(taken).why_not is Why.NO_VARIANCE
        assert cronbach_alpha([[1, 1], [0, 0]]) is None
        assert kr20([[1, 1], [0, 0]]) is None

    def test_one_item_is_no_test(self) -> None:
        assert cronbach_alpha([[1, 0, 1]]) is None
        assert reliability_of(papers([[1], [0]])).why_not is Why.ONE_ITEM

    def test_an_item_everybody_got_right_correlates_with_nothing(self) -> None:
        taken = papers([[1, 0], [1, 1], [1, 1]])
        easy = next(one for one in analyse_items(taken, asked(taken)) if one.ref == ref("i0"))
        assert (easy.facility, easy.point_biserial, easy.discrimination) == (1.0, None, 0.0)

    def test_kr20_is_of_noughts_and_ones_only(self) -> None:
        assert kr20([[1, 0, 2], [0, 1, 1]]) is None
        assert kr20([]) is None

    @given(TABLES)
    def test_never_raises_and_never_says_nan(self, table: list[list[int]]) -> None:
        taken = papers(table, 3)
        found = analyse(taken, asked(taken))
        figures = [
            found.paper.mean,
            found.paper.sd,
            found.paper.reliability.value,
            found.paper.reliability.sem,
        ]
        for one in found.items:
            figures += [one.facility, one.discrimination, one.point_biserial, one.corrected]
            for bounded in (one.discrimination, one.point_biserial, one.corrected):
                assert bounded is None or -1 <= bounded <= 1
        assert all(figure is None or math.isfinite(figure) for figure in figures)
        assert sum(bar.count for bar in found.paper.bars) == found.paper.n


class TestMoments:
    def test_the_middle_of_an_even_number_lies_between_two(self) -> None:
        assert (median([4, 1, 3]), median([4, 1, 3, 2]), median([])) == (3.0, 2.5, None)
        assert mean([1, 2]) == 1.5
        assert deviation([2, 4, 4, 4, 5, 5, 7, 9]) == pytest.approx(math.sqrt(32 / 7), abs=1e-12)


class TestGroups:
    def test_are_27_in_100_at_each_end(self) -> None:
        found = groups_by(list(range(100)))
        assert found is not None
        assert found.size == 27
        assert [float(one) for one in found.upper] == [0.0] * 73 + [1.0] * 27
        assert [float(one) for one in found.lower] == [1.0] * 27 + [0.0] * 73

    def test_who_is_tied_at_the_edge_shares_the_places_left(self) -> None:
        found = groups_by([5, 4, 4, 4, 1, 1, 1, 1, 1, 1])
        assert found is not None
        assert found.size == 3
        assert [float(one) for one in found.upper[:4]] == [1, 2 / 3, 2 / 3, 2 / 3]
        assert [float(one) for one in found.lower[4:]] == [0.5] * 6

    @given(st.lists(st.integers(0, 5), min_size=2, max_size=40))
    def test_hold_as_many_as_they_say_in_whatever_order(self, totals: list[int]) -> None:
        found = groups_by(totals)
        if found is None:
            assert len(set(totals)) == 1
            return
        assert sum(found.upper) == sum(found.lower) == found.size
        turned = groups_by(totals[::-1])
        assert turned is not None
        assert turned.upper == found.upper[::-1]


class TestDrawnPapers:
    """Each candidate had other items of the same bank: alpha means nothing, the stratified-parallel estimate does."""

    def test_one_section_of_right_and_wrong_is_lords_binomial_error(self) -> None:
        """x(n-x)/(n-1) for 8, 5 and 2 right of 10: 16/9, 25/9, 16/9; totals 8 5 2 have variance 9."""
        taken = [
            paper({f"{who}-{place}": int(place < right) for place in range(10)})
            for who, right in enumerate((8, 5, 2))
        ]
        found = reliability_of(taken)
        assert found.method is Method.STRATIFIED_PARALLEL
        error = (16 / 9 + 25 / 9 + 16 / 9) / 3
        assert found.value == pytest.approx(1 - error / 9, abs=1e-9)
        assert found.sem == pytest.approx(math.sqrt(error), abs=1e-9)

    def test_sections_are_strata(self) -> None:
        """What differs between sections is no error: each section alone has none here."""
        taken = [
            TakenPaper(
                (
                    *paper({f"{who}a": 5, f"{who}b": 5}, 5, 0).items,
                    *paper({f"{who}c": who, f"{who}d": who}, 5, 1).items,
                )
            )
            for who in range(3)
        ]
        assert reliability_of(taken).value == 1.0

    def test_a_section_of_one_item_tells_nothing_of_its_error(self) -> None:
        taken = [paper({f"{who}": who}, 5) for who in range(3)]
        assert reliability_of(taken).why_not is Why.ONE_ITEM

    def test_comes_near_alpha_where_items_are_alike(self) -> None:
        """A bank of 400 equal items, 300 candidates of normal ability: both see the same reliability."""
        chance = random.Random(7)
        abilities = [min(0.95, max(0.05, chance.gauss(0.6, 0.15))) for _ in range(300)]
        one_form = [paper({f"i{k}": int(chance.random() < p) for k in range(60)}) for p in abilities]
        drawn = [
            paper({f"i{k}": int(chance.random() < p) for k in chance.sample(range(400), 60)})
            for p in abilities
        ]
        alpha, parallel = reliability_of(one_form).value, reliability_of(drawn).value
        assert alpha is not None
        assert parallel is not None
        assert abs(alpha - parallel) < 0.05

    def test_an_item_is_judged_by_those_who_had_it(self) -> None:
        taken = [paper({"a": 1, "b": 0}), paper({"a": 1, "c": 1}), paper({"c": 0, "b": 0})]
        found = {one.ref[0]: one for one in analyse_items(taken, asked(taken))}
        assert {code: (one.n, one.facility) for code, one in found.items()} == {
            "a": (2, 1.0),
            "b": (2, 0.0),
            "c": (2, 0.5),
        }

    def test_the_parts_of_a_case_are_one_item(self) -> None:
        rows = [(1, 1, 0), (0, 0, 1), (1, 1, 1), (0, 0, 0)]
        taken = [
            TakenPaper(
                (
                    TakenItem(("C", 1, 0), 0, a, 1),
                    TakenItem(("C", 1, 1), 0, b, 1),
                    TakenItem(("D", 1, None), 1, c, 2),
                )
            )
            for a, b, c in rows
        ]
        case, other = [a + b for a, b, _ in rows], [c for *_, c in rows]
        assert reliability_of(taken).value == cronbach_alpha([case, other])
        assert reliability_of(taken).method is Method.ALPHA


class TestWaitingForAssessors:
    def test_a_paper_without_a_total_is_counted_apart(self) -> None:
        taken = [*papers([[1, 0], [1, 1]]), paper({"i0": 1, "i1": None})]
        found = analyse(taken, asked(taken))
        assert (found.paper.n, found.paper.pending) == (2, 1)
        assert {one.n for one in found.items} == {2}


def _class_of(*groups: tuple[int, int, int]) -> list[tuple[int, int]]:
    """So many candidates each with (count, option picked, ability)."""
    return [(picked, ability) for count, picked, ability in groups for _ in range(count)]


class TestConcerns:
    def found(self, picks: list[tuple[int, int]], **how: object) -> ItemStatistics:
        taken, described = choices(picks, **how)  # type: ignore[arg-type]
        return next(one for one in analyse_items(taken, described) if one.ref == ref("Q"))

    def test_a_sound_item_is_left_alone(self) -> None:
        one = self.found(_class_of((25, 0, 900), (5, 1, 500), (5, 2, 300), (5, 3, 200), (10, 0, 400)))
        assert codes(one) == []

    def test_a_wrong_key_is_suspected_first(self) -> None:
        one = self.found(_class_of((20, 2, 900), (2, 0, 800), (10, 0, 200), (5, 1, 100), (5, 3, 100)))
        assert codes(one)[:2] == [Code.KEY_SUSPECTED, Code.NEGATIVE]
        assert one.concerns[0].option == 2

    def test_a_distractor_the_best_prefer_is_named(self) -> None:
        one = self.found(_class_of((8, 0, 950), (6, 1, 940), (14, 0, 300), (6, 2, 100), (6, 3, 90)))
        assert Code.BEST_MISLED in codes(one)
        assert next(c.option for c in one.concerns if c.code is Code.BEST_MISLED) == 1
        assert Code.KEY_SUSPECTED not in codes(one)

    def test_an_option_nobody_chose_does_not_work(self) -> None:
        one = self.found(_class_of((24, 0, 900), (8, 1, 300), (8, 2, 200)))
        assert codes(one) == [Code.UNUSED]
        assert one.concerns[0].option == 3

    def test_too_easy_and_too_hard(self) -> None:
        assert Code.TOO_EASY in codes(self.found(_class_of((39, 0, 900), (1, 1, 100), (10, 0, 300))))
        assert Code.TOO_HARD in codes(self.found(_class_of((5, 0, 900), (20, 1, 300), (20, 2, 200))))

    def test_of_two_options_guessing_gives_one_half(self) -> None:
        picks = _class_of((10, 0, 900), (8, 0, 100), (22, 1, 300))
        assert Code.TOO_HARD in codes(self.found(picks, options=2, kind=Kind.TRUE_FALSE))
        assert Code.TOO_HARD not in codes(self.found(picks))

    def test_omitted_often(self) -> None:
        taken, described = choices(_class_of((20, 0, 900), (20, 1, 100)))
        silent = [
            TakenPaper((one.items[0]._replace(chosen=(), score=0, answered=False), one.items[1]))
            for one in taken[:6]
        ]
        found = next(o for o in analyse_items(silent + taken, described) if o.ref == ref("Q"))
        assert found.omitted == 6
        assert Code.OMITTED in codes(found)

    def test_of_few_candidates_nothing_is_said(self) -> None:
        assert codes(self.found(_class_of((10, 2, 900), (10, 0, 100)))) == []

    def test_of_an_item_that_is_void_nothing_is_said(self) -> None:
        taken, described = choices(_class_of((20, 2, 900), (20, 0, 100)))
        described[ref("Q")] = described[ref("Q")]._replace(void=True)
        assert all(not one.concerns for one in analyse_items(taken, described) if one.ref == ref("Q"))

    def test_of_several_right_options_each_is_judged(self) -> None:
        taken = [
            TakenPaper((TakenItem(ref("M"), 0, 0, 10, chosen), TakenItem(ref("a"), 0, ability, 1_000)))
            for chosen, ability in [((0, 1), 900)] * 20 + [((0,), 100)] * 20
        ]
        described = {ref("M"): AskedItem(Kind.MULTIPLE, 4, ((0, 2),)), ref("a"): AskedItem(Kind.ORDERING)}
        one = next(o for o in analyse_items(taken, described) if o.ref == ref("M"))
        assert [c.option for c in one.concerns if c.code is Code.KEY_SUSPECTED] == [1, 2]

    def test_those_to_look_at_stand_first(self) -> None:
        taken, described = choices(_class_of((20, 2, 900), (2, 0, 800), (20, 0, 100)))
        assert analyse_items(taken, described)[0].ref == ref("Q")


class TestOptions:
    def test_are_counted_by_group(self) -> None:
        picks = [(0, 1_000 - place) for place in range(60)] + [(1, 100 - place) for place in range(40)]
        taken, described = choices(picks)
        one = next(o for o in analyse_items(taken, described) if o.ref == ref("Q"))
        key, other = one.options[:2]
        assert (key.count, key.share, key.right, other.right) == (60, 0.6, True, False)
        assert (key.upper, key.lower, other.upper, other.lower) == (1.0, 0.0, 0.0, 1.0)
        assert key.middle == pytest.approx(33 / 46, abs=1e-12)
        assert key.correlation == pytest.approx(-(other.correlation or 0), abs=1e-12)


class TestTimeUsed:
    def test_is_the_time_since_the_answer_before(self) -> None:
        assert time_used(1_000, [(31_000, 1), (41_000, 2), (44_000, 1)]) == {1: 33_000, 2: 10_000}

    def test_pauses_and_very_long_gaps_are_no_time_on_an_item(self) -> None:
        assert time_used(0, [(60_000, 1)], [(10_000, 40_000)]) == {1: 30_000}
        late = TIME_MS_MAX + 1
        assert time_used(0, [(late, 1), (late + 5, 2)]) == {2: 5}

    @given(st.lists(st.tuples(st.integers(-9, 10**9), st.integers(1, 9)), max_size=20))
    def test_never_below_zero_whatever_clocks_said(self, saved: list[tuple[int, int]]) -> None:
        assert all(spent >= 0 for spent in time_used(0, saved).values())


class TestProposals:
    def test_pool_what_was_observed_over_sessions(self) -> None:
        one = papers([[1, 1]] * 20 + [[0, 1]] * 20)
        other = papers([[1, 0]] * 40)
        found = propose([analyse_items(one, asked(one)), analyse_items(other, asked(other))])
        assert [(each.item, each.difficulty, each.n) for each in found] == [("i0", 75, 80), ("i1", 50, 80)]
        assert found[1].standard_error == 6

    def test_too_few_candidates_propose_nothing(self) -> None:
        few = papers([[1, 1]] * 29)
        assert propose([analyse_items(few, asked(few))]) == ()


def test_two_thousand_drawn_papers_are_analysed_in_seconds() -> None:
    chance = random.Random(1)
    taken = [
        paper({f"i{k}": chance.randint(0, 1) for k in chance.sample(range(5_000), 100)}) for _ in range(2_000)
    ]
    begun = time.process_time()
    found = analyse(taken, asked(taken))
    assert found.paper.n == 2_000
    assert time.process_time() - begun < 10
