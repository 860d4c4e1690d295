"""The HTML an item may hold: what it may be made of, and the sanitiser everything goes through last."""

import re

import nh3

from question_bank.importing.formulas import MATHML_ATTRIBUTES, MATHML_ELEMENTS
from question_bank.importing.vocabulary import names

BLOCKS = names("p div blockquote pre ul ol li dl dt dd table caption thead tbody tfoot tr th td hr")
"""Elements that begin on a line of their own."""

INLINE = names("b i u s em strong small sub sup code kbd samp var cite q mark del ins ruby rb rt rp")
"""Elements that say something about the words in them."""

EMPTY_ELEMENTS = frozenset({"br", "hr", "img", "col"})
"""Elements that hold nothing."""

ALLOWED = BLOCKS | INLINE | EMPTY_ELEMENTS | {"span", "colgroup"} | MATHML_ELEMENTS
"""Every element of an item's text."""

_CELL = {"colspan", "rowspan"}
ATTRIBUTES: dict[str, set[str]] = {
    "img": {"src", "alt", "width", "height"},
    "td": _CELL,
    "th": _CELL | {"scope"},
    "ol": {"start", "type"},
    "li": {"value"},
    "col": {"span"},
    "colgroup": {"span"},
    **{name: set(MATHML_ATTRIBUTES) for name in MATHML_ELEMENTS},
}
"""Every attribute of each of them; the one address there is, ``src``, names a picture of the bank."""

PICTURE_ADDRESS = re.compile(r"picture:[0-9a-f]{64}")
_TURNS = 4


def _kept(element: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if PICTURE_ADDRESS.fullmatch(value) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(ALLOWED),
    clean_content_tags={"script", "style"},
    attributes=ATTRIBUTES,
    attribute_filter=_kept,
    link_rel=None,
    url_schemes={"picture"},
)


def sanitised(html: str) -> str:
    """The HTML with only what an item may hold, written in one fixed way: sanitising it again changes nothing."""
    for _ in range(_TURNS):
        html, before = _CLEANER.clean(html), html
        if html == before:
            break
    return html
