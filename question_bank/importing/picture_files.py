"""Pictures of foreign files, taken in: really of their type, small enough, and an SVG that only draws."""

import base64
import binascii
import io
import re
import urllib.parse
from typing import Any

from lxml import etree
from PIL import Image, UnidentifiedImageError

from question_bank.importing.limits import PICTURE_PIXELS_MAX, PICTURE_SIDE_MAX, SVG_DEPTH_MAX
from question_bank.importing.vocabulary import bare, local_name, names, namespace_of
from question_bank.pictures import PICTURE_BYTES_MAX, Picture

# Pillow's names of what browsers show as it is.
_SHOWN = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
# Kinds that old word processors embed: shown after conversion to PNG, which loses nothing.
_CONVERTED = ("BMP", "TIFF")

SVG = "http://www.w3.org/2000/svg"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
SVG_ELEMENTS = names(
    "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath title desc marker "
    "clipPath mask pattern linearGradient radialGradient stop style switch a image filter feBlend feColorMatrix "
    "feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDropShadow feFlood "
    "feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset feSpecularLighting "
    "feTile feTurbulence feDistantLight fePointLight feSpotLight"
)
"""Elements that only draw."""
# Elements whose loss nobody sees: what only moves, what speaks about the picture, what acts.
_SVG_UNSEEN = names("script animate animateMotion animateTransform set metadata mpath view cursor")
_OUTWARD = re.compile(r"@import|expression\s*\(|javascript:|url\s*+\(\s*+['\"]?+\s*+(?!#)", re.IGNORECASE)
_DATA_IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.ASCII)


class PictureError(ValueError):
    """A picture that cannot be taken; code: of the problem, found: what to say of it."""

    def __init__(self, code: str, found: str = "", **values: object) -> None:
        """values fill the wording of the code."""
        super().__init__(code)
        self.code = code
        self.found = found
        self.values = values


def picture_of(data: bytes) -> Picture:
    """The bytes as a picture of an item, whatever their name claimed. BMP and TIFF become PNG.

    Raises PictureError where they are none, or too large.
    """
    if len(data) > PICTURE_BYTES_MAX:
        raise PictureError("picture_too_large", str(len(data)), limit=PICTURE_BYTES_MAX)
    if _looks_like_svg(data):
        return Picture("image/svg+xml", safe_svg(data))
    try:
        with Image.open(io.BytesIO(data), formats=[*_SHOWN, *_CONVERTED]) as image:
            width, height, kind = *image.size, str(image.format)
            if max(width, height) > PICTURE_SIDE_MAX or width * height > PICTURE_PIXELS_MAX:
                raise PictureError("picture_too_wide", f"{width}x{height}", limit=PICTURE_SIDE_MAX)
            image.load()
            if kind in _CONVERTED:
                return _as_png(image)
    except PictureError:
        raise
    except Image.DecompressionBombError as wrong:
        raise PictureError("picture_too_wide", limit=PICTURE_SIDE_MAX) from wrong
    except UnidentifiedImageError as wrong:
        raise PictureError("not_a_picture") from wrong
    # The edge to decoders that raise whatever damaged bytes make them stumble over.
    except Exception as wrong:
        raise PictureError("not_a_picture", f"{type(wrong).__name__}: {wrong}") from wrong
    # Pillow calls JPEGs of two pictures, as some cameras write them, by a name of their own.
    return Picture(_SHOWN.get(kind, "image/jpeg"), data)


def _as_png(image: Image.Image) -> Picture:
    out = io.BytesIO()
    image.convert("RGBA" if "A" in image.getbands() else "RGB").save(out, "PNG")
    if out.tell() > PICTURE_BYTES_MAX:
        raise PictureError("picture_too_large", str(out.tell()), limit=PICTURE_BYTES_MAX)
    return Picture("image/png", out.getvalue())


def data_of_uri(uri: str) -> bytes:
    """What a ``data:`` address carries. Raises PictureError when that is nothing readable."""
    head, comma, body = uri.partition(",")
    try:
        if not comma:
            raise ValueError("no comma")
        plain = urllib.parse.unquote_to_bytes(body)
        if not head.rstrip().lower().endswith(";base64"):
            return plain
        return base64.b64decode(b"".join(plain.split()), validate=True)
    except (ValueError, binascii.Error) as wrong:
        raise PictureError("not_a_picture", uri[:40]) from wrong


def _looks_like_svg(data: bytes) -> bool:
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and re.search(rb"<(\w+:)?svg[\s>]", data[:65_536]) is not None


def safe_svg(data: bytes) -> bytes:
    """An SVG without scripts, event handlers, links and addresses outside of itself.

    Raises PictureError where that would change what people see, or the file is no SVG.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                             remove_pis=True, huge_tree=False)  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise PictureError("not_a_picture", f"SVG: {wrong}") from wrong
    if local_name(root) != "svg":
        raise PictureError("not_a_picture", local_name(root))
    _check_entities(root.getroottree().docinfo)
    _clean(root, 1)
    return etree.tostring(root, encoding="utf-8")


def _check_entities(info: Any) -> None:
    if info.internalDTD is not None and any(True for _ in info.internalDTD.iterentities()):
        raise PictureError("unsafe_picture", "ENTITY")


def _clean(element: etree._Element, depth: int) -> None:
    if depth > SVG_DEPTH_MAX:
        raise PictureError("unsafe_picture", f"> {SVG_DEPTH_MAX}")
    for child in list(element):
        tag: object = child.tag
        if not isinstance(tag, str):
            raise PictureError("unsafe_picture", "ENTITY")
        name = local_name(child)
        if namespace_of(child) not in ("", SVG) or name in _SVG_UNSEEN:
            element.remove(child)
        elif name not in SVG_ELEMENTS:
            raise PictureError("unsafe_picture", name)
        else:
            _clean(child, depth + 1)
    _clean_attributes(element)
    if local_name(element) == "style" and _OUTWARD.search("".join(map(str, element.itertext()))):
        raise PictureError("unsafe_picture", "style")


def _clean_attributes(element: etree._Element) -> None:
    name = local_name(element)
    for key, value in list(element.attrib.items()):
        local, text = bare(str(key)), str(value)
        if local == "href":
            if name == "image" and not _DATA_IMAGE.fullmatch(text):
                raise PictureError("unsafe_picture", text[:60])
            if name == "a" or (name != "image" and not text.startswith("#")):
                del element.attrib[key]
        elif local.lower().startswith("on") or _OUTWARD.search(text) or local == "base":
            del element.attrib[key]
