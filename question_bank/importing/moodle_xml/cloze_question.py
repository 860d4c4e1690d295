"""A cloze question as one item: typed gaps as a fill-in, anything else as a case with a part for each gap."""

from collections.abc import Callable, Sequence

from question_bank.importing.drafts import GAP, BlankDraft, Draft, plainly
from question_bank.importing.markup import Passage
from question_bank.importing.moodle_xml.cloze import ClozeError, Gap, cut
from question_bank.importing.moodle_xml.elements import FormattedText, plain_words
from question_bank.importing.problems import Findings
from question_bank.importing.weighted import Weighted, Weights, with_feedback
from question_bank.items import BLANKS_MAX, Kind

_TYPED = frozenset({"short", "short_case", "number"})


class ClozeReader:
    """Reads one cloze text into a draft; text: makes a piece of it a text of the item."""

    def __init__(self, draft: Draft, findings: Findings, text: Callable[[str], Passage]) -> None:
        """Findings are at the draft's place."""
        self._draft = draft
        self._findings = findings
        self._text = text

    def read(self, stem: FormattedText) -> bool:
        """Fill the draft; False where a gap cannot be a part of an item."""
        try:
            pieces, gaps = cut(stem.value)
        except ClozeError as wrong:
            return self._problem("cloze_gap", str(wrong))
        if not gaps:
            return self._problem("cloze_without_gaps", stem.value)
        unknown = sorted({gap.name for gap in gaps if not gap.form})
        if unknown:
            return self._problem("cloze_type", ", ".join(unknown))
        if len({gap.share for gap in gaps}) > 1:
            shares = " ".join(str(gap.share) for gap in gaps)
            self._findings.warning("gap_shares", self._draft.place, shares, column=self._draft.label)
        if all(gap.form in _TYPED for gap in gaps) and len(gaps) <= BLANKS_MAX:
            return self._fill_in(pieces, gaps)
        if len(gaps) == 1:
            return self._alone(pieces, gaps[0])
        return self._case(pieces, gaps)

    def _fill_in(self, pieces: Sequence[str], gaps: Sequence[Gap]) -> bool:
        draft = self._draft
        draft.kind, draft.stem = Kind.FILL_IN, self._text(GAP.join(pieces))
        blanks = [self._blank(gap, draft) for gap in gaps]
        draft.blanks = [blank for blank in blanks if blank is not None]
        return len(draft.blanks) == len(gaps)

    def _alone(self, pieces: Sequence[str], gap: Gap) -> bool:
        self._draft.stem = self._text(GAP.join(pieces))
        return self._choice(gap, self._draft)

    def _case(self, pieces: Sequence[str], gaps: Sequence[Gap]) -> bool:
        """The text with numbered gaps over one part for each."""
        draft = self._draft
        numbered = [f"({number}) {GAP}{piece}" for number, piece in enumerate(pieces[1:], 1)]
        draft.kind, draft.stem = Kind.CASE, self._text("".join([pieces[0], *numbered]))
        ready = True
        for number, gap in enumerate(gaps, 1):
            part = Draft(draft.place, draft.label, Kind.FILL_IN, plainly(f"({number}) {GAP}"))
            if gap.form in _TYPED:
                blank = self._blank(gap, part)
                part.blanks = [blank] if blank is not None else []
                ready = ready and blank is not None
            else:
                ready = self._choice(gap, part) and ready
            draft.parts.append(part)
        return ready

    def _blank(self, gap: Gap, draft: Draft) -> BlankDraft | None:
        answers = [
            Weighted(
                plain_words(each.text),
                each.weight,
                plainly(plain_words(each.text)),
                self._text(each.feedback),
            )
            for each in gap.answers
        ]
        draft.solution = with_feedback(draft.solution, answers)
        weights = Weights(self._draft, self._findings)
        if gap.form == "number":
            return weights.number(answers)
        return weights.forms(answers, case_sensitive=gap.form == "short_case")

    def _choice(self, gap: Gap, draft: Draft) -> bool:
        answers = [
            Weighted(plain_words(each.text), each.weight, self._text(each.text), self._text(each.feedback))
            for each in gap.answers
        ]
        draft.solution = with_feedback(draft.solution, answers)
        return Weights(draft, self._findings).choice(answers, single=gap.form == "single")

    def _problem(self, code: str, found: str) -> bool:
        self._findings.problem(code, self._draft.place, found, column=self._draft.label)
        return False
