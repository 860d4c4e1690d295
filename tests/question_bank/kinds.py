"""Items of every kind, and the answer that is right for a slot of a drawn paper."""

from question_bank.blanks import Blank
from question_bank.items import LETTERS, Item, Kind
from question_bank.papers import Slot
from tests.question_bank.builders import make_item

_PREMISES = ("动火作业", "高处作业", "临时用电")


def make_any(code: str, kind: Kind, point: str = "", difficulty: int | None = 60, parts: int = 3) -> Item:
    """An item of any kind; a case has so many parts: a single choice, a multiple choice, a short answer in turn."""
    about: dict[str, object] = {"point": point, "difficulty": difficulty}
    if kind in (Kind.TRUE_FALSE, Kind.SINGLE, Kind.MULTIPLE):
        return make_item(code, kind, **about)
    fields: dict[Kind, dict[str, object]] = {
        Kind.FILL_IN: {"blanks": (Blank(accepted=("三宝",)), Blank(accepted=("安全带",)))},
        Kind.ORDERING: {"options": tuple(f"步骤{step}" for step in range(6)), "key": (3, 0, 5, 1, 4, 2)},
        Kind.MATCHING: {"options": ("甲", "乙", "丙", "丁"), "premises": _PREMISES, "key": (2, 0, 3)},
        Kind.SHORT_ANSWER: {"reference": "先断电, 后抢救。"},
        Kind.CASE: {},
    }
    if kind is Kind.CASE:
        kinds = (Kind.SINGLE, Kind.MULTIPLE, Kind.SHORT_ANSWER)
        fields[kind]["parts"] = tuple(make_any(f"{code}-{part}", kinds[part % 3]) for part in range(parts))
    return Item.model_validate({"code": code, "kind": kind, "stem": f"题干 {code}", **about, **fields[kind]})


def right_answer(item: Item, slot: Slot) -> list[str]:
    """What a candidate who knows everything sends for this slot, in the letters the slot shows."""
    asked = item if slot.part is None else item.parts[slot.part]
    if asked.kind is Kind.FILL_IN:
        return [blank.accepted[0] for blank in asked.blanks]
    if asked.kind is Kind.SHORT_ANSWER:
        return ["断电"]
    letters = [LETTERS[slot.option_order.index(option)] for option in asked.key]
    return letters if asked.kind in (Kind.ORDERING, Kind.MATCHING) else sorted(letters)
