"""Other orders in which people and programs write the same line, brought to the usual one."""

import re

from question_bank.importing.written.marks import KIND_WORDS_PATTERN, number_of

_SIGN = r"√|×|✓|✗|✔|✘|对|错|正确|错误|[A-HＡ-Ｈ]{1,8}"
_BRACKET_FIRST = re.compile(rf"^[(（]\s{{0,8}}(?P<sign>{_SIGN})?\s{{0,8}}[)）]\s*(?=[\d０-９第(（])")
_KIND_FIRST = re.compile(rf"^[【\[(（]\s{{0,8}}(?P<word>{KIND_WORDS_PATTERN})题?\s{{0,8}}[】\])）]\s*(?=\S)")
_KIND_LAST = re.compile(rf"\s*[【\[]\s{{0,8}}(?P<word>{KIND_WORDS_PATTERN})题?\s{{0,8}}[】\]]\s*\*?$")
_KIND_AND_SCORE = re.compile(
    rf"[【\[(（]\s{{0,8}}(?P<word>{KIND_WORDS_PATTERN})题?\s{{0,8}}[,，、;；]\s{{0,8}}(?P<score>\d{{1,3}}(?:\.\d{{1,2}})?)\s*分"
    r"\s{0,8}[】\])）]\s*"
)
_QUOTED = re.compile(r"^(?:#{1,6}\s+|>\s{0,8})+")
_RULE = re.compile(r"[-*=\s]{3,}")
_BULLET = re.compile(r"^[-*+•]\s+(?=(?:\*\*)?[(（]?[A-HＡ-Ｈ]\s?[.．、)）:：])")
_OWN_ANSWER = re.compile(r"我的答案\s{0,8}[:：]\s{0,8}[^\s；;]*[；;]?\s*(?=正确答案|$)")


def _without_markdown(text: str) -> str:
    """A line without the signs of Markdown around it: ## heading, > answer, - A. option, **1. stem**."""
    text = _QUOTED.sub("", text)
    if _RULE.fullmatch(text):
        return ""
    text = _BULLET.sub("", text)
    return text.replace("**", "", 2).strip() if text.startswith("**") else text


def usual(text: str) -> str:
    """The line in its usual order: number, kind, stem, bracket.

    （√）1、… has its bracket moved to the end, [单选题] 1、… and 1、…[单选题] their kind behind the number, and
    (单选题, 2.0分) becomes kind and score; signs of Markdown and what somebody once answered, 我的答案, are left out.
    """
    text = _OWN_ANSWER.sub("", _without_markdown(text))
    first = _BRACKET_FIRST.match(text)
    if first and (mark := number_of(text[first.end() :])) is not None and mark.rest:
        sign = first["sign"]
        text = text[first.end() :] + (f"（{sign}）" if sign else "")
    text = _KIND_AND_SCORE.sub(lambda found: f"【{found['word']}】（{found['score']}分）", text, count=1)
    kind = _KIND_FIRST.match(text)
    if kind and (mark := number_of(text[kind.end() :])) is not None:
        rest = text[kind.end() :]
        return f"{rest[: len(rest) - len(mark.rest)]}【{kind['word']}】{mark.rest}"
    last = _KIND_LAST.search(text)
    if last and (mark := number_of(text)) is not None:
        number = text[: len(text) - len(mark.rest)]
        return f"{number}【{last['word']}】{text[len(number) : last.start()]}"
    return text
