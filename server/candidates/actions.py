"""The verbs that change candidates."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from question_bank.importing.problems import Findings, Problem
from question_bank.importing.tables import Cell
from server.candidates import queries
from server.candidates.models import Candidate
from server.candidates.photos import PhotoProblem
from server.candidates.roster import EXPECTED, Line, Roster
from server.candidates.rules import CHECKED, DocumentType, document_fault, document_key, same_name
from server.errors import NotFound, Refused
from server.writer.desk import Desk
from server.writer.registers import changed, new_id


class RosterRefused(Refused):
    """The file has problems; nothing of it was taken."""

    code = "roster_refused"
    zh = "名单有 {count} 处问题，未导入任何内容。"
    en = "The roster has {count} problems; nothing was imported."

    def __init__(self, findings: Findings) -> None:
        super().__init__(count=len(findings.problems) + findings.unlisted)
        self._findings = findings

    def details(self) -> dict[str, object]:
        """Every problem and warning with its place."""
        problems, warnings = self._findings.problems, self._findings.warnings
        return {
            "problems": [problem_json(one) for one in problems],
            "warnings": [*map(problem_json, warnings)],
        }


class PhotosRefused(Refused):
    """Some files fail; none was taken."""

    code = "photos_refused"
    zh = "照片包有 {count} 处问题，未导入任何照片。"
    en = "The photos have {count} problems; none was imported."

    def __init__(self, problems: Sequence[PhotoProblem], unlisted: int) -> None:
        super().__init__(count=len(problems) + unlisted)
        self._problems = problems

    def details(self) -> dict[str, object]:
        """Every failing file with its reason."""
        return {"problems": [asdict(one) for one in self._problems]}


class BadDocument(Refused):
    """The document number is not one."""

    code = "bad_document"
    zh = "证件号码应为：{zh}。"
    en = "As document number is expected: {en}."


class Taken(Refused):
    """Another candidate has this document or ticket."""

    code = "candidate_taken"
    zh = "已有考生使用此证件号或准考证号。"
    en = "Another candidate has this document or ticket."


def take_roster(desk: Desk, roster: Roster, by: str) -> dict[str, int]:
    """Register every line of a roster without problems; raises RosterRefused when the register contradicts it.

    Who is known by their document keeps their id and photo and takes what the roster says; unchanged rows leave no
    entry.
    """
    if roster.findings.problems:
        raise RosterRefused(roster.findings)
    known = queries.by_documents(desk.db, (line.document_key for line in roster.lines))
    _refuse_contradictions(desk, roster, known)
    _free_tickets(desk, roster, known)
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    for line in roster.lines:
        row = known.get((line.document_type.value, line.document_key))
        verb = "unchanged"
        if row is None:
            row, verb = _new(line), "added"
        elif _differs(row, line):
            verb = "changed"
        counts[verb] += 1
        if verb == "unchanged":
            continue
        for name, value in _values(line).items():
            setattr(row, name, value)
        desk.db.add(row)
        _audited(desk, row, verb, by)
    return counts


def add_candidate(desk: Desk, line: Line, today: date, *, by: str) -> Candidate:
    """Register one candidate."""
    fault = document_fault(line.document_type, line.document_key, today)
    if fault is not None:
        zh, en = EXPECTED[fault]
        raise BadDocument(zh=zh, en=en)
    if queries.by_documents(desk.db, [line.document_key]).get((line.document_type.value, line.document_key)):
        raise Taken()
    if queries.by_tickets(desk.db, [line.ticket]):
        raise Taken()
    row = _new(line)
    desk.db.add(row)
    _audited(desk, row, "added", by)
    return row


def change_candidate(
    desk: Desk, candidate: str, given: Mapping[str, object], today: date, *, by: str
) -> Candidate:
    """Change what is given of a candidate; a corrected document is checked again."""
    row = _row(desk, candidate)
    for name, value in given.items():
        setattr(row, name, value)
    kind = DocumentType(row.document_type)
    row.document_key = document_key(row.document)
    row.document = row.document_key if kind in CHECKED else row.document
    fault = document_fault(kind, row.document_key, today)
    if fault is not None:
        zh, en = EXPECTED[fault]
        raise BadDocument(zh=zh, en=en)
    with desk.db.no_autoflush:
        other = queries.by_documents(desk.db, [row.document_key]).get((kind.value, row.document_key))
        holder = queries.by_tickets(desk.db, [row.ticket]).get(row.ticket)
    if any(one is not None and one.id != row.id for one in (other, holder)):
        raise Taken()
    desk.db.add(row)
    _audited(desk, row, "changed", by)
    return row


def set_photos(desk: Desk, photos: Mapping[str, str], by: str) -> dict[str, int]:
    """Give candidates their stored photos, by id and digest."""
    rows = queries.candidates_by_id(desk.db, photos)
    for candidate, digest in photos.items():
        row = rows.get(candidate)
        if row is None:
            raise NotFound(what="考生 candidate")
        if row.photo != digest:
            row.photo = digest
            desk.db.add(row)
            _audited(desk, row, "photo_set", by)
    return {"photos": len(photos)}


def show_document(desk: Desk, candidate: str, reason: str, by: str) -> str:
    """A candidate's full document number; who saw it, and why, stands on the centre's stream from here."""
    row = _row(desk, candidate)
    changed(desk, "candidate", candidate, "document_shown", by=by, row={"reason": reason})
    return row.document


def problem_json(problem: Problem) -> dict[str, object]:
    """A problem of a file as screens list it."""
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "cell": problem.cell,
        "found": problem.found,
        "code": problem.code,
        "zh": problem.expected,
        "en": problem.expected_en,
    }


def _refuse_contradictions(desk: Desk, roster: Roster, known: Mapping[tuple[str, str], Candidate]) -> None:
    holders = queries.by_tickets(desk.db, (line.ticket for line in roster.lines))
    found = roster.findings
    by_id = {row.id: line for line in roster.lines if (row := _known(known, line)) is not None}
    for line in roster.lines:
        row = _known(known, line)
        if row is not None and not same_name(row.name, line.name):
            found.problem("name_differs", Cell("", line.row, 0), line.name, column="姓名", known=row.name)
        holder = holders.get(line.ticket)
        if holder is None or (row is not None and holder.id == row.id):
            continue
        # Its holder may get another ticket by the same roster.
        passed_on = by_id.get(holder.id)
        if passed_on is None or passed_on.ticket == line.ticket:
            found.problem("ticket_taken", Cell("", line.row, 0), line.ticket, column="准考证号")
    if found.problems:
        raise RosterRefused(found)


def _free_tickets(desk: Desk, roster: Roster, known: Mapping[tuple[str, str], Candidate]) -> None:
    # Two candidates may exchange tickets, and the table takes no two alike even for a moment.
    moving = [row for line in roster.lines if (row := _known(known, line)) and row.ticket != line.ticket]
    for row in moving:
        row.ticket = f"moving {row.id}"[:40]
        desk.db.add(row)
    if moving:
        desk.db.flush()


def _known(known: Mapping[tuple[str, str], Candidate], line: Line) -> Candidate | None:
    return known.get((line.document_type.value, line.document_key))


def _row(desk: Desk, candidate: str) -> Candidate:
    row = queries.candidate_by_id(desk.db, candidate)
    if row is None:
        raise NotFound(what="考生 candidate")
    return row


def _values(line: Line) -> dict[str, Any]:
    return {
        "name": line.name,
        "document_type": line.document_type.value,
        "document": line.document,
        "document_key": line.document_key,
        "ticket": line.ticket,
        "sex": line.sex.value if line.sex else None,
        "employer": line.employer,
        "institution": line.institution,
        "occupation": line.occupation,
        "level": line.level,
        "resit": line.resit,
    }


def _new(line: Line) -> Candidate:
    return Candidate(id=new_id("candidate"), **_values(line))


def _differs(row: Candidate, line: Line) -> bool:
    return any(getattr(row, name) != value for name, value in _values(line).items())


def _audited(desk: Desk, row: Candidate, verb: str, by: str) -> None:
    changed(desk, "candidate", row.id, verb, by=by, row=row.model_dump())
