"""What a review must look at, what it makes wary, and who may not review: pure, knows no table and no clock."""

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from config.after_exam import Body, Review, ReviewWindow, WindowStart
from config.calendar import Deadline, MissingDeadline, WorkingCalendar, shanghai_day
from server.attempts.rules import Attempt
from server.records.rules import Record, RecordLine
from server.rulings.rules import AttemptRulings, Flag, Rulings, VoidState
from server.snapshots.rules import Pictures

RISK = {
    "void_undecided": 200,
    "flag_severe": 100,
    "voided": 80,
    "late_waiting": 50,
    "flag_major": 30,
    "pictures_missing": 20,
    "not_counted": 20,
    "seat_vouched": 10,
    "clock_doubt": 10,
    "machine_change": 8,
    "offline": 5,
    "flag_minor": 5,
    "away": 3,
    "flag_info": 1,
}
"""How much each thing weighs when attempts are put in the order of looking at them (ours)."""

_STEPS_IN_THE_ROOM = frozenset({"checked", "check_in", "ended", "aborted"})

BLOCKING_SEVERITIES = frozenset({"major", "severe"})
"""Open flags as bad as these are closed by a person before confirmation; lesser ones must have been seen (ours)."""


@dataclass(slots=True)
class SeenMark:
    """Who saw it first, and when."""

    by: str
    at: int


@dataclass(slots=True)
class Reviews:
    """What is folded of a session's review. ``seen`` is by attempt, then by ``snapshot:…`` or ``flag:…``.

    ``events`` are the instants of what the office reported from outside the room, by their names.
    """

    begun_at: int | None = None
    begun_by: str | None = None
    seen: dict[str, dict[str, SeenMark]] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)

    def seen_of(self, attempt: str) -> dict[str, SeenMark]:
        """What was seen of one attempt."""
        return self.seen.get(attempt) or {}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture whose bytes are in the room, as the sample is drawn from them."""

    n: int
    digest: str
    reason: str


@dataclass(frozen=True, slots=True)
class MustSee:
    """What is seen before one attempt is confirmed."""

    flags: tuple[str, ...] = ()
    snapshots: tuple[str, ...] = ()

    def keys(self) -> set[str]:
        """As :attr:`Reviews.seen` names them."""
        return {f"flag:{one}" for one in self.flags} | {f"snapshot:{one}" for one in self.snapshots}


@dataclass(frozen=True, slots=True)
class Risk:
    """How wary an attempt makes, and why: (code, how often)."""

    weight: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """One window: ``since_at`` None until the event it counts from has happened."""

    name: str
    by: Body
    since: WindowStart
    working_days: int
    since_at: int | None
    deadline: Deadline | MissingDeadline | None


def draw(keys: Iterable[str], percent: int, seed: str) -> list[str]:
    """A share of these keys, at least one where there is any: the same whenever it is drawn, foreseen by nobody.

    The seed is fixed by the signatures under the record form, when everything drawn from has happened.
    """
    ordered = sorted(set(keys), key=lambda key: hashlib.sha256(f"{seed}\n{key}".encode()).digest())
    wanted = max(1, -(-len(ordered) * percent // 100)) if percent else 0
    return ordered[:wanted]


def chosen_attempts(attempts: Iterable[str], flagged: Collection[str], review: Review, seed: str) -> set[str]:
    """The attempts somebody must look at: everything flagged, and a random share of the rest."""
    everyone = set(attempts)
    quiet = everyone - set(flagged)
    return (everyone & set(flagged)) | set(draw(quiet, review.attempts_percent, seed))


def must_see(
    flags: Sequence[Flag], pictures: Sequence[Picture], *, chosen: bool, review: Review, seed: str
) -> MustSee:
    """Every flag with the pictures it points at or asked for, and a random share of a chosen attempt's pictures."""
    named = {evidence for flag in flags for evidence in flag.evidence}
    shown = [one.digest for one in pictures if one.reason == "flag" or {one.digest, f"n{one.n}"} & named]
    drawn = draw([one.digest for one in pictures], review.snapshots_percent, seed) if chosen else []
    wanted = set(shown) | set(drawn)
    return MustSee(
        tuple(flag.id for flag in flags),
        tuple(dict.fromkeys(one.digest for one in pictures if one.digest in wanted)),
    )


def risk(attempt: Attempt, rulings: AttemptRulings, pictures: Pictures) -> Risk:
    """What speaks for looking at this attempt first."""
    states = [void.state for void in rulings.voids.values()]
    severities = [flag.severity for flag in rulings.open_flags()]
    found = {
        "void_undecided": sum(state in (VoidState.PROPOSED, VoidState.SIGNED) for state in states),
        "voided": states.count(VoidState.UPHELD),
        **{f"flag_{severity}": severities.count(severity) for severity in severities},
        "late_waiting": len({late.stream for late in attempt.late}),
        "pictures_missing": pictures.missed + len(pictures.outstanding),
        "not_counted": attempt.not_counted,
        "seat_vouched": sum(held.vouched == "seat" for held in attempt.answers.values()),
        "clock_doubt": int(attempt.clock_doubt),
        "machine_change": attempt.machine_changes,
        "offline": attempt.link_losses,
        "away": attempt.away_times,
    }
    reasons = sorted(
        ((code, count) for code, count in found.items() if count), key=lambda one: (-RISK[one[0]], one[0])
    )
    return Risk(sum(RISK[code] for code, _ in reasons), tuple(reasons))


def windows(
    review_windows: Sequence[ReviewWindow], events: dict[WindowStart, int], calendar: WorkingCalendar
) -> list[Window]:
    """The scheme's windows, each counted from the day of its event; extensions belong to the session's end."""
    found = []
    for one in review_windows:
        at = events.get(one.since)
        deadline = None if at is None else calendar.window_end_after(at, one.working_days)
        found.append(Window(one.name, one.by, one.since, one.working_days, at, deadline))
    return found


def working_days_left(calendar: WorkingCalendar, deadline: Deadline, now: int) -> int:
    """Working days after today up to the last one; 0 on the last day, and once it is over."""
    return calendar.working_days_left(shanghai_day(now), deadline.last_day)


def acted(record: Record, rulings: Rulings) -> set[str]:
    """Ids of everybody who worked in the room by the ledger's word, whatever its staff list says today."""
    voids = [void for one in rulings.by_attempt.values() for void in one.voids.values()]
    of_the_body = {void.ruling for void in voids if void.source == "body"}
    found = {
        line.by
        for line in record.lines
        if line.by and not _from_outside(line) and line.facts.get("ruling") not in of_the_body
    }
    found |= {str(line.facts["second"]) for line in record.lines if line.type == "session.seconded"}
    found |= {signature.by for signature in record.signatures} | {one.by for one in record.corrections}
    for one in rulings.by_attempt.values():
        found |= {flag.by for flag in one.flags.values() if flag.source == "person"}
    return found


def _from_outside(line: RecordLine) -> bool:
    """What the office or the confirming body decided about the session, not in it."""
    return line.type == "void.decided" or (
        line.type == "session.moved" and line.facts.get("step") not in _STEPS_IN_THE_ROOM
    )


def related(mine: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether one of these organisations is one of those, however it was typed."""
    return bool(
        {_folded(one) for one in mine if one.strip()} & {_folded(one) for one in theirs if one.strip()}
    )


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
