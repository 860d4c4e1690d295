"""Items made up by hypothesis: every kind, plain and in HTML, with pictures, as an import could have left them."""

import io
from collections.abc import Mapping
from html import escape

from hypothesis import strategies as st
from PIL import Image

from question_bank.blanks import Blank, comparable
from question_bank.importing.picture_files import safe_svg
from question_bank.importing.sanitising import sanitised
from question_bank.items import ITEM_SCORE_MAX, OPTIONS_MAX, TRUE_FALSE_OPTIONS, Item, Kind, folded
from question_bank.pictures import Picture


def _dot(colour: str) -> Picture:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), colour).save(out, "PNG")
    return Picture("image/png", out.getvalue())


PICTURES: Mapping[str, Picture] = {
    picture.name: picture
    for picture in (
        _dot("red"),
        _dot("blue"),
        Picture("image/svg+xml", safe_svg(b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="3"/></svg>')),
    )
}
"""The pictures the items show, by name."""

_CHARACTERS = st.characters(
    codec="utf-8",
    exclude_categories=("Cs", "Cc", "Cn", "Co", "Cf", "Zl", "Zp"),
    exclude_characters="\ufffd",
) | st.sampled_from("甲乙丙，。（）×√ABab12 \n<>&\"'$_")
_FORMULA = "<math><mrow><mi>x</mi><mo>&lt;</mo><msup><mi>y</mi><mn>2</mn></msup></mrow></math>"


def texts(max_size: int = 30) -> st.SearchStrategy[str]:
    """Plain texts with something to be seen, trimmed."""
    return st.text(_CHARACTERS, min_size=1, max_size=max_size).map(str.strip).filter(folded)


def words(max_size: int = 12) -> st.SearchStrategy[str]:
    """Short words without white space and separators, as codes and tags are."""
    return st.text("ABCxyz0189._-甲乙丙丁", min_size=1, max_size=max_size)


def html_texts() -> st.SearchStrategy[str]:
    """Sanitised HTML with something to be seen."""
    leaf = texts(12).map(lambda text: escape(text, quote=False)) | st.sampled_from(
        [
            _FORMULA,
            "<br>",
            "x<sub>1</sub>",
            "a&nbsp;&nbsp;b",
            *(f'<img src="picture:{name}" alt="图&amp;">' for name in PICTURES),
        ]
    )
    inline = st.recursive(
        leaf,
        lambda inner: st.tuples(
            st.sampled_from(["b", "u", "em", "sup", "code"]), st.lists(inner, max_size=3)
        ).map(lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0]}>"),
        max_leaves=5,
    )
    run = st.lists(inline, min_size=1, max_size=4).map("".join)
    block = st.tuples(st.sampled_from(_BLOCKS), run).map(lambda made: made[0].format(made[1]))
    return (
        st.lists(run | block, min_size=1, max_size=3)
        .map(lambda pieces: sanitised("".join(pieces)).strip())
        .filter(lambda html: bool(folded(html.replace("&nbsp;", "").replace("<br>", ""))))
        .filter(lambda html: sanitised(html) == html)
    )


_BLOCKS = (
    "<p>{}</p>",
    "<pre>{}</pre>",
    "<ul><li>{}</li><li>1</li></ul>",
    '<table><tbody><tr><td colspan="2">{}</td></tr></tbody></table>',
)


def blanks() -> st.SearchStrategy[Blank]:
    """Blanks with accepted texts, a number, or both."""
    accepted = st.lists(
        texts(10).filter(comparable), min_size=1, max_size=4, unique_by=lambda text: comparable(text)
    ).map(tuple)
    decimals = st.decimals(-10_000, 10_000, places=3).map(str)
    number = st.builds(
        Blank,
        accepted=st.just(()) | accepted,
        number=decimals,
        tolerance=st.sampled_from(["0", "0.01", "0.5", "2"]),
        case_sensitive=st.booleans(),
    )
    return number | st.builds(Blank, accepted=accepted, case_sensitive=st.booleans())


@st.composite
def items(draw: st.DrawFn, kinds: tuple[Kind, ...] = tuple(Kind), code: str | None = None) -> Item:
    """An item of one of the kinds."""
    kind = draw(st.sampled_from(kinds))
    markup = draw(st.sampled_from(["text", "html"]))
    shown = texts() if markup == "text" else html_texts()
    maybe = st.just("") | shown
    code = code or draw(words())
    fields: dict[str, object] = {
        "code": code,
        "version": draw(st.integers(1, 40)),
        "kind": kind,
        "markup": markup,
        "stem": draw(shown),
        "solution": draw(maybe),
        "difficulty": draw(st.none() | st.integers(0, 100)),
        "score": draw(st.none() | st.integers(1, ITEM_SCORE_MAX)),
        "point": draw(st.just("") | words()),
        "tags": tuple(draw(st.lists(words(), max_size=4, unique=True))),
    }
    several = st.lists(shown, min_size=2, max_size=OPTIONS_MAX, unique_by=folded).map(tuple)
    if kind is Kind.TRUE_FALSE:
        fields |= {"options": TRUE_FALSE_OPTIONS, "key": (draw(st.integers(0, 1)),)}
    elif kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.ORDERING, Kind.MATCHING):
        options = draw(several)
        fields |= {"options": options, **_key(draw, kind, len(options), shown)}
    elif kind is Kind.FILL_IN:
        fields["blanks"] = tuple(draw(st.lists(blanks(), min_size=1, max_size=3)))
        fields["stem"] = f"{fields['stem']}____" * len(fields["blanks"])  # type: ignore[arg-type]
    elif kind is Kind.SHORT_ANSWER:
        fields["reference"] = draw(maybe)
    else:
        single = tuple(each for each in Kind if each is not Kind.CASE)
        count = draw(st.integers(1, 3))
        fields["parts"] = tuple(draw(_parts(single, f"{code}-{number}")) for number in range(1, count + 1))
    return Item.model_validate(fields)


def _key(draw: st.DrawFn, kind: Kind, options: int, shown: st.SearchStrategy[str]) -> dict[str, object]:
    places = list(range(options))
    if kind is Kind.SINGLE:
        return {"key": (draw(st.sampled_from(places)),)}
    if kind is Kind.MULTIPLE:
        return {"key": tuple(sorted(draw(st.sets(st.sampled_from(places), min_size=1))))}
    if kind is Kind.ORDERING:
        return {"key": tuple(draw(st.permutations(places)))}
    premises = tuple(draw(st.lists(shown, min_size=1, max_size=4, unique_by=folded)))
    return {"premises": premises, "key": tuple(draw(st.sampled_from(places)) for _ in premises)}


def _parts(kinds: tuple[Kind, ...], code: str) -> st.SearchStrategy[Item]:
    """Parts of a case: what belongs to the whole item stands at the case alone."""
    return items(kinds, code).map(
        lambda part: part.model_copy(update={"version": 1, "difficulty": None, "point": "", "tags": ()})
    )


def banks() -> st.SearchStrategy[list[Item]]:
    """Several items, each with a code of its own."""
    return st.lists(items(), min_size=1, max_size=5, unique_by=lambda item: item.code)
