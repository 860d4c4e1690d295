"""One UTF-8 JSON object per frame: how it is written, and how it is read without mercy.

The reader refuses what different parsers would understand differently: duplicate keys, lone surrogates, NaN, trailing
bytes, a value that is not an object, numbers no double can hold.
"""

import json
import math
from typing import Any

from protocol.limits import DEPTH_MAX

INTEGER_MAX = 2**53 - 1


class Malformed(ValueError):
    """The bytes are no frame of this protocol; the text says what is wrong and is fit to be sent back."""


def write(value: Any) -> str:
    """Write a JSON value in its one form: keys sorted, no spaces, no escapes beyond what JSON needs."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def read(text: str | bytes, *, bytes_max: int) -> dict[str, Any]:
    """Read one JSON object of at most ``bytes_max`` bytes; raises :class:`Malformed`."""
    try:
        size = len(text.encode()) if isinstance(text, str) else len(text)
    except UnicodeEncodeError as error:
        raise Malformed("the text holds a lone surrogate") from error
    if size > bytes_max:
        raise Malformed(f"{size} bytes, at most {bytes_max} are read")
    try:
        if isinstance(text, bytes):
            text = text.decode()
        # The usual frame begins and ends with its object; the other way looks for white space around it.
        value, end = _DECODER.raw_decode(text) if text.startswith("{") else (None, -1)
        if end != len(text):
            value = _DECODER.decode(text)
    except UnicodeDecodeError as error:
        raise Malformed("not UTF-8") from error
    except RecursionError as error:
        raise Malformed("nested too deep") from error
    except json.JSONDecodeError as error:
        raise Malformed(f"not JSON: {error.msg} at character {error.pos}") from error
    if not isinstance(value, dict):
        raise Malformed("a JSON object was expected")
    if text.count("{") + text.count("[") > DEPTH_MAX:
        _refuse_depth(value)
    if "\\u" in text:
        _refuse_surrogates(value)
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Malformed(f"the key {key!r} stands twice")
            seen.add(key)
    return found


def _refuse_constant(name: str) -> Any:
    raise Malformed(f"{name} is not JSON")


def _integer(digits: str) -> int:
    # Python's own limit on digits would raise a ValueError of another kind; a double holds 2**53 exactly.
    if len(digits) > 17 or abs(int(digits)) > INTEGER_MAX:
        raise Malformed("an integer is larger than 2**53 - 1")
    return int(digits)


def _fraction(digits: str) -> float:
    found = float(digits)
    if not math.isfinite(found):
        raise Malformed("a number is larger than a double holds")
    return found


def _refuse_depth(value: dict[str, Any]) -> None:
    level: list[Any] = [value]
    for _ in range(DEPTH_MAX):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise Malformed(f"nested deeper than {DEPTH_MAX}")


def _inside(outer: Any) -> list[Any]:
    values = outer.values() if isinstance(outer, dict) else outer
    return [value for value in values if isinstance(value, dict | list)]


def _refuse_surrogates(value: dict[str, Any]) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise Malformed("the text holds a lone surrogate") from error


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_constant=_refuse_constant, parse_int=_integer, parse_float=_fraction
)
