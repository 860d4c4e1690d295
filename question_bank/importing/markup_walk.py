"""One walk through foreign markup: what is kept is written twice, as HTML and as plain text."""

import re
from collections.abc import Callable
from html import escape
from html.entities import html5

from lxml import etree

from question_bank.importing.formulas import FormulaError, formulas_in, mathml_of, mathml_of_tex
from question_bank.importing.limits import MARKUP_DEPTH_MAX, MARKUP_ELEMENTS_MAX
from question_bank.importing.picture_files import PictureError
from question_bank.importing.problems import Findings
from question_bank.importing.sanitising import ALLOWED, ATTRIBUTES, BLOCKS, EMPTY_ELEMENTS, INLINE
from question_bank.importing.svg_text import data_uri_of
from question_bank.importing.tables import Cell, control_character
from question_bank.importing.vocabulary import local_name, names, namespace_of

# Elements of the same meaning under the name we keep.
_CALLED = {
    "strike": "s", "tt": "code", "listing": "pre", "plaintext": "pre", "dir": "ul", "menu": "ul",
    "h1": "p", "h2": "p", "h3": "p", "h4": "p", "h5": "p", "h6": "p", "figcaption": "p", "legend": "p",
    "summary": "p", "big": "b",
    **dict.fromkeys(
        ("address", "article", "aside", "center", "details", "fieldset", "figure", "footer", "header", "hgroup",
         "main", "nav", "section", "form"), "div",
    ),
}  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements that say nothing the words in them do not.
_UNWRAPPED = names(
    "html body span font a abbr acronym dfn bdi bdo nobr label picture time data address wbr center optgroup "
    "noscript template slot search rtc marquee blink"
)
_DROPPED = names("head title style meta link base source track param")
_UNSUPPORTED = names(
    "iframe frame frameset noframes embed audio video canvas applet map area input select textarea button datalist "
    "output progress meter dialog object keygen portal bgsound"
)
_TEX_CLASSES = frozenset(
    {"math-tex", "tex", "latex", "math", "math-inline", "math-display", "tex2jax_process"}
)
_RENDERED_TWICE = frozenset({"katex-html", "mathjax_preview", "mathjax_svg", "mathjax_chtml"})
_STYLES = (
    (re.compile(r"text-decoration[\w-]*\s*:[^;]*underline"), "u"),
    (re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through"), "s"),
    (re.compile(r"font-weight\s*:\s*(bold|[6-9]00)"), "b"),
    (re.compile(r"font-style\s*:\s*(italic|oblique)"), "i"),
    (re.compile(r"vertical-align\s*:\s*super"), "sup"),
    (re.compile(r"vertical-align\s*:\s*sub"), "sub"),
)  # fmt: skip
_HIDDEN_CLASSES = frozenset({"accesshide", "sr-only", "visually-hidden", "qti-visually-hidden"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
# A paragraph that is all there is: the same without it.
_ALONE = re.compile(r"<(p|div)>((?:(?!</?(?:p|div|ul|ol|table|pre|blockquote|dl|hr)\b).)*)</\1>", re.DOTALL)
# White space of HTML: no-break and ideographic spaces are characters like others.
_SPACE = re.compile(r"[ \t\r\n\f]+")
_LEFT_OVER = re.compile(r"\\\(|\\\[|\$\$")
# An editor's MathML in an attribute, its angle brackets written as quotation marks.
_WIRIS = str.maketrans({"«": "<", "»": ">", "¨": '"', "§": "&"})
_ALT_CHARS_MAX = 500
# Where a block begins or ends in the plain text.
_EDGE = "\0"


class TooMuch(Exception):
    """More elements, or deeper ones, than any item has."""


class Report:
    """Problems of one text at one place. sound: there were none."""

    def __init__(self, findings: Findings, place: Cell, column: str) -> None:
        """Everything goes to the findings."""
        self._findings, self._place, self._column = findings, place, column
        self._warned: set[tuple[str, str]] = set()
        self.sound = True

    def problem(self, code: str, found: str = "", **values: object) -> None:
        """Something that refuses the text."""
        self.sound = False
        self._findings.problem(code, self._place, found, column=self._column, **values)

    def warning(self, code: str, found: str = "", **values: object) -> None:
        """Something left out, said once."""
        if (code, found) not in self._warned:
            self._warned.add((code, found))
            self._findings.warning(code, self._place, found, column=self._column, **values)


class Walk:
    """Writes what it meets. rich: whether anything but words and line breaks was there."""

    def __init__(self, report: Report, picture_name: Callable[[str], str], *, exact: bool) -> None:
        """picture_name: the name of the picture at an address, or PictureError. exact: change nothing."""
        self._report, self._picture_name, self._exact = report, picture_name, exact
        self._html: list[str] = []
        self._text: list[str] = []
        self._elements = 0
        self._verbatim = 0
        self.rich = False

    @property
    def html(self) -> str:
        """What was written as HTML, yet to be sanitised."""
        written = "".join(self._html)
        if self._exact:
            return written
        alone = _ALONE.fullmatch(written.strip())
        return (alone[2] if alone else written).strip()

    @property
    def text(self) -> str:
        """What was written as plain text, paragraphs on lines of their own."""
        written = "".join(self._text)
        if self._exact:
            return written.replace(_EDGE, "")
        written = re.sub(rf"[ \t]*(\n?){_EDGE}[ \t{_EDGE}]*", rf"\1{_EDGE}", written)
        written = re.sub(rf"\n?{_EDGE}", "\n", written)
        return re.sub(r"[ \t]*\n[ \t]*", "\n", re.sub(r"[ \t]+", " ", written.replace("\u00a0", " "))).strip()

    def content(self, element: etree._Element, depth: int = 1) -> None:
        """Write what stands in an element, without the element itself. Raises TooMuch."""
        if depth > MARKUP_DEPTH_MAX:
            raise TooMuch
        self._words(element.text)
        for child in element:
            self._elements += 1
            if self._elements > MARKUP_ELEMENTS_MAX:
                raise TooMuch
            tag: object = child.tag
            if isinstance(tag, str):
                self._element(child, depth)
            elif isinstance(child, etree._Entity):
                self._entity(str(child.name))
            self._words(child.tail)

    def _entity(self, name: str) -> None:
        """A name for a character, which the parser was not to look up."""
        if (character := html5.get(f"{name};")) is not None:
            self._plain(character)
        else:
            self._report.problem("unsupported_content", f"&{name};", name=f"&{name};")

    def _element(self, element: etree._Element, depth: int) -> None:
        name = local_name(element).lower()
        special = {"math": self._math, "img": self._img, "script": self._script, "svg": self._svg,
                   "object": self._object}.get(name)  # fmt: skip
        if self._exact and name in ALLOWED and name != "img":
            self._kept(element, name, depth)
        elif special is not None:
            special(element)
        elif name in _DROPPED:
            return
        elif _hidden(element):
            if said := " ".join("".join(map(str, element.itertext())).split()):
                self._report.warning("hidden_dropped", said)
        elif name == "br":
            self._html.append("<br>")
            self._text.append("\n")
        elif not self._formula_span(element):
            self._ordinary(element, name, depth)

    def _ordinary(self, element: etree._Element, name: str, depth: int) -> None:
        kept = _CALLED.get(name, name)
        wraps = [] if self._exact else _emphasis(element)
        if name in _HEADINGS:
            wraps.insert(0, "strong")
        if kept in ("div", "p") and not wraps and _only_blocks(element):
            self._text.append(_EDGE)
            self.content(element, depth + 1)
            self._text.append(_EDGE)
            return
        if kept in BLOCKS | INLINE or kept in ("colgroup", "col"):
            self._kept(element, kept, depth, wraps)
            return
        if name in _UNSUPPORTED:
            self._report.problem("unsupported_content", name, name=name)
            return
        if name == "a" and element.get("href"):
            self._report.warning("link_dropped", str(element.get("href")))
        elif name not in _UNWRAPPED and namespace_of(element) in ("", "http://www.w3.org/1999/xhtml"):
            self._report.warning("unknown_element", name, name=name)
        self._wrapped(element, wraps, depth)

    def _kept(self, element: etree._Element, name: str, depth: int, wraps: list[str] | None = None) -> None:
        block = name in BLOCKS
        self.rich |= name not in ("p", "div", "span", "br")
        attributes = "".join(
            f' {key!s}="{escape(str(value))}"'
            for key, value in element.attrib.items()
            if key in ATTRIBUTES.get(name, ())
        )
        if name == "br":
            self._text.append("\n")
        if block:
            self._text.append(_EDGE)
        opened = f"<{name}{attributes}>"
        self._html.append(opened)
        verbatim = name in ("pre", "code", "kbd", "samp")
        self._verbatim += verbatim
        if name not in EMPTY_ELEMENTS:
            self._wrapped(element, wraps or [], depth)
            self._close(name, opened)
        self._verbatim -= verbatim
        if block:
            self._text.append(_EDGE)

    def _close(self, name: str, opened: str) -> None:
        """End an element; a paragraph in which nothing stands leaves no trace."""
        if name in ("p", "div") and not self._exact:
            while not self._html[-1].strip() and self._html[-1] != opened:
                self._html.pop()
            if self._html[-1] == opened:
                self._html.pop()
                return
        self._html.append(f"</{name}>")

    def _wrapped(self, element: etree._Element, wraps: list[str], depth: int) -> None:
        self.rich |= bool(wraps)
        self._html += [f"<{name}>" for name in wraps]
        self.content(element, depth + 1)
        self._html += [f"</{name}>" for name in reversed(wraps)]

    def _words(self, text: str | None) -> None:
        if not text:
            return
        if character := control_character(text.replace("\r", "\n")):
            self._report.problem("control_character", character=character)
        if self._exact or self._verbatim:
            self._plain(text)
            return
        text = _SPACE.sub(" ", text)
        end = 0
        for start, stop, tex, display in formulas_in(text):
            self._plain(text[end:start])
            self._tex(tex, display=display)
            end = stop
        rest = text[end:]
        if left := _LEFT_OVER.search(rest):
            self._report.problem("bad_formula", rest[left.start() :], reason=left[0])
        self._plain(rest)

    def _plain(self, text: str) -> None:
        self._html.append(escape(text, quote=False))
        self._text.append(text)

    def _formula(self, written: Callable[[], str], found: str) -> None:
        try:
            self._html.append(written())
            self.rich = True
        except FormulaError as wrong:
            self._report.problem("bad_formula", found, reason=str(wrong))

    def _tex(self, tex: str, *, display: bool) -> None:
        tex = tex.replace("\u00a0", " ")
        self._formula(lambda: mathml_of_tex(tex, display=display), tex)

    def _math(self, element: etree._Element) -> None:
        self._formula(lambda: mathml_of(element), " ".join("".join(map(str, element.itertext())).split()))

    def _formula_span(self, element: etree._Element) -> bool:
        """Whether this was the wrapper of a formula, as editors and renderers leave them, now written."""
        classes = {word.lower() for word in str(element.get("class", "")).split()}
        if not classes:
            return False
        if classes & _RENDERED_TWICE:
            return True
        if "katex" in classes or "mathjax" in classes:
            found = next(element.iter("{*}math"), None)
            if found is not None:
                self._math(found)
                return True
        if not classes & _TEX_CLASSES or len(element) or not (element.text or "").strip():
            return False
        whole = (element.text or "").strip()
        spans = formulas_in(whole)
        if len(spans) == 1 and spans[0][:2] == (0, len(whole)):
            self._tex(spans[0][2], display=spans[0][3])
        elif spans:
            self._words(element.text)
        else:
            self._tex(whole, display="math-display" in classes)
        return True

    def _img(self, element: etree._Element) -> None:
        tex, mathml = element.get("data-equation-content"), element.get("data-mathml")
        if tex:
            self._tex(str(tex), display=False)
        elif mathml:
            self._formula(lambda: _mathml_text(str(mathml)), str(mathml))
        else:
            self._picture(element, str(element.get("src", "")))

    def _object(self, element: etree._Element) -> None:
        address, kind = str(element.get("data", "")), str(element.get("type", "")).lower()
        pictured = kind.startswith("image/") or address.lower().endswith(
            (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp")
        )
        if address and pictured:
            self._picture(element, address)
        else:
            self._report.problem(
                "unsupported_content", address or kind or "object", name=f"object {kind}".strip()
            )

    def _picture(self, element: etree._Element, address: str) -> None:
        try:
            self._show(element, self._picture_name(address))
        except PictureError as wrong:
            # What stands inside an object is what to show in its place.
            if any(local_name(inner).lower() in ("object", "img") for inner in element.iterdescendants()):
                self.content(element)
            else:
                self._report.problem(wrong.code, wrong.found or address, **wrong.values)

    def _show(self, element: etree._Element, name: str) -> None:
        self.rich = True
        if self._exact:
            kept = {str(key): str(value) for key, value in element.attrib.items()} | {
                "src": f"picture:{name}"
            }
            written = (f' {key}="{escape(value)}"' for key, value in kept.items() if key in ATTRIBUTES["img"])
            self._html.append(f"<img{''.join(written)}>")
            return
        words = str(element.get("alt") or "") or " ".join("".join(map(str, element.itertext())).split())
        alt = " ".join(words.split())[:_ALT_CHARS_MAX]
        attributes = f' src="picture:{name}" alt="{escape(alt)}"'
        for key in ("width", "height"):
            size = re.fullmatch(r"\s*(\d{1,4})(\.\d+)?\s*(px)?\s*", str(element.get(key, "")))
            attributes += f' {key}="{size[1]}"' if size else ""
        self._html.append(f"<img{attributes}>")

    def _svg(self, element: etree._Element) -> None:
        try:
            self._html.append(f'<img src="picture:{self._picture_name(data_uri_of(element))}" alt="">')
            self.rich = True
        except PictureError as wrong:
            self._report.problem(wrong.code, wrong.found or "svg", **wrong.values)

    def _script(self, element: etree._Element) -> None:
        kind = str(element.get("type", "")).lower()
        if kind.startswith("math/tex"):
            self._tex("".join(map(str, element.itertext())), display="mode=display" in kind)
        elif kind.startswith("math/mml"):
            source = "".join(map(str, element.itertext()))
            self._formula(lambda: _mathml_text(source), source)
        else:
            self._report.warning("script_dropped", "script")


def _only_blocks(element: etree._Element) -> bool:
    """Whether nothing stands in an element but elements on lines of their own: it adds nothing to them."""
    children = list(element)
    if (element.text or "").strip() or any((child.tail or "").strip() for child in children):
        return False
    names = [local_name(child).lower() for child in children if len(child) or child.text or child.attrib]
    return bool(names) and all(_CALLED.get(name, name) in BLOCKS for name in names)


def _hidden(element: etree._Element) -> bool:
    if element.get("hidden") is not None or _HIDDEN.search(str(element.get("style", "")).lower()):
        return True
    return not _HIDDEN_CLASSES.isdisjoint(str(element.get("class", "")).lower().split())


def _emphasis(element: etree._Element) -> list[str]:
    """What a style attribute says of the words that an element of ours can say too."""
    style = str(element.get("style", "")).lower()
    return [name for pattern, name in _STYLES if style and pattern.search(style)]


def _mathml_text(source: str) -> str:
    try:
        root = etree.fromstring(
            source.translate(_WIRIS).encode(), etree.XMLParser(resolve_entities=False, no_network=True)
        )
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise FormulaError("XML") from wrong
    return mathml_of(root)
