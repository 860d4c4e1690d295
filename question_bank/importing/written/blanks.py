"""Gaps of a fill-in and the answers for them, as people write both."""

import re

from question_bank.importing.drafts import GAP, BlankDraft
from question_bank.notation import number_of

_GAPS = re.compile(r"[_＿﹍]{2,}|[(（][\s_＿\u3000]*[)）]|[【\[][\s_＿\u3000]*[】\]]")
_SEPARATORS = (r"[;；|]", r"[\n]", r"[、，,]", r"[ \t\u3000]{1,}")
_ORDINAL = re.compile(r"(?:[(（](\d{1,2})[)）]|([①-⑩])|(?:^|(?<=[\s;；,，、。]))(\d{1,2})[.．、](?!\d))\s*")
# Between Latin letters or digits a stroke is part of the answer: km/h, 1/2, AC/DC.
_STROKE = re.compile(r"(?<![A-Za-z0-9%°])\s*[/／]\s*|\s*[/／]\s*(?![A-Za-z0-9%°])|\s+[/／]\s+")
_SPACES = re.compile(r"[^\S\n]+")
_OR = re.compile(r"\s*或者?\s*")
_PLUS_MINUS = re.compile(r"\+/?[-－]|＋/?[-－]")


def with_gaps(stem: str) -> tuple[str, int]:
    """A stem with every gap written the one way, and how many there are."""
    return _GAPS.subn(GAP, stem)


def blanks_of(answer: str, gaps: int) -> list[BlankDraft] | None:
    """The blanks for so many gaps (none shown counts as one); None where the answers are not as many."""
    wanted = max(gaps, 1)
    answer = _SPACES.sub(lambda found: found[0][0], answer)
    parts = _by_ordinals(answer) or [answer.strip()]
    if len(parts) == 1 and wanted > 1:
        for separator in _SEPARATORS:
            split = [part.strip() for part in re.split(separator, answer.strip()) if part.strip()]
            if len(split) == wanted:
                parts = split
                break
    if len(parts) != wanted:
        return None
    return [_blank(part.strip(" \t\n;；。")) for part in parts]


def _by_ordinals(answer: str) -> list[str]:
    """Answers that carry their own numbers, ① … ② …, from one on; none where they do not."""
    marks = list(_ORDINAL.finditer(answer))
    numbers = [int(mark[1] or mark[3] or ord(mark[2]) - ord("①") + 1) for mark in marks]
    if len(marks) < 2 or numbers != list(range(1, len(marks) + 1)) or answer[: marks[0].start()].strip():
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(answer)]
    return [answer[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]


def _blank(text: str) -> BlankDraft:
    blank = BlankDraft()
    for form in _forms(_PLUS_MINUS.sub("±", text)):
        number = number_of(form) if "±" in form or form.startswith("[") else None
        if number is not None and blank.number is None:
            blank.number, blank.tolerance = number
        else:
            blank.accepted.append(form)
    return blank


def _forms(text: str) -> list[str]:
    """Accepted forms between strokes or 或; one that would leave nothing on a side is part of the answer."""
    for separator in (_STROKE, _OR):
        parts = [part.strip() for part in separator.split(text)]
        if len(parts) > 1 and all(parts):
            return [form for part in parts for form in _forms(part)]
    return [text]
