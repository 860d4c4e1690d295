"""One question of Moodle XML as a draft, type by type."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from question_bank.importing.collecting import Collected
from question_bank.importing.drafts import Draft, plainly, shown, true_false
from question_bank.importing.foreign_texts import ForeignTexts
from question_bank.importing.markup import Passage
from question_bank.importing.moodle_xml.cloze_question import ClozeReader
from question_bank.importing.moodle_xml.elements import (
    NOTHING,
    Element,
    FormattedText,
    child,
    children,
    content,
    decimal_word,
    flag,
    formatted,
    plain_words,
    weight,
    word,
)
from question_bank.importing.moodle_xml.gaps import read_gaps
from question_bank.importing.problems import Findings
from question_bank.importing.vocabulary import names
from question_bank.importing.weighted import FULL, Weighted, Weights, with_feedback
from question_bank.items import Kind

# Types that have no equivalent, so that they are named as what they are.
UNSUPPORTED = names("calculated calculatedsimple calculatedmulti ddimageortext ddmarker random randomsamatch")
# Moodle's default sentences to right, half right and wrong answers; losing them loses nothing.
_BOILERPLATE = frozenset(
    ("", "your answer is correct.", "your answer is partially correct.", "your answer is incorrect.")
)
_TRUE, _FALSE = ("true", "正确", "对", "1", "t"), ("false", "错误", "错", "0", "f")

Read = Callable[[Element, Draft], bool]


class QuestionReader:
    """Reads the questions of one file. unheard: how many had hints or comments on the whole answer, not kept."""

    def __init__(self, findings: Findings, collected: Collected) -> None:
        """Pictures go to what is collected."""
        self.unheard = 0
        self._findings = findings
        self._texts = ForeignTexts(findings, collected)
        self._format = "html"
        self.kinds: Mapping[str, Read] = {
            "multichoice": self._multichoice,
            "multichoiceset": self._multichoice,
            "truefalse": self._true_false,
            "shortanswer": self._short_answer,
            "numerical": self._numerical,
            "matching": self._matching,
            "match": self._matching,
            "essay": self._essay,
            "ordering": self._ordering,
            "cloze": self._cloze,
            "multianswer": self._cloze,
            "gapselect": self._gaps,
            "ddwtos": self._gaps,
        }

    def read(self, kind: str, element: Element, draft: Draft) -> bool:
        """Fill a draft with a question of this type; False where its answer cannot be an item's."""
        stem = formatted(child(element, "questiontext"), "html")
        self._format = stem.format
        draft.solution = self._text(formatted(child(element, "generalfeedback"), stem.format), draft)
        draft.score = self._score(element, draft)
        self._heard(element)
        if flag(element, "hidden", default=False):
            self._findings.warning("hidden_question", draft.place, stem.value, column=draft.label)
        if kind not in ("cloze", "multianswer", "gapselect", "ddwtos"):
            draft.stem = self._text(_with_old_image(element, stem), draft)
        return self.kinds[kind](element, draft)

    def _text(self, text: FormattedText, draft: Draft) -> Passage:
        return self._texts.text(text.value, text.format, draft.place, draft.label, text.file)

    def _score(self, element: Element, draft: Draft) -> int | None:
        grade = decimal_word(element, "defaultgrade")
        if grade is None or grade == 0:
            return None
        hundredths = grade * 100
        if hundredths < 0 or hundredths != hundredths.to_integral_value():
            self._findings.warning("score_not_taken", draft.place, f"{grade:f}", column=draft.label)
            return None
        return int(hundredths)

    def _heard(self, element: Element) -> None:
        """Count what is said during or after answering, which an exam does not say."""
        names = ("hint", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
        said = [formatted(each, "").value for name in names for each in children(element, name)]
        self.unheard += any(plain_words(text).lower() not in _BOILERPLATE for text in said)

    def _answers(self, element: Element, draft: Draft, *, shown: bool) -> list[Weighted] | None:
        """The answers with their weights; shown: they are options, not typed texts. None with problems."""
        answers = []
        for each in children(element, "answer"):
            said = formatted(each, self._format if shown else "plain_text")
            given = weight(each)
            if given is None:
                self._findings.problem(
                    "bad_weight_of_answer", draft.place, str(each.get("fraction")), column=draft.label
                )
                return None
            feedback = self._text(formatted(child(each, "feedback"), self._format), draft)
            raw = said.value if shown else plain_words(said.value)
            text = self._text(said, draft) if shown else plainly(raw)
            answers.append(Weighted(raw, given, text, feedback, word(each, "tolerance")))
        draft.solution = with_feedback(draft.solution, answers)
        return answers

    def _multichoice(self, element: Element, draft: Draft) -> bool:
        answers = self._answers(element, draft, shown=True)
        single = str(element.get("type")).lower() == "multichoice" and flag(element, "single", default=True)
        return answers is not None and Weights(draft, self._findings).choice(answers, single=single)

    def _true_false(self, element: Element, draft: Draft) -> bool:
        """The answers are called true and false; in old files by their words in some language, true first."""
        answers = self._answers(element, draft, shown=False)
        if answers is None:
            return False
        right = [place for place, answer in enumerate(answers) if answer.weight == FULL]
        if len(answers) != 2 or len(right) != 1:
            found = " ".join(f"{answer.raw} {answer.weight.normalize():f}%" for answer in answers)
            self._findings.problem("true_false_answers", draft.place, found, column=draft.label)
            return False
        said = answers[right[0]].raw.strip().lower()
        verdict = said in _TRUE or (said not in _FALSE and right[0] == 0)
        if said not in _TRUE + _FALSE:
            self._findings.warning(
                "true_false_guessed", draft.place, answers[right[0]].raw, column=draft.label
            )
        draft.kind, draft.options, draft.key = true_false(verdict)
        return True

    def _short_answer(self, element: Element, draft: Draft) -> bool:
        draft.kind = Kind.FILL_IN
        answers = self._answers(element, draft, shown=False)
        if answers is None:
            return False
        sensitive = flag(element, "usecase", default=False)
        blank = Weights(draft, self._findings).forms(answers, case_sensitive=sensitive)
        draft.blanks = [blank] if blank is not None else []
        return blank is not None

    def _numerical(self, element: Element, draft: Draft) -> bool:
        draft.kind = Kind.FILL_IN
        answers = self._answers(element, draft, shown=False)
        if answers is None:
            return False
        units = child(element, "units")
        names = [word(unit, "unit_name") for unit in children(units, "unit")] if units is not None else []
        if names:
            self._findings.warning("units_not_kept", draft.place, ", ".join(names), column=draft.label)
        blank = Weights(draft, self._findings).number(answers)
        draft.blanks = [blank] if blank is not None else []
        return blank is not None

    def _matching(self, element: Element, draft: Draft) -> bool:
        """Premises and options; a subquestion without a text is an option that matches nothing."""
        draft.kind = Kind.MATCHING
        places: dict[str, int] = {}
        for each in children(element, "subquestion"):
            left, answer = formatted(each, self._format), child(each, "answer")
            right = formatted(
                answer, self._format if answer is not None and answer.get("format") else "plain_text"
            )
            option = self._text(right, draft)
            place = places.setdefault(option.html, len(places))
            if place == len(draft.options):
                draft.options.append(option)
            premise = self._text(left, draft)
            if not premise.blank:
                draft.premises.append(premise)
                draft.key.append(place)
        return True

    def _essay(self, element: Element, draft: Draft) -> bool:
        draft.kind = Kind.SHORT_ANSWER
        draft.reference = self._text(formatted(child(element, "graderinfo"), self._format), draft)
        if (
            word(element, "responseformat") == "noinline"
            or (decimal_word(element, "attachmentsrequired") or 0) > 0
        ):
            self._findings.problem("attachment_needed", draft.place, column=draft.label)
            return False
        if content(child(element, "responsetemplate")):
            template = self._text(formatted(child(element, "responsetemplate"), self._format), draft)
            if not template.blank:
                self._findings.warning("template_not_kept", draft.place, shown(template), column=draft.label)
        return True

    def _ordering(self, element: Element, draft: Draft) -> bool:
        """The answers in their right order, which their fractions number; all are asked for, or it is another task."""
        draft.kind = Kind.ORDERING
        if word(element, "selecttype", "ALL").upper() not in ("ALL", "0"):
            self._findings.problem(
                "ordering_subset", draft.place, word(element, "selecttype"), column=draft.label
            )
            return False
        ordered = sorted(children(element, "answer"), key=_position)
        draft.options = [self._text(formatted(each, self._format), draft) for each in ordered]
        draft.key = list(range(len(draft.options)))
        return True

    def _cloze(self, element: Element, draft: Draft) -> bool:
        stem = _with_old_image(element, formatted(child(element, "questiontext"), "html"))
        return ClozeReader(draft, self._findings, lambda text: self._piece(text, stem, draft)).read(stem)

    def _gaps(self, element: Element, draft: Draft) -> bool:
        stem = formatted(child(element, "questiontext"), "html")
        return read_gaps(element, draft, self._findings, stem, lambda text: self._piece(text, stem, draft))

    def _piece(self, text: str, stem: FormattedText, draft: Draft) -> Passage:
        return self._text(FormattedText(text, stem.format, stem.files), draft)


def _position(answer: Element) -> Decimal:
    try:
        return Decimal(str(answer.get("fraction", "0")))
    except ArithmeticError:
        return Decimal(0)


def _with_old_image(element: Element, stem: FormattedText) -> FormattedText:
    """The text with the picture that files of Moodle 1.9 keep beside it."""
    data, path = word(element, "image_base64"), word(element, "image")
    if not path:
        return stem
    name = path.replace("/", "_")
    files = {**stem.files, name: data} if data else stem.files
    image = f'<img alt="" src="@@PLUGINFILE@@/{name}">'
    return FormattedText(f"{stem.value or NOTHING.value} {image}", stem.format or "html", files)
