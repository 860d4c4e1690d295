"""What a scheme may not say at once: contradictions between well-formed sections.

Each check names the sections it needs and runs when those are well formed, so that a faulty section elsewhere
hides nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from config.after_exam import ReviewWindow, WindowStart
from config.exam_day import PLACEHOLDERS, Admission, Capture, Reading, RunType, Warnings, unknown_placeholders
from config.photos import PhotoProfile
from config.problems import Problem
from config.rulings import RulingCode
from config.subjects import Delivery, Stage, Subject


def contradictions(sections: Mapping[str, Any]) -> list[Problem]:
    """Every contradiction among these well-formed sections of a scheme, by their names."""
    return [
        problem
        for needs, check in _CHECKS
        if all(name in sections for name in needs)
        for problem in check(*(sections[name] for name in needs))
    ]


def _repeated(place: str, field: str, values: Sequence[object]) -> Iterator[Problem]:
    for i, value in enumerate(values):
        if value in values[:i]:
            suffix = f".{field}" if field else ""
            yield Problem(f"{place}[{i}]{suffix}", repr(str(value)), "不重复 each once")


def _run_types(run_types: Sequence[RunType]) -> Iterator[Problem]:
    yield from _repeated("run_types", "", run_types)


def _subjects(subjects: Sequence[Subject]) -> Iterator[Problem]:
    yield from _repeated("subjects", "code", [s.code for s in subjects])
    yield from _repeated("subjects", "sequence", [s.sequence for s in subjects])
    by_code = {s.code: s for s in subjects}
    for i, subject in enumerate(subjects):
        place = f"subjects[{i}]"
        if subject.full_score == 0:
            yield Problem(f"{place}.full_score", "0", "> 0")
        if subject.pass_score > subject.full_score:
            yield Problem(f"{place}.pass_score", str(subject.pass_score / 100), "<= full_score")
        yield from _delivery(place, subject)
        for required in subject.requires:
            # The order of sequence also keeps requirements from running in a circle.
            before = by_code.get(required)
            if before is None:
                expected = f"本方案的科目 a subject of this scheme: {', '.join(by_code)}"
                yield Problem(f"{place}.requires", repr(required), expected)
            elif before.sequence >= subject.sequence:
                yield Problem(
                    f"{place}.requires", repr(required), "sequence 更小的科目 a subject of lower sequence"
                )
        if subject.within_months is not None and not subject.requires:
            yield Problem(f"{place}.within_months", str(subject.within_months), "须有 only with requires")


def _delivery(place: str, subject: Subject) -> Iterator[Problem]:
    on_computer = subject.delivery is Delivery.COMPUTER
    for field in ("blueprint", "draw"):
        value = getattr(subject, field)
        if on_computer and value is None:
            yield Problem(f"{place}.{field}", "空 nothing", "delivery = computer 时必填 required on computer")
        if not on_computer and value is not None:
            yield Problem(f"{place}.{field}", repr(str(value)), "delivery = paper 时不填 none on paper")


def _shortest_minutes(subjects: Sequence[Subject]) -> int | None:
    return min((s.minutes for s in subjects if s.delivery is Delivery.COMPUTER), default=None)


def _door(subjects: Sequence[Subject], admission: Admission) -> Iterator[Problem]:
    minutes = _shortest_minutes(subjects)
    if minutes is None:
        return
    for field in ("late_cutoff_minutes", "earliest_hand_in_minutes"):
        value = getattr(admission, field)
        if value > minutes:
            expected = f"<= {minutes} (最短科目 the shortest subject)"
            yield Problem(f"admission.{field}", str(value), expected)


def _time_left(subjects: Sequence[Subject], warnings: Warnings) -> Iterator[Problem]:
    minutes = _shortest_minutes(subjects)
    if minutes is not None and warnings.time_left_minutes >= minutes:
        expected = f"< {minutes} (最短科目 the shortest subject)"
        yield Problem("warnings.time_left_minutes", str(warnings.time_left_minutes), expected)


def _gaps(capture: Capture) -> Iterator[Problem]:
    if capture.max_gap_s < capture.min_gap_s:
        yield Problem("capture.max_gap_s", str(capture.max_gap_s), f">= min_gap_s ({capture.min_gap_s})")
    yield from _repeated("capture.forced_at", "", capture.forced_at)


def _picture_count(subjects: Sequence[Subject], capture: Capture) -> Iterator[Problem]:
    minutes = _shortest_minutes(subjects)
    if minutes is None:
        return
    most = minutes * 60 // capture.min_gap_s
    if capture.min_count > most:
        expected = f"<= {most} ({minutes} min / min_gap_s)"
        yield Problem("capture.min_count", str(capture.min_count), expected)


def _windows(subjects: Sequence[Subject], windows: Sequence[ReviewWindow]) -> Iterator[Problem]:
    yield from _repeated("review_windows", "name", [w.name for w in windows])
    has_practical = any(s.stage is Stage.PRACTICAL for s in subjects)
    for i, window in enumerate(windows):
        place = f"review_windows[{i}].from"
        if window.since is WindowStart.PRACTICAL_END and not has_practical:
            yield Problem(place, "'practical_end'", "须有实操科目 needs a practical subject")
        earlier = [w.name for w in windows[:i]]
        if window.since is WindowStart.UPLOAD and "upload" not in earlier:
            yield Problem(
                place, "'upload'", "前面须有名为 upload 的期限 needs a window named upload before it"
            )


def _reading(reading: Reading) -> Iterator[Problem]:
    for name in ("rules", "notice"):
        for language in ("zh", "en"):
            for i, paragraph in enumerate(getattr(getattr(reading, name), language)):
                for placeholder in unknown_placeholders(paragraph):
                    expected = " | ".join(f"{{{known}}}" for known in PLACEHOLDERS)
                    yield Problem(f"reading.{name}.{language}[{i}]", repr(placeholder), expected)


def _rulings(codes: Sequence[RulingCode]) -> Iterator[Problem]:
    yield from _repeated("ruling_codes", "code", [c.code for c in codes])


def _photos(photos: Sequence[PhotoProfile]) -> Iterator[Problem]:
    yield from _repeated("photos", "code", [p.code for p in photos])
    for i, photo in enumerate(photos):
        if photo.bytes_max < photo.bytes_min:
            yield Problem(f"photos[{i}].bytes_max", str(photo.bytes_max), f">= bytes_min ({photo.bytes_min})")


_CHECKS: tuple[tuple[tuple[str, ...], Callable[..., Iterator[Problem]]], ...] = (
    (("run_types",), _run_types),
    (("subjects",), _subjects),
    (("subjects", "admission"), _door),
    (("subjects", "warnings"), _time_left),
    (("capture",), _gaps),
    (("subjects", "capture"), _picture_count),
    (("subjects", "review_windows"), _windows),
    (("reading",), _reading),
    (("ruling_codes",), _rulings),
    (("photos",), _photos),
)
