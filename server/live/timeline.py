"""A seat's timeline: each entry as one line of plain facts, for the seat drawer and the review."""

from collections.abc import Callable, Sequence

from protocol.console import TimelineLine
from protocol.entry import BadEntry, parse
from protocol.office_entries import AttemptScored
from protocol.station_entries import AnswerSaved, OrderHeard
from server.writer.day import Recorded

NoteOf = Callable[[str], tuple[str, str] | None]
"""Salt and text of a note by its digest."""

_NOT_FACTS = frozenset({"note", "text", "by", "attempt", "key", "signature", "author", "order", "follows"})
"""Fields of a body that are told elsewhere in the line, or to nobody."""

RESPONSE_CHARS = 80
"""Characters of a typed answer in a line; the review shows it whole."""

_TEXTS = ("note", "text")
"""Fields that name the free text of an entry."""


def line(one: Recorded, note_of: NoteOf, *, answers: bool, scores: bool) -> TimelineLine:
    """One entry for a person's eyes; ``answers`` and ``scores`` say whether they may read these."""
    body = one.entry.body
    facts: dict[str, str | int | bool | None] = {}
    for name, value in body.items():
        if name in _NOT_FACTS:
            continue
        if isinstance(value, str | int | bool) or value is None:
            facts[name] = value
        elif isinstance(value, list):
            facts[name] = ", ".join(str(each) for each in value)
    match one.body:
        case AnswerSaved(response=response):
            facts["response"] = _readable(response) if answers else ""
            facts["choices"] = len(response)
        case OrderHeard(text=text):
            facts["order"] = _order(text)
        case AttemptScored() if not scores:
            facts = {"cause": one.body.cause}
    if body.get("statement") is not None:
        facts["statement"] = _text(note_of, body["statement"])
    digest = body.get("digest") if one.entry.type.startswith("snapshot.") else None
    named = next((body[name] for name in _TEXTS if isinstance(body.get(name), str)), None)
    author = "station" if one.from_station else "server"
    return TimelineLine.model_validate(
        {
            "n": one.n,
            "at": one.entry.at,
            "received_at": one.received_at,
            "type": one.entry.type,
            "by": body.get("by"),
            "author": author,
            "facts": facts,
            "picture": digest,
            "note": None if isinstance(one.body, OrderHeard) else _text(note_of, named),
        }
    )


def _text(note_of: NoteOf, digest: str | None) -> str | None:
    found = None if digest is None else note_of(digest)
    return None if found is None else found[1]


def _readable(response: Sequence[str]) -> str:
    """A response on one line: letters together, typed texts apart and cut to a glance."""
    apart = "" if all(len(part) <= 1 for part in response) and all(response) else " | "
    said = apart.join(" ".join(part.split()) or "—" for part in response)
    return said if len(said) <= RESPONSE_CHARS else said[: RESPONSE_CHARS - 1] + "…"


def _order(text: str) -> str:
    try:
        return parse(text).type
    except BadEntry:
        return ""
