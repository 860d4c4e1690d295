"""A scheme (考核方案): the policy of one kind of exam, read from TOML, checked, versioned and hashed.

A session pins (code, version, digest). The digest is the SHA-256 of the canonical form, a JSON text that says
the same as the file and can be read back, so that a session keeps the very policy it was planned under when
the file changes.
"""

import hashlib
import json
import tomllib
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints, ValidationError, model_validator

from config.after_exam import Patrol, Resit, Retention, Review, ReviewWindow
from config.coherence import contradictions
from config.exam_day import Admission, Capture, Leaving, Opening, Reading, RunType, Warnings, filled
from config.faults import scheme_problems
from config.hand_scoring import HAND_SCORING, HandScoring
from config.photos import PhotoProfile
from config.problems import Problem, SchemeError
from config.rulings import Blacklist, RulingCode, Severity, Voiding, VoidScope
from config.shapes import Code, Line, Part, Text
from config.subjects import Delivery, Stage, Subject

SCHEME_FILE_BYTES_MAX = 256_000
"""Ten times the largest scheme shipped; anything longer is not a scheme."""
SUBJECTS_MAX = 20
RULING_CODES_MAX = 100


class SchemePin(NamedTuple):
    """What a session remembers of its scheme."""

    code: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class SeatTerms:
    """The few values of a scheme that one seat is told, for one subject and in one language."""

    duration_ms: int
    earliest_hand_in_ms: int
    time_left_warning_ms: int
    time_left_warning_shown_ms: int
    leave_grace_ms: int
    rules: tuple[str, ...]
    notice: tuple[str, ...]
    gap_ms_min: int
    gap_ms_max: int
    count_min: int
    width_min: int
    height_min: int
    start_spread_ms: int
    forced: tuple[str, ...]


class Scheme(Part):
    """考核方案. Every value is policy of this kind of exam; no code knows one of them."""

    format: Literal[1]
    code: Code
    version: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.\-]{1,40}$")]
    title: Text
    source: Line
    """The notice it follows."""
    run_types: Annotated[tuple[RunType, ...], Field(min_length=1)]
    subjects: Annotated[tuple[Subject, ...], Field(min_length=1, max_length=SUBJECTS_MAX)]
    admission: Admission
    opening: Opening
    reading: Reading
    warnings: Warnings
    capture: Capture
    leaving: Leaving
    voiding: Voiding
    ruling_codes: Annotated[tuple[RulingCode, ...], Field(min_length=1, max_length=RULING_CODES_MAX)]
    blacklist: Blacklist
    review_windows: Annotated[tuple[ReviewWindow, ...], Field(min_length=1, max_length=10)]
    review: Review
    resit: Resit
    retention: Retention
    patrol: Patrol
    photos: Annotated[tuple[PhotoProfile, ...], Field(min_length=1, max_length=10)]
    """The first is the one offered first."""
    hand_scoring: HandScoring | None = None
    """Where papers have short answers; None: as :data:`HAND_SCORING` says."""

    @model_validator(mode="after")
    def _is_coherent(self) -> "Scheme":
        problems = contradictions({name: getattr(self, name) for name in Scheme.model_fields})
        if problems:
            raise ValueError("; ".join(map(str, problems)))
        return self

    @cached_property
    def canonical(self) -> bytes:
        """The scheme as canonical JSON: sorted keys, no spaces, UTF-8, scores as shortest decimal strings."""
        values = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form, in hex."""
        return hashlib.sha256(self.canonical).hexdigest()

    @property
    def pin(self) -> SchemePin:
        return SchemePin(self.code, self.version, self.digest)

    def subject(self, code: str) -> Subject:
        """The subject of that code. Raises KeyError."""
        for subject in self.subjects:
            if subject.code == code:
                return subject
        raise KeyError(code)

    def subjects_of(self, stage: Stage, delivery: Delivery | None = None) -> tuple[Subject, ...]:
        """The subjects of a stage in their order; all theory subjects together make the theory verdict."""
        chosen = (s for s in self.subjects if s.stage is stage and delivery in (None, s.delivery))
        return tuple(sorted(chosen, key=lambda s: s.sequence))

    @property
    def by_hand(self) -> HandScoring:
        """How short answers are scored by assessors."""
        return self.hand_scoring or HAND_SCORING

    def ruling_code(self, code: str) -> RulingCode:
        """The ruling code of that name. Raises KeyError."""
        for ruling in self.ruling_codes:
            if ruling.code == code:
                return ruling
        raise KeyError(code)

    def void_scope(self, code: str) -> VoidScope:
        """What a void for this reason takes with it. Raises KeyError for an unknown code."""
        return self.ruling_code(code).scope or self.voiding.scope

    def may_propose_blacklist(self, code: str) -> bool:
        """Whether a ruling for this reason may propose a blacklist entry. Raises KeyError."""
        degrees = list(Severity)
        severity = self.ruling_code(code).severity
        return degrees.index(severity) >= degrees.index(self.blacklist.propose_from)

    def seat_terms(self, subject_code: str, language: Literal["zh", "en"] = "zh") -> SeatTerms:
        """What a seat is told for one subject; times in milliseconds. Raises KeyError."""
        capture, subject = self.capture, self.subject(subject_code)
        texts = self.reading
        values = {
            "minutes": subject.minutes,
            "late_cutoff_minutes": self.admission.late_cutoff_minutes,
            "earliest_hand_in_minutes": self.admission.earliest_hand_in_minutes,
            "time_left_minutes": self.warnings.time_left_minutes,
            "electronic_years": self.retention.electronic_years,
        }
        return SeatTerms(
            duration_ms=subject.minutes * 60_000,
            earliest_hand_in_ms=self.admission.earliest_hand_in_minutes * 60_000,
            time_left_warning_ms=self.warnings.time_left_minutes * 60_000,
            time_left_warning_shown_ms=self.warnings.time_left_display_s * 1000,
            leave_grace_ms=self.leaving.grace_s * 1000,
            rules=filled(texts.rules.zh if language == "zh" else texts.rules.en, values),
            notice=filled(texts.notice.zh if language == "zh" else texts.notice.en, values),
            gap_ms_min=capture.min_gap_s * 1000,
            gap_ms_max=capture.max_gap_s * 1000,
            count_min=capture.min_count,
            width_min=capture.width_min,
            height_min=capture.height_min,
            start_spread_ms=capture.start_spread_s * 1000,
            forced=tuple(moment.value for moment in capture.forced_at),
        )


def load_scheme(path: Path) -> Scheme:
    """Read a scheme file. Raises SchemeError with every fault, OSError when the file cannot be read."""
    with path.open("rb") as file:
        data = file.read(SCHEME_FILE_BYTES_MAX + 1)
    return read_scheme(data, name=path.name)


def read_scheme(data: bytes, name: str) -> Scheme:
    """Read a scheme file's bytes: TOML, UTF-8 with or without BOM. Raises SchemeError with every fault."""
    if len(data) > SCHEME_FILE_BYTES_MAX:
        limit = f"{SCHEME_FILE_BYTES_MAX} bytes"
        raise SchemeError(name, [Problem("file", f"> {limit}", f"<= {limit}")])
    try:
        document = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        problem = Problem(f"byte {error.start}", "非 UTF-8 not UTF-8", "UTF-8")
        raise SchemeError(name, [problem]) from error
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(name, [Problem("file", str(error), "TOML")]) from error
    # By way of JSON, so that dates are text and arrays may be tuples although the models convert nothing.
    return _validated(json.dumps(document, default=str), name)


def scheme_from_canonical(canonical: bytes, digest: str) -> Scheme:
    """Read back a scheme kept by a session. Raises SchemeError when it is not the one of that digest."""
    found = hashlib.sha256(canonical).hexdigest()
    if found != digest:
        raise SchemeError("canonical scheme", [Problem("digest", found, digest)])
    return _validated(canonical, "canonical scheme")


def shipped_schemes() -> MappingProxyType[str, Scheme]:
    """The schemes that come with the product, by code. Raises SchemeError when one was edited badly."""
    folder = resources.files("config") / "schemes"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    schemes = [read_scheme(file.read_bytes(), file.name) for file in files]
    return MappingProxyType({scheme.code: scheme for scheme in schemes})


def all_schemes(own: Path) -> MappingProxyType[str, Scheme]:
    """The shipped schemes and those of a room's own folder (may be missing); an own one of the same code wins.

    Raises SchemeError naming the file that cannot be used.
    """
    schemes = dict(shipped_schemes())
    for path in sorted(own.glob("*.toml")) if own.is_dir() else ():
        scheme = load_scheme(path)
        schemes[scheme.code] = scheme
    return MappingProxyType(schemes)


def _validated(json_text: str | bytes, name: str) -> Scheme:
    try:
        return Scheme.model_validate_json(json_text)
    except ValidationError as error:
        raise SchemeError(name, scheme_problems(Scheme, json_text, error)) from error
