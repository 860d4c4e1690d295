"""The wordings of everything a foreign format can have wrong, gathered for its findings."""

from question_bank.importing.text_wording import TEXT_WORDING

WORDINGS: dict[str, tuple[str, str]] = {**TEXT_WORDING}
