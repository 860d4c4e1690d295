"""A GIFT file as items: every question is one, is a text that asks nothing, or is a problem at its line."""

from question_bank.importing.bank_file import BankReading
from question_bank.importing.categories import category_tag
from question_bank.importing.collecting import Collected
from question_bank.importing.drafts import GAP, BlankDraft, Draft, plainly, true_false
from question_bank.importing.foreign_texts import ForeignTexts
from question_bank.importing.gift.blocks import Block, blocks
from question_bank.importing.gift.grammar import Answer, GiftError, Marked, Question, commented, parsed
from question_bank.importing.markup import Passage
from question_bank.importing.problems import Findings
from question_bank.importing.text_file import read_lines
from question_bank.importing.weighted import FULL, Weighted, Weights, with_feedback
from question_bank.importing.wordings import WORDINGS
from question_bank.items import Kind


def read_gift(raw: bytes) -> BankReading:
    """The items of a GIFT text; never raises, whatever the bytes are."""
    findings = Findings(WORDINGS)
    collected = Collected("gift", findings)
    reader = _Reader(findings, collected)
    for block in blocks(read_lines(raw, findings)):
        reader.read(block)
    return collected.reading()


class _Reader:
    """Reads question after question into what is collected."""

    def __init__(self, findings: Findings, collected: Collected) -> None:
        self._findings = findings
        self._collected = collected
        self._format = ""
        self._draft = Draft(collected.whole, "", Kind.SINGLE)
        self._texts = ForeignTexts(findings, collected)

    def read(self, block: Block) -> None:
        """One block as one item, or as what it is instead."""
        try:
            question = parsed(block.text)
        except GiftError as wrong:
            self._collected.refused()
            self._findings.problem(wrong.code, block.place, wrong.found)
            return
        if question.form == "description":
            self._findings.warning("description", block.place, question.before.text, column=question.title)
            return
        self._collected.named(question.title)
        if commented(question.before.text):
            self._findings.warning("gift_comment", block.place, question.before.text, column=question.title)
        self._format = question.before.format
        draft = self._draft = Draft(block.place, question.title, Kind.SINGLE, code=block.code)
        tags = [category_tag(block.category), *block.tags]
        draft.tags = tuple(dict.fromkeys(tag for tag in tags if tag))
        draft.stem = self._text(Marked(_stem(question), question.before.format))
        draft.solution = self._text(question.general)
        self._collected.take(draft, ready=self._answer(question))

    def _answer(self, question: Question) -> bool:
        """Fill in what the answer says; False where it cannot be an item's."""
        draft, answers = self._draft, [self._weighted(answer) for answer in question.answers]
        weights = Weights(draft, self._findings)
        if question.form != "matching":
            draft.solution = with_feedback(draft.solution, _spoken(question, answers))
        if question.form == "essay":
            draft.kind = Kind.SHORT_ANSWER
            return True
        if question.form == "true_false":
            draft.kind, draft.options, draft.key = true_false(question.verdict)
            return True
        if question.form == "choice":
            return weights.choice(answers, single=any(answer.sign == "=" for answer in question.answers))
        if question.form == "matching":
            return self._matching(question.answers)
        draft.kind = Kind.FILL_IN
        blank: BlankDraft | None
        if question.form == "numerical":
            blank = weights.number([each for each in answers if each.raw])
        else:
            blank = weights.forms(answers)
        draft.blanks = [blank] if blank is not None else []
        return blank is not None

    def _matching(self, pairs: list[Answer]) -> bool:
        """Premises and options; a pair without a left side is an option that matches nothing."""
        draft = self._draft
        draft.kind = Kind.MATCHING
        places: dict[str, int] = {}
        for pair in pairs:
            right = pair.right or Marked("")
            place = places.setdefault(right.text, len(places))
            if place == len(draft.options):
                draft.options.append(self._text(right))
            if pair.said.text:
                draft.premises.append(self._text(pair.said))
                draft.key.append(place)
        return True

    def _weighted(self, answer: Answer) -> Weighted:
        return Weighted(
            raw=answer.said.text,
            weight=answer.weight,
            text=self._text(answer.said),
            feedback=self._text(answer.feedback),
        )

    def _text(self, marked: Marked) -> Passage:
        draft = self._draft
        return self._texts.text(marked.text, marked.format or self._format, draft.place, draft.label)


def _stem(question: Question) -> str:
    """The text around the braces: with a gap where the answer stood in its middle, as the format has it."""
    before, after = question.before.text, question.after
    if not after:
        return before
    gap = GAP if question.form in ("choice", "short", "numerical") else ""
    spaced = after if after[0] in ".,;:!?)]}。，；：！？）】" else f" {after}"
    return f"{before} {gap}{spaced}" if gap else f"{before}{spaced}"


def _spoken(question: Question, answers: list[Weighted]) -> list[Weighted]:
    """Answers whose feedback goes into the solution, under words a reader of the solution understands."""
    if question.form != "true_false":
        return answers
    # The first comment is for the wrong verdict, the second for the right one.
    verdicts = ("错误 false", "正确 true") if question.verdict else ("正确 true", "错误 false")
    return [
        Weighted(verdict, FULL, plainly(verdict), answer.feedback)
        for verdict, answer in zip(verdicts, answers, strict=False)
    ]
