"""The body of an item: what candidates read, with its interactions, feedback and rubrics taken apart."""

import re

from lxml import etree

from question_bank.importing.markup import Passage, TextReader, joined
from question_bank.importing.qti.names import emptied
from question_bank.importing.qti.parts import gap_mark
from question_bank.importing.qti.trouble import Trouble
from question_bank.importing.vocabulary import local_name

_SOLUTION = re.compile(r"solution|explan|rationale|解析|解答|general", re.IGNORECASE)
_REACTION = re.compile(r"correct|wrong|right|partial|^no$|^ok$|empty|hint", re.IGNORECASE)
_INLINE = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
_FEEDBACK = ("feedbackInline", "feedbackBlock")
_CANDIDATE = "candidate"


class Body:
    """The body of one item; taken apart when made. interactions: in the order of the document.

    before: texts to stand before the stem. solution: the feedback that plainly is one. for_scorers: rubrics only
    scorers see.
    """

    def __init__(
        self, element: etree._Element, item: etree._Element, texts: TextReader, trouble: Trouble
    ) -> None:
        """Problems go to the trouble."""
        self._element, self._item, self._texts, self._trouble = element, item, texts, trouble
        self.before: list[Passage] = []
        self._take_tooltips()
        self._scorers: list[etree._Element] = []
        self.for_scorers: list[Passage] = []
        self._take_rubrics()
        self.solution = self._take_feedback()
        # An interaction inside another one, as in some extensions, is counted with it.
        self.interactions = [
            each
            for each in element.iter("*")
            if _is_interaction(each) and not any(map(_is_interaction, each.iterancestors()))
        ]

    def _passage(self, element: etree._Element) -> Passage:
        return self._trouble.passage(self._texts, element)

    def _take_tooltips(self) -> None:
        """What only shows under a pointer is left out, which is said."""
        for tip in [each for each in self._element.iter("*") if each.get("data-role") == "tooltip-content"]:
            self._trouble.warning("not_taken", tip, names="tooltip")
            emptied(tip)

    def _take_rubrics(self) -> None:
        """Rubrics for candidates stay as part of the text; the others are taken out."""
        for rubric in list(self._item.iter("rubricBlock")):
            views = str(rubric.get("view", _CANDIDATE)).split()
            if _CANDIDATE in views:
                rubric.tag = "div"
            else:
                self.for_scorers.append(self._passage(rubric))
                self._scorers.append(rubric)
                emptied(rubric)

    def note_scorers(self, *, taken: bool) -> None:
        """Say that rubrics were left out, where no reference could hold them."""
        if self._scorers and not taken:
            self._trouble.warning("not_taken", self._scorers[0], names="rubricBlock")

    def _take_feedback(self) -> Passage:
        """Feedback answers an attempt, so it goes; what plainly is the solution is kept as that."""
        modal = list(self._item.iterchildren("modalFeedback"))
        inside = [each for each in self._element.iter(*_FEEDBACK) if _shown_later(each)]
        for each in self._element.iter(*_FEEDBACK):
            if not _shown_later(each):
                each.tag = "div" if str(each.tag) == "feedbackBlock" else "span"
        # A message that prints a result answers one attempt.
        fixed = [each for each in (*modal, *inside) if next(each.iter("printedVariable"), None) is None]
        chosen = [each for each in fixed if _SOLUTION.search(_names(each))]
        # The same words whatever was answered, or words of no answer in particular.
        said = {" ".join("".join(map(str, each.itertext())).split()) for each in modal}
        always = len(said) == 1 and (not self._reacts(modal[0]) if len(modal) == 1 else "" not in said)
        if not chosen and always:
            chosen = [each for each in modal[:1] if each in fixed]
            modal = chosen or modal
        for each in (*modal, *inside):
            # Asking for a hint or for the solution is part of an adaptive item.
            for interaction in list(each.iter("endAttemptInteraction")):
                self._trouble.warning("not_taken", interaction, names="endAttemptInteraction")
                emptied(interaction)
        solution = joined([self._passage(each) for each in chosen])
        for each in inside:
            emptied(each)
        others = len(modal) + len(inside) - len(chosen)
        if others:
            self._trouble.warning("feedback_not_taken", self._item, count=others)
        return solution

    def _reacts(self, feedback: etree._Element) -> bool:
        """Whether feedback speaks of an answer: it is named after one, or after its being right or wrong."""
        name = str(feedback.get("identifier", ""))
        return _REACTION.search(name) is not None or any(
            each.get("identifier") == name for each in self._element.iter("*")
        )

    def settle(self, interaction: etree._Element, number: int, *, marked: bool = False) -> bool:
        """Leave in the text what belongs to it; True for an interaction inside a line.

        number: of the part, 0 when it is the only one; marked: whether its place is to be seen.
        """
        name = str(interaction.tag)
        mark = f"（{number}）" if number else ""
        if name in _INLINE:
            emptied(interaction, text=f"{mark}____")
            return True
        for prompt in interaction.findall("prompt"):
            prompt.tag = "div"
            if number:
                emptied(prompt)
        if name in ("hottextInteraction", "gapMatchInteraction"):
            self._settle_text(interaction)
            interaction.text = mark + (interaction.text or "")
            interaction.tag = "div"
            return True
        for child in list(interaction):
            if str(child.tag) != "div":
                interaction.remove(child)
        interaction.tag, interaction.text = "div", mark if marked else ""
        return False

    def _settle_text(self, interaction: etree._Element) -> None:
        """The text in which one chooses words or fills gaps."""
        for choice in list(interaction.iter("gapText", "gapImg")):
            emptied(choice)
        for number, gap in enumerate(list(interaction.iter("gap")), start=1):
            emptied(gap, text=f"{gap_mark(number).text}____")
        for hot in interaction.iter("hottext"):
            hot.tag = "u"

    def stem(self) -> Passage:
        """The text of the item; its title where there is none, which is said."""
        text = joined([*self.before, self._passage(self._element)])
        if not text.blank or not text.sound:
            return text
        title = " ".join(str(self._item.get("title", "")).split())
        if not title:
            self._trouble.problem("empty_stem", self._element)
            return text
        self._trouble.warning("stem_from_title", self._element, title)
        place = self._trouble.at(self._item)
        return self._trouble.sound(self._texts.of_text(title, place, self._trouble.identifier))


def _is_interaction(element: etree._Element) -> bool:
    return local_name(element).endswith("Interaction")


def _names(feedback: etree._Element) -> str:
    return " ".join(str(feedback.get(key, "")) for key in ("identifier", "outcomeIdentifier", "title"))


def _shown_later(feedback: etree._Element) -> bool:
    return str(feedback.get("showHide", "show")).strip().lower() != "hide"
