"""Formulas 公式 as MathML: TeX is converted, MathML of others is brought down to what draws and does nothing.

The elements are those of MathML Core (W3C, 2025) and the presentation elements of MathML 3 that browsers still
draw; ``mfenced``, which they no longer do, is written out.
"""

import re
from html import escape

import latex2mathml.converter
from lxml import etree

from question_bank.importing.vocabulary import local_name, names

TEX_CHARS_MAX = 4_000
"""Characters of one formula; a page of TeX is no formula."""

MATHML_ELEMENTS = names(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom menclose merror msub msup msubsup "
    "munder mover munderover mmultiscripts mprescripts none mtable mtr mlabeledtr mtd"
)
MATHML_ATTRIBUTES = names(
    "display displaystyle scriptlevel mathvariant mathsize mathcolor dir stretchy fence separator form accent "
    "accentunder largeop movablelimits symmetric minsize maxsize lspace rspace linethickness bevelled notation "
    "width height depth voffset columnalign rowalign columnspacing rowspacing columnlines rowlines frame "
    "columnspan rowspan side"
)
# How many children each of these must have to be drawn (MathML 3, 3.1.3.2).
_CHILDREN = {
    "mfrac": 2,
    "mroot": 2,
    "msub": 2,
    "msup": 2,
    "munder": 2,
    "mover": 2,
    "msubsup": 3,
    "munderover": 3,
}
# What a formula says besides: annotations repeat it in another language.
_BESIDES = frozenset({"annotation", "annotation-xml", "maligngroup", "malignmark"})
_LEAVES = frozenset({"mi", "mn", "mo", "ms", "mtext"})

# $$…$$, \[…\], \(…\) and $…$. A single dollar opens before and closes behind something other than white space, and
# does not close before a digit, so that prices stay prices. No formula holds the opening of another one, so that
# reading takes no longer than the text is long.
_TEX = re.compile(
    r"(?<!\\)\$\$(?P<display>(?:(?!\$\$).)+)(?<!\\)\$\$"
    r"|\\\[(?P<bracket>(?:(?!\\\[).)+?)\\\]"
    r"|\\\((?P<inline>(?:(?!\\\().)+?)\\\)"
    r"|(?<![\\$])\$(?=[^\s$])(?P<dollar>(?:\\.|[^$\\\n])*?[^\s$\\]|(?:\\.|[^$\\\n])*?\\[^\s])\$(?![\d$])",
    re.DOTALL,
)
_TEX_WORD = re.compile(r"\\(?:text|textrm|textbf|mathrm|mbox|operatorname)\s*\{[^{}]*\}")
_WORDS = re.compile(r"[A-Za-z]{2,}\s|\s[A-Za-z]{2,}")
_HELD = {ord("<"): "\ue000", ord(">"): "\ue001", ord("&"): "\ue002"}
_MEANT = {"\ue000": "&lt;", "\ue001": "&gt;", "\ue002": "&amp;"}
_ALIGNED = re.compile(r"\\(begin|end)\s*\{(?:eqnarray|align)\*?\}")
_CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


class FormulaError(ValueError):
    """A formula that cannot be shown as written; the text names what is in the way."""


def formulas_in(text: str) -> list[tuple[int, int, str, bool]]:
    """Where TeX stands in a text: start, end, the TeX without its delimiters, and whether it is displayed."""
    found: list[tuple[int, int, str, bool]] = []
    for match in _TEX.finditer(text):
        tex = next(group for group in match.groups() if group is not None)
        if match["dollar"] is None or _meant_as_formula(tex):
            found.append((*match.span(), tex, match["display"] is not None or match["bracket"] is not None))
    return found


def _meant_as_formula(tex: str) -> bool:
    """Whether something between two single dollars is one: words, or half a sum, are two variables of a program or
    two prices.
    """
    if _CJK.search(_TEX_WORD.sub("", tex)) and not re.search(r"[\\^_=]", tex):
        return False
    if _WORDS.search(tex) and not re.search(r"[\\^_{}]", tex):
        return False
    return tex[-1] not in "=+-*/.,;:(&|<>"


def mathml_of_tex(tex: str, *, display: bool = False) -> str:
    """The formula as a ``math`` element, as text.

    Raises FormulaError for a command nobody knows, for braces that do not match, and for whatever else cannot be
    converted.
    """
    if len(tex) > TEX_CHARS_MAX:
        raise FormulaError(f"{len(tex)} > {TEX_CHARS_MAX}")
    _check_braces(tex)
    # Older names of what the converter knows as align; its numbers of equations are no part of a formula.
    known = _ALIGNED.sub(r"\\\1{align*}", tex)
    if known != tex:
        known = known.replace("&=&", "&=")
    # The converter writes words as they stand; these three would be taken for markup.
    known = _TEX_WORD.sub(lambda words: words[0].translate(_HELD), known)
    try:
        converted = latex2mathml.converter.convert(known.strip(), display="block" if display else "inline")
        for held, meant in _MEANT.items():
            converted = converted.replace(held, meant)
        root = etree.fromstring(converted.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    # The edge to a converter that raises a dozen types of its own, and any other where a formula surprises it.
    except Exception as wrong:
        raise FormulaError(type(wrong).__name__) from wrong
    for leaf in root.iter(*(f"{{*}}{name}" for name in _LEAVES)):
        if (leaf.text or "").startswith("\\") and len(leaf.text or "") > 1:
            raise FormulaError(leaf.text or "")
    return mathml_of(root)


def _check_braces(tex: str) -> None:
    depth = 0
    for brace in re.findall(r"\\.|[{}]", tex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            break
    if depth:
        raise FormulaError("{ }")


def mathml_of(root: etree._Element) -> str:
    """A foreign ``math`` element as one that only draws, as text; what is drawn is kept.

    Raises FormulaError naming the first element that has no such form, such as one of Content MathML.
    """
    written = _written(root)
    if not re.search(r"<(mi|mn|mo|ms|mtext|mspace)\b", written):
        raise FormulaError("math")
    return written


def _children(element: etree._Element) -> list[etree._Element]:
    """The elements in an element, without comments."""
    return list(element.iterchildren("*"))


def _written(element: etree._Element) -> str:
    name = local_name(element)
    if name in _BESIDES:
        return ""
    children = _children(element)
    if name == "semantics":
        return "".join(_written(child) for child in children[:1])
    if name == "mfenced":
        return _fenced(element, children)
    if name not in MATHML_ELEMENTS:
        raise FormulaError(name)
    if name in _LEAVES:
        within = next((each for each in map(local_name, children) if each not in _BESIDES), None)
        if within is not None:
            raise FormulaError(within)
        # No-break spaces are part of the words; other white space is not (MathML 3, 2.1.7).
        said = re.sub(r"[ \t\r\n\f]+", " ", "".join(map(str, element.itertext()))).strip(" ")
        inner = escape(said, quote=False)
    else:
        kept = [child for child in children if local_name(child) not in _BESIDES]
        if len(kept) != _CHILDREN.get(name, len(kept)):
            raise FormulaError(name)
        inner = "".join(_written(child) for child in kept)
        words = " ".join(filter(None, [element.text, *(child.tail for child in children)])).split()
        inner += f"<mtext>{escape(' '.join(words), quote=False)}</mtext>" if words else ""
    attributes = "".join(
        f' {key}="{escape(str(value))}"'
        for key, value in element.attrib.items()
        if key in MATHML_ATTRIBUTES and re.fullmatch(r"[\w .,#%+|-]{0,64}", str(value))
    )
    return f"<{name}{attributes}>{inner}</{name}>"


def _fenced(element: etree._Element, children: list[etree._Element]) -> str:
    separators = "".join(str(element.get("separators", ",")).split())
    parts: list[str] = []
    for place, child in enumerate(children):
        if place and separators:
            mark = separators[min(place, len(separators)) - 1]
            parts.append(f'<mo separator="true">{escape(mark, quote=False)}</mo>')
        parts.append(_written(child))
    opening, closing = (
        f'<mo fence="true">{escape(str(element.get(side, usual)), quote=False)}</mo>'
        for side, usual in (("open", "("), ("close", ")"))
    )
    return f"<mrow>{opening}{''.join(parts)}{closing}</mrow>"
