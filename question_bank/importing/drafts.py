"""A question as a file has it, before anyone said that it is an item: the one way from a foreign format to Item."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from question_bank.blanks import ACCEPTED_CHARS_MAX, ACCEPTED_MAX, Blank, comparable
from question_bank.importing.bank_row import Located
from question_bank.importing.markup import Passage, texts_of
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell, control_character
from question_bank.items import (
    BLANKS_MAX,
    CODE_CHARS_MAX,
    HTML_CHARS_MAX,
    ITEM_SCORE_MAX,
    LETTERS,
    OPTIONS_MAX,
    OPTIONS_MIN,
    PARTS_MAX,
    PREMISES_MAX,
    TAGS_MAX,
    TRUE_FALSE_OPTIONS,
    Item,
    Kind,
    code_from_content,
)

NO_TEXT = Passage()


def plainly(text: str) -> Passage:
    """A plain text, formulas and all left as they stand."""
    return Passage(html.escape(text, quote=False).replace("\n", "<br>"), text)


def shown(passage: Passage) -> str:
    """What to say of a text in a problem, and what tells it from others."""
    return passage.html if passage.text is None else passage.text


GAP = "____"
"""How the stem of a fill-in shows where something is missing."""

_WIDE_GAP = re.compile(r"_{3,}")


@dataclass(slots=True)
class Draft:
    """A question to be checked. place: of the question. label: its number or title as its keeper knows it.

    options, premises, key, blanks: as in Item; key in any order. code: "" for one made from the content. A part of a
    case needs no code of its own. one_or_more: 不定项, where a single right option is nothing to warn about.
    """

    place: Cell
    label: str
    kind: Kind
    stem: Passage = NO_TEXT
    options: list[Passage] = field(default_factory=list)
    premises: list[Passage] = field(default_factory=list)
    key: list[int] = field(default_factory=list)
    blanks: list["BlankDraft"] = field(default_factory=list)
    parts: list["Draft"] = field(default_factory=list)
    reference: Passage = NO_TEXT
    solution: Passage = NO_TEXT
    code: str = ""
    score: int | None = None
    difficulty: int | None = None
    point: str = ""
    tags: tuple[str, ...] = ()
    one_or_more: bool = False


@dataclass(slots=True)
class BlankDraft:
    """A blank to be checked; number and tolerance are decimals as text."""

    accepted: list[str] = field(default_factory=list)
    number: str | None = None
    tolerance: str = "0"
    case_sensitive: bool = False


def true_false(right: bool) -> tuple[Kind, list[Passage], list[int]]:
    """Kind, options and key of a true/false draft."""
    return Kind.TRUE_FALSE, [plainly(option) for option in TRUE_FALSE_OPTIONS], [0 if right else 1]


def finished(draft: Draft, findings: Findings) -> Located | None:
    """The item of a draft with its place, or None with every problem that keeps it from being one."""
    wrong = _Checks(findings)
    item = wrong.item(draft, "")
    if item is None:
        return None
    column = draft.label
    code = draft.place if item.code == draft.code else None
    return Located(item, draft.place, column, code, column)


class _Checks:
    """The checks of one draft; every one that fails is a finding at the draft's place."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._wrong = False

    def item(self, draft: Draft, code: str) -> Item | None:
        """The item, under the code given, or one of its own."""
        if draft.kind is Kind.FILL_IN:
            draft.stem = _with_even_gaps(draft.stem)
        self._texts(draft)
        if draft.kind is Kind.CASE:
            self._count("parts", draft, len(draft.parts), 1, PARTS_MAX)
        elif draft.kind is Kind.FILL_IN:
            self._blanks(draft)
        elif draft.kind is not Kind.SHORT_ANSWER:
            self._options(draft)
        if len(draft.tags) > TAGS_MAX:
            self._problem("too_many_tags", draft, str(len(draft.tags)), limit=TAGS_MAX)
        if draft.score is not None and not 0 < draft.score <= ITEM_SCORE_MAX:
            self._problem("bad_score", draft, f"{draft.score / 100:g}")
        if len(draft.point) > CODE_CHARS_MAX:
            self._problem("cell_too_long", draft, draft.point, limit=CODE_CHARS_MAX)
        code = code or self._code(draft)
        parts = [
            self.item(part, f"{code}-{number}"[-CODE_CHARS_MAX:])
            for number, part in enumerate(draft.parts, 1)
        ]
        if self._wrong:
            return None
        return self._built(draft, code, tuple(part for part in parts if part is not None))

    def _built(self, draft: Draft, code: str, parts: tuple[Item, ...]) -> Item | None:
        key = draft.key if draft.kind in (Kind.ORDERING, Kind.MATCHING) else sorted(set(draft.key))
        try:
            return Item(
                code=code,
                kind=draft.kind,
                key=tuple(key),
                blanks=tuple(_blank(each) for each in draft.blanks),
                parts=parts,
                score=draft.score,
                difficulty=draft.difficulty,
                point=draft.point,
                tags=draft.tags,
                **texts_of(draft.stem, draft.options, draft.premises, draft.reference, draft.solution),
            )
        except ValidationError as wrong:
            self._problem("not_an_item", draft, reason="; ".join(str(each["msg"]) for each in wrong.errors()))
            return None

    def _code(self, draft: Draft) -> str:
        if draft.code and len(draft.code) <= CODE_CHARS_MAX and not any(map(str.isspace, draft.code)):
            return draft.code
        if draft.code:
            self._findings.warning(
                "code_not_taken", draft.place, draft.code, column=draft.label, limit=CODE_CHARS_MAX
            )
        texts = [shown(text) for text in (*draft.options, *draft.premises)]
        texts += [shown(text) for part in draft.parts for text in (part.stem, *part.options, *part.premises)]
        return code_from_content(draft.kind, shown(draft.stem), tuple(texts))

    def _texts(self, draft: Draft) -> None:
        """Texts that could not be read have told why; here those that say nothing or too much."""
        everything = [draft.stem, *draft.options, *draft.premises, draft.reference, draft.solution]
        if not all(text.sound for text in everything):
            self._wrong = True
            return
        if draft.stem.blank:
            self._problem("empty_stem", draft)
        for option in (*draft.options, *draft.premises):
            if option.blank:
                self._problem("empty_option", draft)
        for text in everything:
            if character := control_character(shown(text)):
                self._problem("control_character", draft, shown(text), character=character)
            if len(text.html) > HTML_CHARS_MAX:
                self._problem("text_too_long", draft, shown(text), limit=HTML_CHARS_MAX)

    def _options(self, draft: Draft) -> None:
        options = draft.options
        self._count("options", draft, len(options), OPTIONS_MIN, OPTIONS_MAX)
        seen: dict[str, int] = {}
        for place, option in enumerate(options):
            first = seen.setdefault("".join(option.html.split()), place)
            if first != place and not option.blank:
                letter = LETTERS[first] if first < len(LETTERS) else str(first + 1)
                self._problem("duplicate_option", draft, shown(option), other=letter)
        if draft.kind is Kind.MATCHING:
            self._count("premises", draft, len(draft.premises), 1, PREMISES_MAX)
        elif not draft.key:
            self._problem("empty_answer", draft)
        if any(not 0 <= each < len(options) for each in draft.key):
            self._problem(
                "answer_beyond_options", draft, _letters(draft.key), letters=LETTERS[: len(options)]
            )
        elif len(set(draft.key)) < len(draft.key) and draft.kind is not Kind.MATCHING:
            self._problem("answer_twice", draft, _letters(draft.key))
        elif draft.kind is Kind.SINGLE and len(draft.key) > 1:
            self._problem("several_answers", draft, _letters(draft.key), kind="单选题 single")
        elif draft.kind is Kind.MULTIPLE and len(draft.key) == 1 and not draft.one_or_more:
            self._findings.warning("one_answer", draft.place, _letters(draft.key), column=draft.label)
        elif draft.kind is Kind.ORDERING and len(draft.key) != len(options):
            self._problem("incomplete_order", draft, _letters(draft.key), limit=len(options))

    def _blanks(self, draft: Draft) -> None:
        self._count("blanks", draft, len(draft.blanks), 1, BLANKS_MAX)
        for blank in draft.blanks:
            blank.accepted = _different(blank.accepted, blank.case_sensitive)
            if len(blank.accepted) > ACCEPTED_MAX:
                self._problem("too_many_forms", draft, str(len(blank.accepted)), limit=ACCEPTED_MAX)
            if not blank.accepted and blank.number is None:
                self._problem("empty_answer", draft)
            for form in blank.accepted:
                if len(form) > ACCEPTED_CHARS_MAX:
                    self._problem("cell_too_long", draft, form, limit=ACCEPTED_CHARS_MAX)
                if character := control_character(form):
                    self._problem("control_character", draft, form, character=character)

    def _count(self, what: str, draft: Draft, count: int, least: int, most: int) -> None:
        if count < least:
            self._problem(f"too_few_{what}", draft, str(count), limit=least)
        elif count > most:
            self._problem(f"too_many_{what}", draft, str(count), limit=most)

    def _problem(self, code: str, draft: Draft, found: str = "", **values: object) -> None:
        self._wrong = True
        self._findings.problem(code, draft.place, found, column=draft.label, **values)


def _with_even_gaps(stem: Passage) -> Passage:
    """A stem whose gaps are all as wide as an item's: ten underscores are one gap, not two."""
    text = None if stem.text is None else _WIDE_GAP.sub(GAP, stem.text)
    return Passage(_WIDE_GAP.sub(GAP, stem.html), text, stem.sound)


def _blank(draft: BlankDraft) -> Blank:
    return Blank(
        accepted=tuple(draft.accepted),
        number=draft.number,
        tolerance=draft.tolerance,
        case_sensitive=draft.case_sensitive,
    )


def _different(forms: Sequence[str], case_sensitive: bool) -> list[str]:
    """Forms that differ once compared, the first of each, empty ones left out."""
    kept: dict[str, str] = {}
    for form in forms:
        kept.setdefault(comparable(form, case_sensitive=case_sensitive), form)
    return [form for said, form in kept.items() if said]


def _letters(key: Sequence[int]) -> str:
    return "".join(LETTERS[each] if 0 <= each < len(LETTERS) else f"[{each + 1}]" for each in key)


def choice_kind(key: Sequence[int]) -> Kind:
    """Single for one right option, multiple for several."""
    return Kind.SINGLE if len(key) == 1 else Kind.MULTIPLE
