"""One assessmentItem as an item, or as the problems that keep it from being one."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree
from pydantic import ValidationError

from question_bank.importing.bank_row import Located
from question_bank.importing.markup import Passage, TextReader, joined, texts_of
from question_bank.importing.qti.body import Body
from question_bank.importing.qti.declarations import responses_of, score_of
from question_bank.importing.qti.names import emptied
from question_bank.importing.qti.parts import SUPPORTED, Part, PartReader, gap_mark, part_mark
from question_bank.importing.qti.trouble import Trouble
from question_bank.importing.tables import plain
from question_bank.importing.vocabulary import local_name, names, namespace_of
from question_bank.items import (
    BLANKS_MAX,
    CODE_CHARS_MAX,
    ITEM_SCORE_MAX,
    PARTS_MAX,
    PREMISES_MAX,
    TAGS_MAX,
    Item,
    Kind,
    code_from_content,
)

# What stands beside the body and is no part of an item here.
_BESIDE = names(
    "stylesheet apipAccessibility accessibility catalogInfo companionMaterialsInfo contextDeclaration "
    "interactionModules"
)
_XINCLUDE = "http://www.w3.org/2001/XInclude"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a package says of an item besides: difficulty in hundredths, tags."""

    difficulty: int | None = None
    tags: tuple[str, ...] = ()


class ItemReader:
    """Reads the items of one file; interactions nobody supports are counted by the caller."""

    def __init__(
        self,
        texts: TextReader,
        unsupported: Callable[[str, Trouble, etree._Element], None],
        stimulus: Callable[[str], etree._Element | None],
        page: Callable[[str], etree._Element | None],
    ) -> None:
        """stimulus: the body of a shared stimulus by its address as written; page: that of an HTML page."""
        self._texts, self._unsupported, self._stimulus, self._page = texts, unsupported, stimulus, page

    def read(self, item: etree._Element, trouble: Trouble, facts: Facts) -> Located | None:
        """The item with its place; None with every problem found. The element is used up."""
        body = self._body(item, trouble)
        if body is None:
            return None
        reader = PartReader(self._texts, trouble, responses_of(item))
        interactions = body.interactions
        read = [(interaction, reader.read(interaction)) for interaction in interactions]
        parts = [(interaction, part) for interaction, part in read if part is not None]
        if trouble.wrong or len(parts) < len(read):
            return None
        fields = self._fields(body, parts, reader, trouble)
        if fields is None or trouble.wrong:
            return None
        located = self._located(item, fields, trouble, facts)
        # A choice that speaks of the others, as most fixed ones do, is never moved.
        moved = located is not None and any(asked.shufflable for asked in located.item.asked)
        if moved and reader.fixed is not None:
            trouble.warning("fixed_not_kept", reader.fixed, str(reader.fixed.get("identifier", "")))
        return located

    def _body(self, item: etree._Element, trouble: Trouble) -> Body | None:
        """What the item asks, once nothing stands in the way of reading it."""
        self._check(item, trouble)
        element = item.find("itemBody")
        if element is None:
            trouble.problem("no_body", item)
            return None
        self._put_pages(element)
        body = Body(element, item, self._texts, trouble)
        printed = next(element.iter("printedVariable"), None)
        if printed is not None and not trouble.wrong:
            trouble.problem("printed_variable", printed, str(printed.get("identifier", "")))
        known = True
        for interaction in body.interactions:
            if str(interaction.tag) not in SUPPORTED:
                known = False
                self._unsupported(str(interaction.tag), trouble, interaction)
        if not body.interactions:
            trouble.problem("no_interaction", element, str(item.get("title", "")))
        self._add_stimuli(item, body, trouble)
        return body if known and not trouble.wrong else None

    def _put_pages(self, element: etree._Element) -> None:
        """Put the pages a body embeds, as passages often are, in their places; without its file an object stays."""
        for embedded in list(element.iter("object")):
            if str(embedded.get("type", "")).strip().lower() in ("text/html", "application/xhtml+xml"):
                page = self._page(str(embedded.get("data", "")))
                if page is not None:
                    tail = embedded.tail
                    embedded.clear()
                    embedded.tag, embedded.text, embedded.tail = "div", page.text, tail
                    embedded.extend(list(page))

    def _check(self, item: etree._Element, trouble: Trouble) -> None:
        if str(item.get("adaptive", "false")).strip().lower() == "true":
            trouble.problem("adaptive_item", item)
        template = next(
            item.iter("templateProcessing", "templateDeclaration", "templateBlock", "templateInline"), None
        )
        if template is not None:
            trouble.problem("template_item", template, str(template.tag))
        for element in item.iter("*"):
            if namespace_of(element) == _XINCLUDE:
                trouble.problem("xinclude", element, str(element.get("href", "")))
        beside = [str(child.tag) for child in item.iterchildren() if local_name(child) in _BESIDE]
        if beside:
            trouble.warning("not_taken", item, names=", ".join(dict.fromkeys(map(_bare, beside))))

    def _add_stimuli(self, item: etree._Element, body: Body, trouble: Trouble) -> None:
        for reference in item.iterchildren("assessmentStimulusRef"):
            found = self._stimulus(str(reference.get("href", "")))
            if found is None:
                trouble.problem("missing_stimulus", reference, str(reference.get("href", "")))
            else:
                text = self._texts.of_element(found, trouble.at(reference), trouble.identifier)
                body.before.append(trouble.sound(text))

    def _fields(
        self, body: Body, parts: list[tuple[etree._Element, Part]], reader: PartReader, trouble: Trouble
    ) -> dict[str, object] | None:
        kinds = {str(interaction.tag) for interaction, _ in parts}
        if kinds == {"textEntryInteraction"}:
            return self._fill_in(body, parts, trouble)
        if kinds == {"inlineChoiceInteraction"} and 1 < len(parts) <= PREMISES_MAX:
            together = _same_options([part for _, part in parts])
            if together is not None:
                for number, (interaction, _) in enumerate(parts, start=1):
                    emptied(interaction, text=f"{gap_mark(number).text}____")
                return self._single(body, together, trouble)
        if len(parts) == 1:
            interaction, part = parts[0]
            body.settle(interaction, 0)
            part.reference = joined([part.reference, *body.for_scorers])
            return self._single(body, part, trouble)
        return self._case(body, parts, reader, trouble)

    def _fill_in(
        self, body: Body, parts: list[tuple[etree._Element, Part]], trouble: Trouble
    ) -> dict[str, object] | None:
        if len(parts) > BLANKS_MAX:
            trouble.problem("too_many_blanks", parts[BLANKS_MAX][0], str(len(parts)), limit=BLANKS_MAX)
            return None
        for interaction, _ in parts:
            emptied(interaction, text="____")
        whole = Part(Kind.FILL_IN, blanks=tuple(blank for _, part in parts for blank in part.blanks))
        fields = self._single(body, whole, trouble)
        if str(fields["stem"]).count("____") != len(whole.blanks) or "_____" in str(fields["stem"]):
            trouble.problem("blank_marks", parts[0][0])
        return fields

    def _single(self, body: Body, part: Part, trouble: Trouble) -> dict[str, object]:
        stem = body.stem()
        body.note_scorers(taken=part.kind is Kind.SHORT_ANSWER)
        return _part_fields(part, stem, body.solution)

    def _case(
        self, body: Body, parts: list[tuple[etree._Element, Part]], reader: PartReader, trouble: Trouble
    ) -> dict[str, object] | None:
        if len(parts) > PARTS_MAX:
            trouble.problem("too_many_parts", parts[PARTS_MAX][0], str(len(parts)), limit=PARTS_MAX)
            return None
        made: list[dict[str, object]] = []
        for number, (interaction, part) in enumerate(parts, start=1):
            prompt, mark = reader.prompt(interaction), part_mark(number)
            prompted = not prompt.blank
            inline = body.settle(interaction, number, marked=not prompted)
            if part.kind is Kind.FILL_IN:
                stem = Passage(f"{mark.html}____", f"{mark.text}____")
            else:
                stem = prompt if prompted and not inline else joined([mark, prompt])
            if part.kind is Kind.SHORT_ANSWER:
                part.reference = joined([part.reference, *body.for_scorers])
            made.append(_part_fields(part, stem, Passage()))
        body.note_scorers(taken=any(part.kind is Kind.SHORT_ANSWER for _, part in parts))
        texts = texts_of(body.stem(), solution=body.solution)
        return {
            "kind": Kind.CASE,
            "markup": texts["markup"],
            "stem": texts["stem"],
            "solution": texts["solution"],
            "parts": made,
        }

    def _located(
        self, item: etree._Element, fields: dict[str, object], trouble: Trouble, facts: Facts
    ) -> Located | None:
        place, identifier = trouble.at(item), plain(str(item.get("identifier", "")))
        named = 0 < len(identifier) <= CODE_CHARS_MAX and not any(map(str.isspace, identifier))
        options = fields.get("options", ())
        assert isinstance(options, tuple)
        kind = Kind(str(fields["kind"]))
        code = identifier if named else code_from_content(kind, str(fields["stem"]), options)
        whole = {
            **fields,
            "code": code,
            "difficulty": facts.difficulty,
            "tags": facts.tags[:TAGS_MAX],
            "score": self._score(item, trouble),
        }
        try:
            parts = fields.get("parts", [])
            assert isinstance(parts, list)
            if parts:
                whole["parts"] = tuple(
                    Item.model_validate({**part, "code": f"{code}-{number}"[-CODE_CHARS_MAX:]})
                    for number, part in enumerate(parts, start=1)
                )
            read = Item.model_validate(whole)
        except ValidationError as wrong:
            error = wrong.errors()[0]
            reason = (
                f"{'.'.join(map(str, error['loc']))} {error['msg'].removeprefix('Value error, ')}".strip()
            )
            trouble.problem("does_not_fit", item, str(fields["stem"]), reason=reason)
            return None
        return Located(read, place, trouble.identifier, place if named else None, trouble.identifier)

    def _score(self, item: etree._Element, trouble: Trouble) -> int | None:
        value, line = score_of(item)
        if value is None or not line:
            return None
        hundredths = value * 100
        if hundredths == hundredths.to_integral_value() and 0 < hundredths <= ITEM_SCORE_MAX:
            return int(hundredths)
        if hundredths:
            trouble.warning("score_not_taken", item, str(value))
        return None


def _part_fields(part: Part, stem: Passage, solution: Passage) -> dict[str, object]:
    true_false = part.kind is Kind.TRUE_FALSE
    texts = texts_of(
        stem,
        () if true_false else part.options,
        part.premises,
        part.reference if part.kind is Kind.SHORT_ANSWER else Passage(),
        solution,
    )
    options = tuple(option.text or "" for option in part.options) if true_false else texts["options"]
    return {**texts, "options": options, "kind": part.kind, "key": part.key, "blanks": part.blanks}


def _same_options(parts: list[Part]) -> Part | None:
    """Inline choices that all offer the same as one matching; None when they do not."""
    first = parts[0]
    offered = [option.html for option in first.options]
    if any([option.html for option in part.options] != offered for part in parts):
        return None
    if any(part.kind not in (Kind.SINGLE, Kind.TRUE_FALSE) for part in parts):
        return None
    return Part(
        Kind.MATCHING,
        options=first.options,
        premises=tuple(gap_mark(number) for number in range(1, len(parts) + 1)),
        key=tuple(part.key[0] for part in parts),
    )


def _bare(name: str) -> str:
    return name.rpartition("}")[2]
