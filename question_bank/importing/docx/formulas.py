"""Word's formulas (OMML, ISO/IEC 29500-1, 22.1) as MathML; a structure nobody can draw otherwise is refused by name."""

import re
from collections.abc import Callable
from html import escape

from lxml import etree

from question_bank.importing.docx.elements import child, children, descendants, named, on, value
from question_bank.importing.vocabulary import names

FORMULA_DEPTH_MAX = 40
"""Structures inside each other; a formula of a question has five."""

Element = etree._Element
_PROPERTIES = names(
    "rPr ctrlPr fPr radPr sSubPr sSupPr sSubSupPr sPrePr naryPr dPr funcPr limLowPr limUppPr accPr barPr groupChrPr "
    "borderBoxPr boxPr eqArrPr mPr phantPr argPr oMathParaPr bookmarkStart bookmarkEnd proofErr permStart permEnd "
    "commentRangeStart commentRangeEnd del moveFrom"
)
_ROWS = names("ins moveTo smartTag sdt sdtContent hyperlink oMath box e")
_DRAWN = names("drawing pict object")
# Numbers whole, words of Latin and of other letters, anything else sign by sign.
_TOKEN = re.compile(r"\d+(?:\.\d+)*|\s+|[A-Za-z]+|[^\W\d_]+|.", re.DOTALL)


class FormulaRefused(ValueError):
    """A formula with something in it that MathML here has no word for; the text names it."""


def mathml(element: Element, *, display: bool = False) -> str:
    """The MathML of an oMath element. Raises FormulaRefused."""
    opening = '<math display="block">' if display else "<math>"
    return f"{opening}{_row(element, 0)}</math>"


def formula_text(element: Element) -> str:
    """The characters of a formula, to name it by."""
    return "".join(found.text or "" for found in descendants(element, "t"))


def _row(element: Element | None, depth: int) -> str:
    """The children of an argument, in one row; an empty argument is an empty row."""
    if depth > FORMULA_DEPTH_MAX:
        raise FormulaRefused(f"> {FORMULA_DEPTH_MAX}")
    inner = list(element) if element is not None else []
    return f"<mrow>{''.join(_piece(each, depth + 1) for each in inner)}</mrow>"


def _piece(element: Element, depth: int) -> str:
    name = named(element)
    if not name or name in _PROPERTIES:
        return ""
    if name == "r":
        return _run(element)
    if name in _ROWS:
        return _row(element, depth)
    write = _STRUCTURES.get(name)
    if write is None:
        raise FormulaRefused(name)
    return write(element, depth)


def _run(run: Element) -> str:
    """The characters of a run: numbers whole, letters one by one, unless they are set upright as a word."""
    drawn = next((named(part) for part in run if named(part) in _DRAWN), None)
    if drawn is not None:
        raise FormulaRefused(drawn)
    text = "".join(part.text or "" for part in children(run, "t"))
    # Of two rPr, the first is the formula's own.
    properties = child(run, "rPr")
    style = value(child(properties, "sty"))
    upright = style == "p" or on(properties, "nor")
    tokens = "".join(_sign(sign, upright=upright) for sign in _TOKEN.findall(text))
    if style in ("b", "bi"):
        variant = "bold" if style == "b" else "bold-italic"
        return f'<mstyle mathvariant="{variant}">{tokens}</mstyle>'
    return tokens


def _sign(sign: str, *, upright: bool) -> str:
    said = escape(sign)
    if sign[0].isdigit():
        return f"<mn>{said}</mn>"
    if sign.isspace():
        return "<mtext>\u00a0</mtext>"
    if not sign[0].isalpha():
        return f"<mo>{'−' if sign == '-' else said}</mo>"
    if any("\u2e80" <= character <= "\uffef" for character in sign):
        return f"<mtext>{said}</mtext>"
    if upright:
        return f'<mi mathvariant="normal">{said}</mi>'
    return "".join(f"<mi>{character}</mi>" for character in sign)


def _property(element: Element, group: str, name: str) -> str | None:
    """The value of a property, "" where it is given without one, None where it is not given."""
    found = child(child(element, group), name)
    return value(found) if found is not None else None


def _fraction(element: Element, depth: int) -> str:
    over, under = _row(child(element, "num"), depth), _row(child(element, "den"), depth)
    kind = _property(element, "fPr", "type")
    if kind == "lin":
        return f"<mrow>{over}<mo>/</mo>{under}</mrow>"
    line = ' linethickness="0"' if kind == "noBar" else ' bevelled="true"' if kind == "skw" else ""
    return f"<mfrac{line}>{over}{under}</mfrac>"


def _radical(element: Element, depth: int) -> str:
    degree = child(element, "deg")
    inner = _row(child(element, "e"), depth)
    said = degree is not None and bool(formula_text(degree).strip())
    if not said or on(child(element, "radPr"), "degHide"):
        return f"<msqrt>{inner}</msqrt>"
    return f"<mroot>{inner}{_row(degree, depth)}</mroot>"


def _scripts(tag: str, *names: str) -> Callable[[Element, int], str]:
    def write(element: Element, depth: int) -> str:
        parts = "".join(_row(child(element, name), depth) for name in names)
        return f"<{tag}>{parts}</{tag}>"

    return write


def _before(element: Element, depth: int) -> str:
    base, sub, sup = (_row(child(element, name), depth) for name in ("e", "sub", "sup"))
    return f"<mmultiscripts>{base}<mprescripts></mprescripts>{sub}{sup}</mmultiscripts>"


def _large(element: Element, depth: int) -> str:
    """A sum, a product, an integral: its sign with limits below and above, or beside it."""
    sign = _property(element, "naryPr", "chr")
    operator = f"<mo>{escape('∫' if sign is None else sign or '∫')}</mo>"
    sub = None if on(child(element, "naryPr"), "subHide") else child(element, "sub")
    sup = None if on(child(element, "naryPr"), "supHide") else child(element, "sup")
    usual = "subSup" if sign in (None, "∫") else "undOvr"
    beside = (_property(element, "naryPr", "limLoc") or usual) == "subSup"
    if sub is not None and sup is not None:
        tag = "msubsup" if beside else "munderover"
        operator = f"<{tag}>{operator}{_row(sub, depth)}{_row(sup, depth)}</{tag}>"
    elif sub is not None:
        tag = "msub" if beside else "munder"
        operator = f"<{tag}>{operator}{_row(sub, depth)}</{tag}>"
    elif sup is not None:
        tag = "msup" if beside else "mover"
        operator = f"<{tag}>{operator}{_row(sup, depth)}</{tag}>"
    return f"<mrow>{operator}{_row(child(element, 'e'), depth)}</mrow>"


def _delimited(element: Element, depth: int) -> str:
    begin, end = _property(element, "dPr", "begChr"), _property(element, "dPr", "endChr")
    between = _property(element, "dPr", "sepChr")
    rows = [_row(each, depth) for each in children(element, "e")]
    opening, closing = "(" if begin is None else begin, ")" if end is None else end
    separator = f"<mo>{escape('|' if between is None else between)}</mo>"
    fence = [f'<mo fence="true">{escape(each)}</mo>' if each else "" for each in (opening, closing)]
    return f"<mrow>{fence[0]}{separator.join(rows)}{fence[1]}</mrow>"


def _function(element: Element, depth: int) -> str:
    name, inner = _row(child(element, "fName"), depth), _row(child(element, "e"), depth)
    return f"<mrow>{name}<mo>\u2061</mo>{inner}</mrow>"


def _accent(element: Element, depth: int) -> str:
    sign = _property(element, "accPr", "chr")
    shown = "^" if sign is None or sign == "\u0302" else sign
    plain = {
        "\u0303": "~",
        "\u0304": "¯",
        "\u0305": "¯",
        "\u0307": "˙",
        "\u0308": "¨",
        "\u20d7": "→",
        "\u030c": "ˇ",
    }
    return f'<mover accent="true">{_row(child(element, "e"), depth)}<mo>{escape(plain.get(shown, shown))}</mo></mover>'


def _bar(element: Element, depth: int) -> str:
    inner = _row(child(element, "e"), depth)
    if _property(element, "barPr", "pos") == "top":
        return f"<mover>{inner}<mo>¯</mo></mover>"
    return f"<munder>{inner}<mo>_</mo></munder>"


def _grouped(element: Element, depth: int) -> str:
    sign = _property(element, "groupChrPr", "chr")
    shown = escape("⏟" if sign is None else sign)
    tag = "mover" if _property(element, "groupChrPr", "pos") == "top" else "munder"
    return f"<{tag}>{_row(child(element, 'e'), depth)}<mo>{shown}</mo></{tag}>"


def _boxed(element: Element, depth: int) -> str:
    return f'<menclose notation="box">{_row(child(element, "e"), depth)}</menclose>'


def _phantom(element: Element, depth: int) -> str:
    inner = _row(child(element, "e"), depth)
    return (
        inner
        if _property(element, "phantPr", "show") in ("1", "true", "on")
        else f"<mphantom>{inner}</mphantom>"
    )


def _lines(element: Element, depth: int) -> str:
    rows = "".join(f"<mtr><mtd>{_row(each, depth)}</mtd></mtr>" for each in children(element, "e"))
    return f'<mtable columnalign="left">{rows}</mtable>'


def _matrix(element: Element, depth: int) -> str:
    rows = []
    for line in children(element, "mr"):
        cells = "".join(f"<mtd>{_row(each, depth)}</mtd>" for each in children(line, "e"))
        rows.append(f"<mtr>{cells}</mtr>")
    return f"<mtable>{''.join(rows)}</mtable>"


_STRUCTURES: dict[str, Callable[[Element, int], str]] = {
    "f": _fraction,
    "rad": _radical,
    "sSup": _scripts("msup", "e", "sup"),
    "sSub": _scripts("msub", "e", "sub"),
    "sSubSup": _scripts("msubsup", "e", "sub", "sup"),
    "sPre": _before,
    "nary": _large,
    "d": _delimited,
    "func": _function,
    "limLow": _scripts("munder", "e", "lim"),
    "limUpp": _scripts("mover", "e", "lim"),
    "acc": _accent,
    "bar": _bar,
    "groupChr": _grouped,
    "borderBox": _boxed,
    "phant": _phantom,
    "eqArr": _lines,
    "m": _matrix,
}
