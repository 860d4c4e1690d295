"""What an item declares of its responses and outcomes, and which operators its processing uses on them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

from question_bank.blanks import decimal_of
from question_bank.importing.qti.names import line_of
from question_bank.importing.vocabulary import local_name, names

# Elements with an identifier that do nothing with a response.
_NO_OPERATORS = names("correct default setOutcomeValue baseValue lookupOutcomeValue")


@dataclass(frozen=True, slots=True)
class Mapped:
    """One entry of a mapping: what an answer is worth."""

    value: Decimal
    case_sensitive: bool


@dataclass(frozen=True, slots=True)
class Response:
    """A responseDeclaration. correct: the values of its correctResponse, as written but trimmed. mapping: by key."""

    identifier: str
    cardinality: str
    base_type: str
    correct: tuple[str, ...]
    mapping: Mapping[str, Mapped]
    line: int
    operators: Mapping[str, tuple[etree._Element, ...]] = field(default_factory=dict)

    @property
    def best(self) -> list[str]:
        """The keys of the mapping that give most, and something at all."""
        most = max((entry.value for entry in self.mapping.values()), default=Decimal(0))
        return [key for key, entry in self.mapping.items() if entry.value == most > 0]

    @property
    def rewarded(self) -> list[str]:
        """The keys of the mapping that give something."""
        return [key for key, entry in self.mapping.items() if entry.value > 0]

    @property
    def weighted(self) -> bool:
        """Whether single answers are worth something other than the same."""
        return len({entry.value for entry in self.mapping.values()} | {Decimal(0)}) > 2


def responses_of(item: etree._Element) -> dict[str, Response]:
    """The responses an item declares, by identifier."""
    used = _operators(item)
    found: dict[str, Response] = {}
    for declared in item.iterchildren("responseDeclaration"):
        identifier = str(declared.get("identifier", ""))
        found[identifier] = Response(
            identifier=identifier,
            cardinality=str(declared.get("cardinality", "single")),
            base_type=str(declared.get("baseType", "")),
            correct=tuple(
                text for value in declared.iterfind("correctResponse/value") if (text := _words(value))
            ),
            mapping={
                " ".join(str(entry.get("mapKey", "")).split()): Mapped(
                    decimal_of(str(entry.get("mappedValue", ""))) or Decimal(0),
                    str(entry.get("caseSensitive", "true")).strip().lower() not in ("false", "0"),
                )
                for entry in declared.iterfind("mapping/mapEntry")
            },
            line=line_of(declared),
            operators=used.get(identifier, {}),
        )
    return found


def _words(value: etree._Element) -> str:
    return " ".join("".join(map(str, value.itertext())).split())


def _operators(item: etree._Element) -> dict[str, dict[str, tuple[etree._Element, ...]]]:
    """For every response the operators its processing puts it in, by name."""
    used: defaultdict[str, defaultdict[str, list[etree._Element]]] = defaultdict(lambda: defaultdict(list))
    for processing in item.iterchildren("responseProcessing"):
        for element in processing.iter("*"):
            name, tag = str(element.get("identifier", "")), local_name(element)
            operator = element.getparent() if tag == "variable" else element
            if name and tag not in _NO_OPERATORS and operator is not None:
                used[name][local_name(operator)].append(operator)
    return {name: {tag: tuple(found) for tag, found in tags.items()} for name, tags in used.items()}


def score_of(item: etree._Element) -> tuple[Decimal | None, int]:
    """The most an item says it gives, and the line: MAXSCORE, else the normalMaximum of SCORE."""
    outcomes = {str(each.get("identifier", "")): each for each in item.iterchildren("outcomeDeclaration")}
    most = outcomes.get("MAXSCORE")
    if most is not None and (value := most.find("defaultValue/value")) is not None:
        return decimal_of(_words(value)), line_of(most)
    score = outcomes.get("SCORE")
    if score is not None and score.get("normalMaximum"):
        return decimal_of(str(score.get("normalMaximum"))), line_of(score)
    return None, 0
