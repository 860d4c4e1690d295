"""What a blueprint may ask beside the outline: shares of difficulty, and rest for items many people have seen."""

from collections import Counter
from dataclasses import replace

import pytest

from question_bank.blueprint import Blueprint, BlueprintError, DifficultyShares, read_blueprint
from question_bank.commitment import DrawInputs
from question_bank.coverage import WornItems, coverage
from question_bank.difficulty import Band, band_of
from question_bank.draw import draw
from question_bank.items import Kind
from question_bank.pinned_bank import PinnedBank
from tests.question_bank.builders import SECRET, make_bank, make_blueprint, make_inputs, make_outline

SHARES = DifficultyShares(easy=30, medium=50, hard=20)


def _graded_bank(difficulties: tuple[int, ...] = (90, 80, 60, 50, 45, 20)) -> PinnedBank:
    """On every point so many items of each kind as there are difficulties."""
    bank = make_bank(make_outline(points=6), dict.fromkeys((Kind.TRUE_FALSE, Kind.SINGLE), len(difficulties)))
    items = tuple(
        item._replace(difficulty=difficulties[int(item.code.rpartition("/")[2])]) for item in bank.items
    )
    return replace(bank, items=items)


def _asking(blueprint: Blueprint, *sections: int) -> Blueprint:
    """The blueprint with the shares asked of these sections."""
    return blueprint.model_copy(
        update={
            "sections": tuple(
                section.model_copy(update={"difficulty": SHARES}) if index in sections else section
                for index, section in enumerate(blueprint.sections)
            )
        }
    )


def _bands(inputs: DrawInputs, section: int) -> set[tuple[tuple[Band, int], ...]]:
    """How many items of each band the papers have in a section: one entry when all are alike."""
    share = {item.code: item.difficulty for item in inputs.banks[0].items}
    found = set()
    for paper in draw(inputs, SECRET).papers:
        bands = Counter(band_of(share[slot.item] or 0) for slot in paper.slots if slot.section == section)
        found.add(tuple(sorted(bands.items())))
    return found


class TestDifficultyShares:
    def test_every_paper_has_the_same_number_of_easy_medium_and_hard_items(self) -> None:
        inputs = make_inputs(_graded_bank(), _asking(make_blueprint(10, 20, 0), 1), attempts=30)
        assert _bands(inputs, 1) == {((Band.EASY, 6), (Band.HARD, 4), (Band.MEDIUM, 10))}
        assert coverage(inputs).blueprints[0].band_deviations == ()

    def test_another_section_of_the_same_kind_takes_what_is_left(self) -> None:
        plain = make_blueprint(0, 10, 0)
        both = plain.model_copy(update={"sections": plain.sections * 2, "full_score": 2_000})
        inputs = make_inputs(_graded_bank(), _asking(both, 1), attempts=20)
        assert _bands(inputs, 1) == {((Band.EASY, 3), (Band.HARD, 2), (Band.MEDIUM, 5))}

    def test_what_the_bank_cannot_give_is_told_and_taken_from_other_bands(self) -> None:
        inputs = make_inputs(_graded_bank((90, 80)), _asking(make_blueprint(0, 10, 0), 0), attempts=4)
        found = {
            (each.band, each.quota, each.planned) for each in coverage(inputs).blueprints[0].band_deviations
        }
        assert found == {(Band.EASY, 3, 10), (Band.MEDIUM, 5, 0), (Band.HARD, 2, 0)}
        assert _bands(inputs, 0) == {((Band.EASY, 10),)}

    def test_ranges_hold_before_the_shares_do(self) -> None:
        bank = _graded_bank()
        # The first chapter has easy items only; its share of the paper must not move to the others.
        items = tuple(item for item in bank.items if item.point > "2" or (item.difficulty or 0) >= 80)
        report = coverage(
            make_inputs(replace(bank, items=items), _asking(make_blueprint(0, 24, 0), 0), attempts=4)
        ).blueprints[0]
        assert report.deviations == ()
        easy = next(each for each in report.band_deviations if each.band is Band.EASY)
        assert (easy.quota, easy.planned) == (7, 8)

    def test_are_read_from_the_file_and_refused_by_name(self) -> None:
        text = (
            'code = "B"\ntitle = "试卷"\noutline = "O"\nfull_score = 1000\nexposure_max = 40\n'
            '[[sections]]\ntitle = "单选"\nkind = "single"\ncount = 10\nscore_each = 100\n'
            "difficulty = { easy = 30, medium = 50, hard = 20 }\n"
        )
        read = read_blueprint(text.encode())
        assert (read.sections[0].difficulty, read.exposure_max) == (SHARES, 40)
        with pytest.raises(BlueprintError, match=r"sections.1.difficulty.*100"):
            read_blueprint(text.replace("hard = 20", "hard = 21").encode())


class TestExposureMaximum:
    def _worn(self, every: int) -> DrawInputs:
        """Items whose number on their point is below `every` were on 50 papers already."""
        bank = make_bank(make_outline(), {Kind.SINGLE: 6})
        worn = {item.code: 50 for item in bank.items if int(item.code.rpartition("/")[2]) < every}
        blueprint = make_blueprint(0, 12, 0).model_copy(update={"exposure_max": 40})
        return make_inputs(replace(bank, exposure=worn), blueprint, attempts=60)

    def test_items_at_the_maximum_rest_however_many_papers_are_drawn(self) -> None:
        inputs = self._worn(3)
        drawn = draw(inputs, SECRET)
        sat = {slot.item for paper in drawn.papers for slot in paper.slots}
        assert not sat & inputs.banks[0].exposure.keys()
        assert drawn.report.blueprints[0].worn == 0
        assert coverage(inputs).blueprints[0].worn == WornItems(resting=3 * 48, returned=0)

    def test_without_a_maximum_they_only_wait(self) -> None:
        inputs = self._worn(3)
        free = inputs.blueprints[0].model_copy(update={"exposure_max": None})
        drawn = draw(replace(inputs, blueprints=(free,)), SECRET)
        sat = {slot.item for paper in drawn.papers for slot in paper.slots}
        assert sat & inputs.banks[0].exposure.keys()

    def test_a_cell_that_would_be_empty_gets_back_two_papers_worth_and_tells(self) -> None:
        inputs = self._worn(6)
        report = coverage(inputs).blueprints[0]
        assert report.worn.resting == 6 * 48
        # Twelve groups of which each gives one item a paper.
        assert report.worn.returned == 2 * 12
        drawn = draw(inputs, SECRET)
        assert len(drawn.papers) == 60
        assert drawn.report.blueprints[0].worn == drawn.report.blueprints[0].items_used

    def test_the_least_used_come_back_first(self) -> None:
        bank = make_bank(make_outline(1, 1, 1, 2), {Kind.SINGLE: 6})
        exposure = {item.code: 50 + int(item.code.rpartition("/")[2]) for item in bank.items}
        blueprint = make_blueprint(0, 1, 0, each=1_000).model_copy(update={"exposure_max": 40})
        drawn = draw(make_inputs(replace(bank, exposure=exposure), blueprint, attempts=9), SECRET)
        assert {slot.item[-1] for paper in drawn.papers for slot in paper.slots} == {"0"}


class TestCoverage:
    def test_names_points_with_one_item_and_counts_what_a_paper_asks_of_each_importance(self) -> None:
        bank = make_bank(make_outline(), {Kind.SINGLE: 2})
        single = {"1.1.1-00", "2.1.1-01"}
        items = tuple(item for item in bank.items if item.point not in single or item.code.endswith("/0"))
        unknown = tuple(item._replace(difficulty=None) if i < 3 else item for i, item in enumerate(items))
        inputs = make_inputs(
            replace(bank, items=unknown, exposure={items[5].code: 7}), make_blueprint(0, 36, 0)
        )
        found = coverage(inputs).blueprints[0]
        assert (found.items, set(found.scarce), found.unknown, found.exposure) == (94, single, 3, 7)
        assert sum(found.importance.values()) == 36
        assert found.importance["X"] > found.importance.get("Y", 0)

    def test_what_a_range_lacks_is_asked_of_its_core_points_first(self) -> None:
        outline = make_outline(2, 1, 1, 8)
        bank = make_bank(outline, {Kind.SINGLE: 1})
        # No item about the Y points: what they would have given goes to X, not to Z.
        items = tuple(item for item in bank.items if not item.point.endswith(("-02", "-06")))
        inputs = make_inputs(replace(bank, items=items), make_blueprint(0, 8, 0, each=250))
        whole = coverage(make_inputs(bank, make_blueprint(0, 8, 0, each=250))).blueprints[0].importance
        found = coverage(inputs).blueprints[0].importance
        assert found["X"] == whole["X"] + whole["Y"]
        assert found.get("Z", 0) == whole.get("Z", 0)
