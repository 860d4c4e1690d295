"""What a room reveals of a session's draw after the session, and the proof of every paper from that alone."""

import hashlib
from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from question_bank.commitment import DrawInputs, commit, inputs_from_json
from question_bank.draw import CannotDraw, draw
from question_bank.papers import DrawnPaper, drawn_digest
from question_bank.secret import PEOPLE, BadPart, draw_secret, part_digest, part_text, server_digest

REVEAL_BYTES_MAX = 256 * 1024 * 1024
"""Ten subjects of the largest room, with their inputs."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PersonsPart(_Shape):
    """A person's part of the secret; salt (hexadecimal) and text are None until the session is over."""

    number: int
    by: str
    at: int
    digest: str
    salt: str | None = None
    text: str | None = None


class PaperLine(_Shape):
    """One paper as it was sealed, named by digests: of what was sealed, and of the items and orders drawn.

    attempt: None for a spare. given_to and given: of a spare the attempt that got it, and what was sealed for it.
    opened: what the seat said it opened, under its own signature; None when it never opened a paper.
    """

    attempt: str | None
    spare: int
    sealed: str
    drawn: str
    given_to: str | None = None
    given: str | None = None
    opened: str | None = None


class SubjectDraw(_Shape):
    """The draw of one subject. report: how alike the papers are, as JSON. inputs: as JSON, None until the session is
    over, as papers are empty until then.
    """

    subject: str
    bank: str
    bank_version: str
    commitment: str
    report: str
    inputs: str | None = None
    papers: tuple[PaperLine, ...] = ()


class SessionDraws(_Shape):
    """The draws of a session. Digests stand on the ledger; server_part (hexadecimal) is None until it is over."""

    session: str
    server_digest: str | None = None
    server_part: str | None = None
    parts: tuple[PersonsPart, ...] = ()
    commitment: str | None = None
    papers_digest: str | None = None
    draws: tuple[SubjectDraw, ...] = ()
    revealed: bool = False


class NotRevealed(ValueError):
    """The session is not over, or the file is none of a reveal."""


class Verdict(StrEnum):
    """same: drawn, sealed and opened. unopened: drawn and sealed, and no seat ever opened it. other_drawn: the secret
    gives other items or orders. other_opened: the seat opened something else than was sealed. missing: drawn, and no
    such paper was sealed. extra: sealed, and never drawn.
    """

    SAME = "same"
    UNOPENED = "unopened"
    OTHER_DRAWN = "other_drawn"
    OTHER_OPENED = "other_opened"
    MISSING = "missing"
    EXTRA = "extra"


class PaperProof(_Shape):
    """Whether one paper is the one that was drawn and sat."""

    subject: str
    attempt: str | None
    spare: int
    verdict: Verdict


class SessionProof(_Shape):
    """Every paper, and what does not hold of the commitments: sentences in Chinese and English."""

    session: str
    papers: tuple[PaperProof, ...]
    faults: tuple[str, ...] = Field(default=())

    @property
    def holds(self) -> bool:
        """Whether nothing was changed anywhere."""
        good = {Verdict.SAME, Verdict.UNOPENED}
        return not self.faults and all(paper.verdict in good for paper in self.papers)


def read_reveal(raw: bytes | str) -> SessionDraws:
    """A reveal as the room gives it; raises NotRevealed."""
    if len(raw) > REVEAL_BYTES_MAX:
        raise NotRevealed(f"larger than {REVEAL_BYTES_MAX} bytes")
    try:
        return SessionDraws.model_validate_json(raw)
    except ValidationError as error:
        raise NotRevealed(
            f"not the draws of a session: {error.errors(include_url=False)[0]['msg']}"
        ) from error


def prove(reveal: SessionDraws) -> SessionProof:
    """Recompute every paper from what was revealed and say of each whether it is the one that was sat.

    The digests in the reveal are those on the ledger; compare them with a record form or a bundle of the session when
    the room itself is in doubt. Raises NotRevealed before the session is over.
    """
    if not reveal.revealed or reveal.server_part is None or len(reveal.parts) != PEOPLE:
        raise NotRevealed("the session is not over: nothing is revealed yet")
    faults = list(_faults(reveal))
    papers: list[PaperProof] = []
    for each in reveal.draws:
        found, fault = _prove_subject(reveal, each)
        papers += found
        faults += fault
    return SessionProof(session=reveal.session, papers=tuple(papers), faults=tuple(faults))


def commitment_of(draws: Iterable[tuple[str, str]]) -> str:
    """One name for all draws of a session, by subject and commitment."""
    lines = "\n".join(f"{subject} {commitment}" for subject, commitment in draws)
    return hashlib.sha256(lines.encode()).hexdigest()


def papers_digest_of(papers: Iterable[tuple[str, str | None, int, str, str]]) -> str:
    """One name for all papers of a session: by subject, attempt, spare, what was sealed and what was drawn."""
    lines = sorted(
        f"{subject} {attempt or '-'} {spare} {sealed} {drawn}"
        for subject, attempt, spare, sealed, drawn in papers
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _faults(reveal: SessionDraws) -> Iterable[str]:
    """What does not fit the digests that stood on the ledger before the draw."""
    if not _is_server_part(reveal):
        yield "服务器部分与计划时的承诺不符 · the server's part is not the one promised at planning"
    for part in reveal.parts:
        if not _is_part(reveal.session, part):
            yield f"第 {part.number} 人的部分与记录不符 · part {part.number} is not the one entered"
    if len({part.by for part in reveal.parts}) < PEOPLE:
        yield "两个部分由同一人输入 · both parts were entered by one person"
    if commitment_of((each.subject, each.commitment) for each in reveal.draws) != reveal.commitment:
        yield "抽题承诺与记录不符 · the draws are not those committed to"
    sealed = (
        (each.subject, line.attempt, line.spare, line.sealed, line.drawn)
        for each in reveal.draws
        for line in each.papers
    )
    if papers_digest_of(sealed) != reveal.papers_digest:
        yield "封存的试卷与记录不符 · the sealed papers are not those recorded at loading"


def _is_server_part(reveal: SessionDraws) -> bool:
    try:
        return server_digest(reveal.session, bytes.fromhex(reveal.server_part or "")) == reveal.server_digest
    except ValueError:
        return False


def _is_part(session: str, part: PersonsPart) -> bool:
    try:
        salt, text = bytes.fromhex(part.salt or ""), part_text(part.text or "")
    except (ValueError, BadPart):
        return False
    return part_digest(session, part.number, salt, text) == part.digest


def _prove_subject(reveal: SessionDraws, each: SubjectDraw) -> tuple[list[PaperProof], list[str]]:
    lines = {(line.attempt, line.spare): line for line in each.papers}
    try:
        inputs = inputs_from_json(each.inputs or "")
        drawn = _drawn(reveal, each, inputs)
    except (ValidationError, CannotDraw, ValueError) as error:
        refused = (
            f"{each.subject}: 抽题输入无法重算 · the inputs cannot be drawn from: {type(error).__name__}"
        )
        return [_proof(each, *place, Verdict.OTHER_DRAWN) for place in lines], [refused]
    if drawn is None:
        other = f"{each.subject}: 输入或秘密不是所承诺的 · inputs or secret are not those committed to"
        return [_proof(each, *place, Verdict.OTHER_DRAWN) for place in lines], [other]
    proofs = [_proof(each, *place, _verdict(line, drawn.get(place))) for place, line in lines.items()]
    proofs += [_proof(each, *place, Verdict.MISSING) for place in drawn if place not in lines]
    return proofs, []


_Place = tuple[str | None, int]


def _drawn(reveal: SessionDraws, each: SubjectDraw, inputs: DrawInputs) -> dict[_Place, DrawnPaper] | None:
    """What the revealed parts draw, or None when they are not what was committed to."""
    parts = [part.text or "" for part in sorted(reveal.parts, key=lambda part: part.number)]
    server_part = bytes.fromhex(reveal.server_part or "")
    secret = draw_secret(server_part, [part_text(text) for text in parts], reveal.session, each.subject)
    if inputs.session != reveal.session or commit(inputs, secret) != each.commitment:
        return None
    return {(paper.attempt, paper.spare): paper for paper in draw(inputs, secret).papers}


def _verdict(line: PaperLine, drawn: DrawnPaper | None) -> Verdict:
    if drawn is None:
        return Verdict.EXTRA
    if drawn_digest(drawn) != line.drawn:
        return Verdict.OTHER_DRAWN
    if line.opened is None:
        return Verdict.UNOPENED
    return Verdict.SAME if line.opened == (line.given or line.sealed) else Verdict.OTHER_OPENED


def _proof(each: SubjectDraw, attempt: str | None, spare: int, verdict: Verdict) -> PaperProof:
    return PaperProof(subject=each.subject, attempt=attempt, spare=spare, verdict=verdict)
