"""Questions of a written bank as items: kinds told by headings, brackets and answers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.importing.answers import difficulty_of, hundredths_of, kind_of, letters_of, verdict_of
from question_bank.importing.bank_file import BankReading
from question_bank.importing.collecting import Collected
from question_bank.importing.drafts import Draft, true_false
from question_bank.importing.markup import Passage, TextReader, joined
from question_bank.importing.problems import Findings
from question_bank.importing.tables import plain, whole_row
from question_bank.importing.written.assembly import assembled
from question_bank.importing.written.blanks import blanks_of, with_gaps
from question_bank.importing.written.lines import WrittenLine
from question_bank.importing.written.marks import kind_marker, kind_of_word, score_in
from question_bank.importing.written.objects import Objects
from question_bank.importing.written.questions import WrittenQuestion
from question_bank.items import LETTERS, Kind
from question_bank.notation import order_of, pairs_of, tags_of

_BRACKET = re.compile(r"[(（【\[]\s*([^()（）【】\[\]]{0,16}?)\s*[)）】\]]")
_EMPTY = "（　）"
_SIGNS = re.compile(r"(?:[A-HＡ-Ｈ][\s、,，;；]*){1,8}|√|×|✓|✗|✔|✘|对|错|正确|错误|[TFＴＦ]")
_VERDICT_SIGN = re.compile(r"√|×|✓|✗|✔|✘|对|错|正确|错误|[TFＴＦ]")
_PREMISE = re.compile(r"^\s*[(（]?\d{1,2}\s*[)）.．、]\s*")
_LETTERS_AND_MORE = re.compile(
    r"^选?\s*(?P<signs>[A-HＡ-Ｈ](?:[、,，\s]{0,3}[A-HＡ-Ｈ])*)\s*项?(?:[。．.,，:：;；\s(（]+(?P<more>.*))?$",
    re.DOTALL,
)
_VERDICT_AND_MORE = re.compile(
    r"^(?P<signs>√|×|✓|✗|✔|✘|对|错|正确|错误)的?(?:[。．.,，:：;；\s(（]+(?P<more>.*))?$", re.DOTALL
)
_ONE_OR_MORE = ("不定项", "不定项选择")


@dataclass(frozen=True, slots=True)
class _Context:
    """What reading a question needs."""

    objects: Objects
    findings: Findings


def read_written(
    lines: Sequence[WrittenLine],
    objects: Objects,
    texts: TextReader,
    collected: Collected,
    findings: Findings,
) -> BankReading:
    """The items of a written bank; what is no item is a problem at the line where its question begins."""
    reader = _Reader(_Context(objects, findings))
    for question in assembled(lines, findings):
        # Parts are listed beside their cases, so that lists of answers find them.
        draft = reader.draft(question)
        if draft is None:
            collected.refused()
        else:
            collected.take(draft)
    collected.pictures.update(texts.pictures)
    return collected.reading()


class _Reader:
    """Makes a draft of every question."""

    def __init__(self, context: _Context) -> None:
        self._context = context
        self._wrong = False
        self._draft = Draft(whole_row(0), "", Kind.SINGLE)

    def draft(self, question: WrittenQuestion) -> Draft | None:
        """The draft of a question, or None when problems were told."""
        self._wrong = False
        draft = self._one(question)
        for part in question.parts:
            draft.parts.append(self._one(part))
        if question.is_case:
            draft.kind = Kind.CASE
        return None if self._wrong else draft

    def _one(self, question: WrittenQuestion) -> Draft:
        draft = self._draft = Draft(question.place, question.label, Kind.SHORT_ANSWER)
        stem, answer = "\n".join(question.stem), _joined(question.answer)
        marker = kind_marker(stem)
        word, stem = marker if marker is not None else (question.section.word, stem)
        if marker is None and (said := question.fields.get("kind")):
            kind = kind_of(said)
            word = said
            if kind is None:
                self._problem("unknown_kind", said)
        else:
            kind = kind_of_word(word)
        if question.section.kind is Kind.CASE and kind is Kind.CASE:
            kind = None
        self._facts(question, draft)
        if question.is_case:
            draft.stem = self._passage(stem)
            return draft
        stem, own = score_in(stem)
        draft.score = own or draft.score
        bare, answer = self._bracketed(stem, answer, question)
        kind = kind or self._inferred(question, stem, answer)
        draft.kind = kind
        self._answered(question, kind, bare, answer, word)
        return draft

    def _facts(self, question: WrittenQuestion, draft: Draft) -> None:
        """What labels say of a question besides its answer."""
        fields = question.fields
        draft.score = question.section.score if not question.is_case else None
        draft.solution = self._passage("\n".join(question.solution))
        draft.code = plain(fields.get("code", ""))
        draft.point = plain(fields.get("point", ""))
        chapter = [question.section.chapter] if question.section.chapter else []
        draft.tags = tuple(dict.fromkeys([*chapter, *tags_of(fields.get("tags", ""))]))
        if said := fields.get("difficulty"):
            draft.difficulty = difficulty_of(said)
            if draft.difficulty is None:
                self._problem("bad_difficulty", said)
        if said := fields.get("score"):
            draft.score = hundredths_of(said)
            if draft.score is None:
                self._problem("bad_score", said)

    def _bracketed(self, stem: str, answer: str | None, question: WrittenQuestion) -> tuple[str, str | None]:
        """Stem and answer when the answer may stand in the stem's bracket, which is emptied: it would be shown.

        Beside an answer of its own, only a bracket that says the same is emptied; （A） may be an ampere.
        """
        plain_stem = self._context.objects.plain(stem)
        found = [each for each in _BRACKET.finditer(stem) if _SIGNS.fullmatch(each[1])]
        if not question.options:
            found = [each for each in found if _VERDICT_SIGN.fullmatch(each[1])]
        if not found or with_gaps(stem)[1] or (question.section.kind in (Kind.FILL_IN, Kind.SHORT_ANSWER)):
            return stem, answer
        if answer is None:
            if len(found) > 1:
                self._problem("several_brackets", plain_stem)
                return stem, None
            answer = found[0][1]
        same = [each for each in found if _same(each[1], answer)]
        if not same and answer is not None and found and question.answer is not None:
            self._context.findings.warning(
                "bracket_kept", question.place, found[-1][0], column=question.label, answer=answer
            )
        for each in reversed(same):
            after = stem[each.end() :]
            empty = "" if not question.options and not after.strip(" 。.") else _EMPTY
            stem = stem[: each.start()] + empty + after
        return stem.strip(), answer

    def _inferred(self, question: WrittenQuestion, stem: str, answer: str | None) -> Kind:
        """The kind where neither heading nor marker names it."""
        said = answer or ""
        if question.options:
            verdicts = [verdict_of(option.text) for option in question.options]
            if sorted(map(str, verdicts)) == ["False", "True"]:
                return Kind.TRUE_FALSE
            return Kind.MULTIPLE if len(letters_of(said) or "A") > 1 else Kind.SINGLE
        if verdict_of(said) is not None and not with_gaps(stem)[1]:
            return Kind.TRUE_FALSE
        return Kind.FILL_IN if with_gaps(stem)[1] and said else Kind.SHORT_ANSWER

    def _answered(
        self, question: WrittenQuestion, kind: Kind, stem: str, answer: str | None, word: str
    ) -> None:
        draft = self._draft
        if kind not in (Kind.FILL_IN, Kind.MATCHING):
            draft.stem = self._passage(stem)
        if answer is None or not answer.strip():
            if self._wrong and answer is None:
                return
            if kind is not Kind.SHORT_ANSWER or answer is None:
                self._problem("empty_answer")
            return
        answer = self._parted(kind, answer)
        if kind is Kind.TRUE_FALSE:
            self._true_false(question, answer)
        elif kind is Kind.FILL_IN:
            self._fill_in(stem, answer)
        elif kind is Kind.SHORT_ANSWER:
            draft.reference = self._passage(answer)
            if question.options:
                self._problem("options_of_short_answer", question.options[0].text)
        elif kind is Kind.MATCHING:
            self._matching(question, stem, answer)
        else:
            self._lettered(question, kind, answer, word)

    def _parted(self, kind: Kind, answer: str) -> str:
        """The signs of an answer, where words follow them: those go to the solution. B。因为…, 错误，应为…"""
        if kind is Kind.TRUE_FALSE:
            found = None if verdict_of(answer) is not None else _VERDICT_AND_MORE.match(answer)
        elif kind in (Kind.SINGLE, Kind.MULTIPLE):
            found = None if letters_of(answer) is not None else _LETTERS_AND_MORE.match(answer)
        else:
            return answer
        if found is None:
            return answer
        if more := (found["more"] or "").strip():
            self._draft.solution = joined([self._passage(more), self._draft.solution])
        return found["signs"]

    def _true_false(self, question: WrittenQuestion, answer: str) -> None:
        verdicts = [verdict_of(option.text) for option in question.options]
        verdict = verdict_of(self._context.objects.plain(answer))
        if question.options and sorted(map(str, verdicts)) != ["False", "True"]:
            self._problem("true_false_options", question.options[0].text)
            return
        letters = letters_of(answer)
        if verdict is None and letters in (["A"], ["B"]):
            verdict = (verdicts or [True, False])[letters == ["B"]]
        if verdict is None:
            self._problem("unknown_verdict", answer)
            return
        self._draft.kind, self._draft.options, self._draft.key = true_false(verdict)

    def _lettered(self, question: WrittenQuestion, kind: Kind, answer: str, word: str) -> None:
        """Options and the letters of the right ones, or of the right order."""
        draft = self._draft
        said = [option.letter for option in question.options]
        if said != [chr(ord("A") + place) for place in range(len(said))]:
            self._problem("option_letters", " ".join(said))
            return
        draft.options = [self._passage(option.text) for option in question.options]
        usable = LETTERS[: len(said)]
        if kind is Kind.ORDERING:
            order = order_of(answer)
            if order is None:
                self._problem("unknown_answer", answer, letters=usable)
            draft.key = order or []
            return
        letters = letters_of(answer)
        if letters is None:
            self._problem("unknown_answer", answer, letters=usable)
            return
        draft.key = [ord(letter) - ord("A") for letter in letters]
        if kind is Kind.MULTIPLE and len(letters) == 1 and word in _ONE_OR_MORE:
            draft.one_or_more = True

    def _matching(self, question: WrittenQuestion, stem: str, answer: str) -> None:
        """Premises are the numbered lines at the end of the stem, options the lettered ones."""
        draft = self._draft
        lines = stem.split("\n")
        premises = [line[mark.end() :] for line in lines if (mark := _PREMISE.match(line))]
        pairs = pairs_of(answer)
        if not premises or pairs is None or sorted(left for left, _ in pairs) != list(range(len(premises))):
            self._problem("unmatched_pairs", answer)
            return
        draft.stem = self._passage("\n".join(line for line in lines if not _PREMISE.match(line)))
        draft.premises = [self._passage(premise) for premise in premises]
        draft.options = [self._passage(option.text) for option in question.options]
        draft.key = [option for _, option in sorted(pairs)]

    def _fill_in(self, stem: str, answer: str) -> None:
        draft = self._draft
        stem, gaps = with_gaps(stem)
        draft.stem = self._passage(stem)
        blanks = blanks_of(self._context.objects.plain(answer), gaps)
        if blanks is None:
            self._problem("blanks_and_answers", answer, limit=gaps)
            return
        draft.blanks = blanks

    def _passage(self, text: str) -> Passage:
        return self._context.objects.passage(text.strip(), self._draft.place, self._draft.label)

    def _problem(self, code: str, found: str = "", **values: object) -> None:
        self._wrong = True
        said = self._context.objects.plain(found)
        self._context.findings.problem(code, self._draft.place, said, column=self._draft.label, **values)


def _joined(answer: list[str] | None) -> str | None:
    return None if answer is None else "\n".join(answer).strip()


def _same(bracket: str, answer: str | None) -> bool:
    """Whether a bracket says what the answer says."""
    said = answer or ""
    if verdict_of(bracket) is not None and verdict_of(bracket) == verdict_of(said):
        return True
    return letters_of(bracket) is not None and letters_of(bracket) == letters_of(said)
