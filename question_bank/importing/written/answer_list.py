"""Answers that stand apart from their questions: 1.A 2.B 3-5 CDA, below a section or at the end."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from question_bank.importing.problems import Findings
from question_bank.importing.tables import plain
from question_bank.importing.written.marks import kind_of_word
from question_bank.importing.written.questions import ListedAnswer, WrittenQuestion, WrittenSection

_VERDICT = r"正确|错误|对|错|√|×|✓|✗|✔|✘|[TF](?![a-z])"
_RANGE = re.compile(
    r"[(（]?(\d{1,5})[)）]?\s*[.．、]?\s*(?:[-–—~～－至]+|\.\.)\s*[(（]?(\d{1,5})[)）]?\s*[.．、:：)）]?\s*"
    rf"((?:(?:[A-HＡ-Ｈ]|{_VERDICT})[\s,，、;；]*)+)"
)
_ONE = re.compile(
    rf"[(（]?(\d{{1,5}})[)）]?\s*[.．、:：)）]?\s*[(（]?((?:[A-HＡ-Ｈ](?:[、,，](?=[A-HＡ-Ｈ]))?)+|{_VERDICT})[)）]?"
    r"(?=[\s,，;；。.]|\d|[(（]|$)"
)
_BETWEEN = re.compile(r"[\s,，;；。|]*")
_EACH = re.compile(rf"[A-HＡ-Ｈ]|{_VERDICT}")


def listed(text: str) -> list[tuple[int, str]] | None:
    """Number and answer of every entry when a line is nothing but a list of answers; None for any other line.

    A range gives one sign to each of its questions; one whose signs are fewer or more is no list.
    """
    found: list[tuple[int, str]] = []
    place = 0
    while place < len(text):
        place += len(_BETWEEN.match(text, place)[0])  # type: ignore[index]
        if place == len(text):
            break
        entry = _RANGE.match(text, place)
        if entry:
            first, last = int(entry[1]), int(entry[2])
            signs = _EACH.findall(entry[3])
            if last <= first or len(signs) != last - first + 1:
                return None
            found += [(first + index, sign) for index, sign in enumerate(signs)]
        else:
            entry = _ONE.match(text, place)
            if entry is None:
                return None
            found.append((int(entry[1]), entry[2]))
        place = entry.end()
    return found or None


def join(questions: Sequence[WrittenQuestion], answers: Iterable[ListedAnswer], findings: Findings) -> None:
    """Give each listed answer to its question; what fits none, or more than one, is a problem at its line."""
    numbered: defaultdict[int, list[tuple[int, WrittenQuestion]]] = defaultdict(list)
    for place, question in enumerate(questions):
        if question.number is not None and question.answer is None:
            numbered[question.number].append((place, question))
    last = questions[-1].section if questions else None
    # Where every other section has its answers, a list can only be the last one's.
    alone = not any(each.answer is None and each.section is not last for each in questions)
    for answer in answers:
        open_ones = [
            each for place, each in numbered[answer.number] if place < answer.upto and each.answer is None
        ]
        found = _meant(open_ones, answer, last if alone else None)
        if len(found) == 1:
            found[0].answer = [answer.text]
            continue
        code = "answer_without_question" if not found else "answer_ambiguous"
        said = plain(f"{answer.number}. {answer.text}")
        findings.problem(code, answer.place, said, column="", number=answer.number, count=len(found))


def _meant(
    open_ones: list[WrittenQuestion], answer: ListedAnswer, last: WrittenSection | None
) -> list[WrittenQuestion]:
    """Questions of the answer's number: under the heading the list names, else of the last section."""
    if answer.word:
        same = [each for each in open_ones if each.section.word == answer.word]
        return same or [each for each in open_ones if each.section.kind is kind_of_word(answer.word)]
    if len(open_ones) > 1 and last is not None:
        return [each for each in open_ones if each.section is last]
    return open_ones
