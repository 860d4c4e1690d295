"""One interaction of an item as a part: what is asked, offered and right."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lxml import etree

from question_bank.blanks import Blank
from question_bank.importing.markup import Passage, TextReader
from question_bank.importing.qti.declarations import Response
from question_bank.importing.qti.trouble import Trouble
from question_bank.importing.qti.typed import blank_of
from question_bank.importing.vocabulary import names
from question_bank.items import OPTIONS_MAX, OPTIONS_MIN, PREMISES_MAX, TRUE_FALSE_OPTIONS, Kind, folded

# Both words of a pair, in the languages whose items are common. Yes and no answer a question, they do not say
# whether a statement is true, so they stay a single choice.
_TRUE = names(
    "true t correct right 正确 对 √ ✓ ✔ wahr richtig vrai juste waar juist verdadero vero verdadeiro 正しい"
)
_FALSE = names("false f incorrect wrong 错误 错 不正确 × ✗ ✘ falsch faux onwaar onjuist falso 誤り")


@dataclass(slots=True)
class Part:
    """What an interaction offers and what is right in it."""

    kind: Kind
    options: tuple[Passage, ...] = ()
    premises: tuple[Passage, ...] = ()
    key: tuple[int, ...] = ()
    blanks: tuple[Blank, ...] = ()
    reference: Passage = field(default_factory=Passage)


class PartReader:
    """Reads the interactions of one item."""

    def __init__(self, texts: TextReader, trouble: Trouble, responses: dict[str, Response]) -> None:
        """Problems go to the trouble. fixed: the first choice that was not to be moved when others are."""
        self._texts, self._trouble, self._responses = texts, trouble, responses
        self.fixed: etree._Element | None = None

    def read(self, interaction: etree._Element) -> Part | None:
        """The part an interaction asks; None with the problem found."""
        identifier = str(interaction.get("responseIdentifier", ""))
        response = self._responses.get(identifier)
        if response is None:
            self._trouble.problem("missing_response", interaction, identifier)
            return None
        return _READERS[str(interaction.tag)](self, interaction, response)

    def prompt(self, interaction: etree._Element) -> Passage:
        """The interaction's own words."""
        prompt = interaction.find("prompt")
        return self._passage(prompt) if prompt is not None else Passage()

    def _passage(self, element: etree._Element) -> Passage:
        return self._trouble.passage(self._texts, element)

    def _choices(
        self, owner: etree._Element, tag: str, limit: int = OPTIONS_MAX
    ) -> dict[str, Passage] | None:
        """The choices of an element by identifier; None with the problem found."""
        found = [child for child in owner.iter(*tag.split()) if child is not owner]
        choices: dict[str, Passage] = {}
        before = self._trouble.count
        for element in found:
            identifier, text = str(element.get("identifier", "")).strip(), self._passage(element)
            if identifier in choices:
                self._trouble.problem("duplicate_identifier", element, identifier)
            if text.blank and text.sound:
                self._trouble.problem("empty_option", element, identifier)
            choices[identifier] = text
        code = "too_many_options" if limit == OPTIONS_MAX else "too_many_premises"
        if len(found) > limit:
            self._trouble.problem(code, owner, str(len(found)), limit=limit)
        return choices if self._trouble.count == before else None

    def _options(self, owner: etree._Element, tag: str) -> dict[str, Passage] | None:
        """Choices that may be the options of an item: enough of them, and no two alike."""
        choices = self._choices(owner, tag)
        if choices is None:
            return None
        if len(choices) < OPTIONS_MIN:
            self._trouble.problem("too_few_options", owner, str(len(choices)), limit=OPTIONS_MIN)
            return None
        seen: dict[str, str] = {}
        before = self._trouble.count
        for identifier, text in choices.items():
            said = folded(text.html)
            if said in seen:
                self._trouble.problem("duplicate_option", owner, identifier, other=seen[said])
            seen.setdefault(said, identifier)
        return choices if self._trouble.count == before else None

    def choice(self, interaction: etree._Element, response: Response) -> Part | None:
        """choiceInteraction, inlineChoiceInteraction and hottextInteraction: one or several of the choices."""
        tag = {"inlineChoiceInteraction": "inlineChoice", "hottextInteraction": "hottext"}.get(
            str(interaction.tag), "simpleChoice"
        )
        choices = self._options(interaction, tag)
        single = response.cardinality == "single" or str(interaction.get("maxChoices", "")) == "1"
        right = self._right(interaction, response, single=single)
        if choices is None or right is None or not self._known(interaction, right, choices):
            return None
        if single and len(right) > 1:
            self._trouble.problem(
                "several_answers", interaction, " ".join(right), kind="单选题 single choice"
            )
            return None
        if tag == "simpleChoice":
            self._note_fixed(interaction)
        identifiers = list(choices)
        key = tuple(sorted(identifiers.index(identifier) for identifier in right))
        if single and (verdicts := _verdicts(list(choices.values()))) is not None:
            fixed = tuple(Passage(text, text) for text in TRUE_FALSE_OPTIONS)
            return Part(Kind.TRUE_FALSE, options=fixed, key=(0 if verdicts[key[0]] else 1,))
        return Part(Kind.SINGLE if single else Kind.MULTIPLE, options=tuple(choices.values()), key=key)

    def _note_fixed(self, interaction: etree._Element) -> None:
        fixed = interaction.find("simpleChoice[@fixed='true']")
        if fixed is not None and str(interaction.get("shuffle", "false")).lower() == "true":
            self.fixed = self.fixed if self.fixed is not None else fixed

    def _right(self, interaction: etree._Element, response: Response, *, single: bool) -> list[str] | None:
        """The right values: those of correctResponse, else what the mapping gives for."""
        if response.weighted:
            self._trouble.warning("weights_not_taken", interaction, response.identifier)
        if response.correct:
            return list(dict.fromkeys(response.correct))
        mapped = response.best if single else response.rewarded
        if not mapped:
            self._trouble.problem("missing_key", interaction, response.identifier)
            return None
        self._trouble.warning("key_from_mapping", interaction, " ".join(mapped))
        return mapped

    def _known(self, interaction: etree._Element, right: Sequence[str], choices: dict[str, Passage]) -> bool:
        unknown = [identifier for identifier in right if identifier not in choices]
        if unknown:
            self._trouble.problem("unknown_identifier", interaction, " ".join(unknown))
        return not unknown

    def order(self, interaction: etree._Element, response: Response) -> Part | None:
        """orderInteraction: every choice in its place."""
        choices = self._options(interaction, "simpleChoice")
        if not response.correct:
            self._trouble.problem("missing_key", interaction, response.identifier)
        if choices is None or not response.correct or not self._known(interaction, response.correct, choices):
            return None
        if sorted(response.correct) != sorted(choices):
            self._trouble.problem("partial_order", interaction, " ".join(response.correct))
            return None
        identifiers = list(choices)
        key = tuple(identifiers.index(identifier) for identifier in response.correct)
        return Part(Kind.ORDERING, options=tuple(choices.values()), key=key)

    def match(self, interaction: etree._Element, response: Response) -> Part | None:
        """matchInteraction: the set each of whose entries has exactly one of the other holds the premises."""
        sets = interaction.findall("simpleMatchSet")
        if len(sets) != 2:
            self._trouble.problem("not_a_matching", interaction, f"simpleMatchSet x {len(sets)}")
            return None
        several = max(OPTIONS_MAX, PREMISES_MAX)
        sources, targets = (self._choices(each, "simpleAssociableChoice", several) for each in sets)
        pairs = self._pairs(interaction, response)
        if sources is None or targets is None or pairs is None:
            return None
        if not self._known(interaction, [pair[0] for pair in pairs], sources):
            return None
        if not self._known(interaction, [pair[1] for pair in pairs], targets):
            return None
        turned = [(target, source) for source, target in pairs]
        for premises, options, given in ((sources, targets, pairs), (targets, sources, turned)):
            if sorted(premise for premise, _ in given) == sorted(premises) and len(options) >= OPTIONS_MIN:
                return self._matching(interaction, premises, options, dict(given))
        self._trouble.problem("not_a_matching", interaction, ", ".join(" ".join(pair) for pair in pairs))
        return None

    def gap_match(self, interaction: etree._Element, response: Response) -> Part | None:
        """gapMatchInteraction: the gaps are the premises, the texts and pictures to fill them the options."""
        options = self._choices(interaction, "gapText gapImg")
        pairs = self._pairs(interaction, response)
        gaps = [str(gap.get("identifier", "")).strip() for gap in interaction.iter("gap")]
        if len(gaps) > PREMISES_MAX:
            self._trouble.problem("too_many_premises", interaction, str(len(gaps)), limit=PREMISES_MAX)
            return None
        if options is None or pairs is None:
            return None
        # The gap stands second; some systems write it first.
        given = [(target, source) if target in gaps else (source, target) for source, target in pairs]
        if not self._known(interaction, [option for _, option in given], options):
            return None
        if sorted(gap for gap, _ in given) != sorted(gaps) or len(options) < OPTIONS_MIN:
            self._trouble.problem("not_a_matching", interaction, ", ".join(" ".join(pair) for pair in pairs))
            return None
        premises = {gap: gap_mark(number) for number, gap in enumerate(gaps, start=1)}
        return self._matching(interaction, premises, options, dict(given))

    def _pairs(self, interaction: etree._Element, response: Response) -> list[tuple[str, str]] | None:
        values = self._right(interaction, response, single=False)
        if values is None:
            return None
        pairs = [tuple(value.split()) for value in values]
        repeated = len(set(response.correct)) < len(response.correct)
        if repeated or any(len(pair) != 2 for pair in pairs):
            self._trouble.problem("not_a_matching", interaction, ", ".join(values))
            return None
        return [(pair[0], pair[1]) for pair in pairs]

    def _matching(
        self,
        interaction: etree._Element,
        premises: dict[str, Passage],
        options: dict[str, Passage],
        given: dict[str, str],
    ) -> Part | None:
        for code, found, limit in (
            ("too_many_premises", premises, PREMISES_MAX),
            ("too_many_options", options, OPTIONS_MAX),
        ):
            if len(found) > limit:
                self._trouble.problem(code, interaction, str(len(found)), limit=limit)
                return None
        identifiers = list(options)
        return Part(
            Kind.MATCHING,
            options=tuple(options.values()),
            premises=tuple(premises.values()),
            key=tuple(identifiers.index(given[premise]) for premise in premises),
        )

    def text_entry(self, interaction: etree._Element, response: Response) -> Part | None:
        """textEntryInteraction: one blank."""
        blank = blank_of(response, interaction, self._trouble)
        return Part(Kind.FILL_IN, blanks=(blank,)) if blank is not None else None

    def extended_text(self, interaction: etree._Element, response: Response) -> Part | None:
        """extendedTextInteraction: a short answer, its correctResponse the reference for assessors."""
        text = "\n".join(response.correct)
        place = self._trouble.at(interaction)
        reference = self._trouble.sound(self._texts.of_text(text, place, self._trouble.identifier))
        return Part(Kind.SHORT_ANSWER, reference=reference)


def part_mark(number: int) -> Passage:
    """How the place of a part is named in the text of its case: （1）."""
    return Passage(f"（{number}）", f"（{number}）")


def gap_mark(number: int) -> Passage:
    """How a gap is named in its text: ①, up to PREMISES_MAX."""
    mark = chr(ord("①") + number - 1)
    return Passage(mark, mark)


def _verdicts(options: list[Passage]) -> tuple[bool, bool] | None:
    """Which of two options says true; None when they are no such pair."""
    said = [re.sub(r"[.。!！]$", "", (option.text or "").strip()).strip().lower() for option in options]
    if len(said) != 2 or None in (option.text for option in options):
        return None
    if said[0] in _TRUE and said[1] in _FALSE:
        return True, False
    return (False, True) if said[0] in _FALSE and said[1] in _TRUE else None


_READERS: dict[str, Callable[[PartReader, etree._Element, Response], Part | None]] = {
    "choiceInteraction": PartReader.choice,
    "inlineChoiceInteraction": PartReader.choice,
    "hottextInteraction": PartReader.choice,
    "orderInteraction": PartReader.order,
    "matchInteraction": PartReader.match,
    "gapMatchInteraction": PartReader.gap_match,
    "textEntryInteraction": PartReader.text_entry,
    "extendedTextInteraction": PartReader.extended_text,
}
SUPPORTED = frozenset(_READERS)
"""The interactions that have an equivalent here."""
