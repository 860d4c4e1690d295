"""The key of a text entry: accepted forms, or a number with the tolerance its processing allows."""

from decimal import Decimal

from lxml import etree
from pydantic import ValidationError

from question_bank.blanks import ACCEPTED_CHARS_MAX, ACCEPTED_MAX, Blank, comparable, decimal_of
from question_bank.importing.qti.declarations import Response
from question_bank.importing.qti.trouble import Trouble
from question_bank.importing.vocabulary import names

# mapTolResponse is an extension of a common editor: a mapping whose numbers have a tolerance.
_COMPARES = names("match mapResponse mapTolResponse stringMatch equal equalRounded isNull member contains")
_DECIMALS_MAX = 12


def blank_of(response: Response, element: etree._Element, trouble: Trouble) -> Blank | None:
    """What is right in the text entry bound to a response; None with the problem found."""
    known = list(dict.fromkeys([*response.correct, *response.best]))
    if not known:
        trouble.problem("missing_key", element, response.identifier)
        return None
    other = sorted(set(response.operators) - _COMPARES)
    if other and not set(response.operators) & (_COMPARES - {"isNull"}):
        trouble.problem("unsupported_processing", response.operators[other[0]][0], other[0], name=other[0])
        return None
    compared = _compared_with(response)
    if compared is not None:
        name = str(compared.tag)
        trouble.problem(
            "unsupported_processing", compared, f"{name} {response.identifier}", name=f"{name} variable"
        )
        return None
    if response.weighted:
        trouble.warning("weights_not_taken", element, response.identifier)
    try:
        if response.base_type in ("integer", "float"):
            return _number(response, known, element, trouble)
        return _text(response, known, element, trouble)
    except ValidationError as wrong:
        reason = wrong.errors()[0]["msg"].removeprefix("Value error, ")
        trouble.problem("does_not_fit", element, known[0], reason=reason)
        return None


def _compared_with(response: Response) -> etree._Element | None:
    """The operator that compares the response with another variable: such as one that wants answers to differ."""
    operators = (operator for found in response.operators.values() for operator in found)
    for operator in operators:
        if str(operator.tag) in _COMPARES and len(operator.findall("variable")) > 1:
            return operator
    return None


def _text(response: Response, known: list[str], element: etree._Element, trouble: Trouble) -> Blank | None:
    sensitive = _case_sensitive(response, known)
    accepted = tuple({comparable(text, case_sensitive=sensitive): text for text in reversed(known)}.values())[
        ::-1
    ]
    if len(accepted) > ACCEPTED_MAX or any(len(text) > ACCEPTED_CHARS_MAX for text in accepted):
        trouble.problem(
            "accepted_too_long", element, str(len(accepted)), limit=ACCEPTED_MAX, chars=ACCEPTED_CHARS_MAX
        )
        return None
    return Blank(accepted=accepted, case_sensitive=sensitive)


def _case_sensitive(response: Response, known: list[str]) -> bool:
    """Texts match as written unless the mapping or a stringMatch says otherwise (QTI 2.2, 15.3 and 8.1)."""
    if any(
        str(each.get("caseSensitive", "true")).lower() == "false"
        for each in response.operators.get("stringMatch", ())
    ):
        return False
    mapped = [response.mapping[text] for text in known if text in response.mapping]
    return not (mapped and all(not entry.case_sensitive for entry in mapped))


def _number(response: Response, known: list[str], element: etree._Element, trouble: Trouble) -> Blank | None:
    number = decimal_of(known[0])
    if number is None:
        trouble.problem("bad_number", element, known[0])
        return None
    tolerance = _tolerance(response, number, trouble)
    if tolerance is None:
        return None
    others = tuple(dict.fromkeys(text for text in known[1:] if decimal_of(text) != number))
    return Blank(accepted=others[:ACCEPTED_MAX], number=format(number, "f"), tolerance=format(tolerance, "f"))


def _tolerance(response: Response, number: Decimal, trouble: Trouble) -> Decimal | None:
    """Half the width of the interval in which an answer is right; None with the problem found."""
    for equal in (*response.operators.get("equal", ()), *response.operators.get("mapTolResponse", ())):
        return _of_equal(equal, number, trouble)
    for rounded in response.operators.get("equalRounded", ()):
        figures = str(rounded.get("figures", ""))
        if (
            str(rounded.get("roundingMode", "significantFigures")) != "decimalPlaces"
            or not figures.isdecimal()
        ):
            trouble.problem("unsupported_tolerance", rounded, f"equalRounded {figures}")
            return None
        tolerance = Decimal(5).scaleb(-min(int(figures), _DECIMALS_MAX) - 1)
        trouble.warning("rounding_as_tolerance", rounded, figures=figures, tolerance=format(tolerance, "f"))
        return tolerance
    return Decimal(0)


def _of_equal(equal: etree._Element, number: Decimal, trouble: Trouble) -> Decimal | None:
    mode = str(equal.get("toleranceMode", "exact")).strip()
    if mode == "exact":
        return Decimal(0)
    given = [decimal_of(text) for text in str(equal.get("tolerance", "")).split()]
    ends = {str(equal.get(end, "true")).strip().lower() for end in ("includeLowerBound", "includeUpperBound")}
    size = given[0] if given else None
    if (
        mode not in ("absolute", "relative")
        or size is None
        or size < 0
        or len(set(given)) > 1
        or "false" in ends
    ):
        trouble.problem("unsupported_tolerance", equal, f"{mode} {equal.get('tolerance', '')}")
        return None
    # A relative tolerance is in per cent of the right number (QTI 2.2, 15.3 equal).
    return size if mode == "absolute" else abs(number) * size / 100
