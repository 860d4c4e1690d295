"""GIFT: Moodle's text format of questions and answers in braces."""

from question_bank.importing.gift.blocks import looks_like_gift
from question_bank.importing.gift.reading import read_gift

__all__ = ["looks_like_gift", "read_gift"]
