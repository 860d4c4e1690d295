"""What tells a written bank from any other text."""

import re

from question_bank.importing.written.marks import heading_of, number_of
from question_bank.importing.written.variants import usual

_LINES_LOOKED_AT = 2_000
_ANSWERED = re.compile(r"答案|^答\s*[:：]|[(（]\s*(?:[A-H√×对错]+|正确|错误)\s*[)）]|^[A-H]\s*[.．、]")


def looks_written(text: str) -> bool:
    """Whether a text has what a written bank has: a numbered line or a heading, and answers or options."""
    lines = [usual(line.strip()[:1_000]) for line in text.splitlines()[:_LINES_LOOKED_AT]]
    if not any(number_of(line) or heading_of(line) for line in lines):
        return False
    return any(heading_of(line) or _ANSWERED.search(line) for line in lines)
