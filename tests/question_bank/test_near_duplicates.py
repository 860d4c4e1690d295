"""Items nearly the same are found, each with the one most like it, and a bank of one pattern costs no more."""

import random

from question_bank.items import Item
from question_bank.near_duplicates import COMPARED_MAX, SIMILAR_PERCENT, near_duplicates
from tests.question_bank.builders import make_item

STEM = "混凝土浇筑完毕后应在多少小时以内加以覆盖并保湿养护"
OPTIONS = ("六小时", "八小时", "十二小时", "二十四小时")


def item(code: str, stem: str = STEM, options: tuple[str, ...] = OPTIONS) -> Item:
    return make_item(code, stem=stem, options=options)


def found(*items: Item) -> list[tuple[int, int]]:
    return [(each.place, each.earlier) for each in near_duplicates(items)]


def test_a_word_changed_in_a_long_question_is_found() -> None:
    other = item(
        "B", stem="脚手架作业层上的施工荷载应符合设计要求且不得超载", options=("甲方", "乙方", "监理", "设计")
    )
    assert found(item("A"), other, item("C", stem=STEM.replace("浇筑", "灌注"))) == [(2, 0)]


def test_order_of_options_width_and_punctuation_do_not_hide_it() -> None:
    changed = item("B", stem=f" {STEM.replace('应', '应当')}（　　）。", options=(*OPTIONS[1:], OPTIONS[0]))
    (near,) = near_duplicates([item("A"), changed])
    assert near.percent >= SIMILAR_PERCENT


def test_the_very_same_words_are_a_duplicate_not_a_near_one() -> None:
    assert found(item("A"), item("B", stem=STEM + "。")) == []


def test_other_options_make_another_question() -> None:
    one = item("A", stem="下列说法正确的是", options=("甲一乙二", "丙三丁四", "戊五己六", "庚七辛八"))
    two = item("B", stem="下列说法正确的是", options=("子九丑十", "寅百卯千", "辰万巳亿", "午兆未京"))
    assert found(one, two) == []


def test_the_most_alike_is_named() -> None:
    near, far = item("A", stem=STEM.replace("小时以内", "天")), item("B", stem=STEM.replace("多少", "几"))
    assert found(near, far, item("C")) == [(2, 1)] or found(near, far, item("C")) == [(1, 0), (2, 1)]


def test_every_copy_with_one_character_changed_is_found_among_thousands() -> None:
    rng = random.Random(7)

    def words(count: int) -> str:
        return "".join(chr(0x4E00 + rng.randrange(2_000)) for _ in range(count))

    first = [item(f"A{n}", words(40), (words(8), words(8), words(8), words(8))) for n in range(1_000)]
    copies = [
        item(f"B{n}", f"{each.stem[:20]}改{each.stem[21:]}", each.options) for n, each in enumerate(first)
    ]
    assert found(*first, *copies) == [(1_000 + n, n) for n in range(1_000)]


def test_since_a_place_only_newer_items_are_looked_at() -> None:
    items = [
        item("A"),
        item("B", stem=STEM.replace("浇筑", "灌注")),
        item("C", stem=STEM.replace("覆盖", "遮盖")),
    ]
    assert {each.place for each in near_duplicates(items, since=2)} == {2}


def test_a_bank_of_one_pattern_is_compared_a_bounded_number_of_times() -> None:
    items = [
        item(f"Q{n}", stem=f"第{n}号基坑的支护方案中下列说法正确的是", options=OPTIONS) for n in range(300)
    ]
    near = list(near_duplicates(items))
    assert len(near) >= 290
    assert COMPARED_MAX < 300
