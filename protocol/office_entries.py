"""What the room server writes: one model for each entry type, the body of the entry.

Those in :data:`ORDERS` are signed with the room's key, sent to the seats they concern and bind a seat from the entry
``order.heard`` on. ``by`` is always the id of a person; ``note`` names a free text by its salted digest.
"""

from typing import Annotated, Literal

from pydantic import Field

from protocol.shapes import (
    Closed,
    Digest,
    HeadRef,
    Hundredths,
    Id,
    Instant,
    Milliseconds,
    PublicKey,
    ShortText,
    Slot,
)

Note = Digest | None


class StreamOpened(Closed):
    """The first entry of a server run, for one session or for the centre (``session`` None)."""

    author: Literal["server"]
    session: Id | None
    key: PublicKey
    follows: HeadRef | None
    run: Id


class RegisterChanged(Closed):
    """Audit of a register: which row of which noun changed, by whom; ``digest`` is that of the new row."""

    noun: Id
    key: Annotated[str, Field(max_length=200)]
    verb: Id
    by: Id
    digest: Digest


class SessionPlanned(Closed):
    """A session exists: its policy is pinned here for ever."""

    scheme: Id
    scheme_version: Id
    scheme_digest: Digest
    batch: Id
    room: Id
    starts_at: Instant
    duration_ms: Milliseconds
    by: Id


class SessionMoved(Closed):
    """The session took a step of its lifecycle that needs no more than who and why."""

    step: Literal[
        "applied",
        "approved",
        "returned",
        "checked",
        "check_in",
        "ended",
        "under_review",
        "confirmed",
        "archived",
        "cancelled",
        "aborted",
    ]
    by: Id
    note: Note = None


class SessionLoaded(Closed):
    """Papers are drawn and sealed; the commitment of the draws, and one digest over all papers.

    Since version 2 papers_digest names for each paper what was sealed and what was drawn, spares included.
    """

    commitment: Digest
    papers: Annotated[int, Field(ge=1)]
    papers_digest: Digest
    spares: Annotated[int, Field(ge=0)] = 0
    by: Id


class SessionSeconded(Closed):
    """Two people, both by password, decided what one may not: a start long before its time, or to abort."""

    verb: Literal["start_early", "abort"]
    by: Id
    second: Id
    note: Note


class DrawPromised(Closed):
    """The server's part of the draw's secret is made; this is its digest, and it never changes."""

    server_part: Digest
    by: Id


class DrawPartEntered(Closed):
    """A person entered a part of the draw's secret; two different people enter one each before papers are loaded."""

    number: Literal[1, 2]
    digest: Digest
    by: Id


class SpareGiven(Closed):
    """A candidate listed after loading got a spare paper: which one, and what was sealed for this attempt."""

    attempt: Id
    subject: Id
    spare: Annotated[int, Field(ge=1)]
    paper: Digest
    by: Id
    note: Note = None


class RulesRead(Closed):
    """The rules were read aloud (S3-A by a proctor, S3-B by the quality supervisor), or waived with a reason."""

    by: Id
    waived: bool = False
    note: Note = None


class StartConfirmed(Closed):
    """One of the two proctors who gate the start (S3-A: two or more in every room)."""

    by: Id


class SessionStarted(Closed):
    """Order: the exam begins at this instant for every seat."""

    starts_at: Instant
    by: Id


class SessionPaused(Closed):
    """Order: all clocks of the session stand still from this instant."""

    paused_at: Instant
    by: Id
    note: Note = None


class SessionResumed(Closed):
    """Order: all clocks go on from this instant."""

    resumed_at: Instant
    by: Id


class SessionExtended(Closed):
    """Order: 补时 for everyone."""

    by_ms: Milliseconds
    by: Id
    note: Note


class SessionCollected(Closed):
    """Order: 强制收卷 for everyone who has not handed in; the room's time is up or a person decided."""

    cause: Literal["time_up", "ordered"]
    by: Id
    note: Note = None


class AttemptListed(Closed):
    """A candidate is expected at a seat for a subject."""

    attempt: Id
    candidate: Id
    subject: Id
    seat: Annotated[int, Field(ge=1)]
    duration_ms: Milliseconds


class AttemptCheckedIn(Closed):
    """A person saw the candidate and the original document; ``note`` says why one was absent before."""

    attempt: Id
    by: Id
    note: Note = None


class AttemptRefused(Closed):
    """Refused at the door; counted absent."""

    attempt: Id
    code: Id
    by: Id
    note: Note = None


class AttemptAbsent(Closed):
    """Not there at the late cut-off."""

    attempt: Id
    by: Id


class AttemptSeated(Closed):
    """The candidate signed in at a station; the sealed paper and the capture secret went there."""

    attempt: Id
    station: Id
    seat: Annotated[int, Field(ge=1)]


class SeatChangeAllowed(Closed):
    """换机: the attempt may sign in at another seat, with the same paper, answers and time left."""

    attempt: Id
    seat: Annotated[int, Field(ge=1)]
    by: Id
    note: Note


class AttemptExtended(Closed):
    """Order: 补时 for one."""

    attempt: Id
    by_ms: Milliseconds
    by: Id
    note: Note


class AttemptSuspended(Closed):
    """Order: the page is locked; the clock runs."""

    attempt: Id
    by: Id
    note: Note


class AttemptUnsuspended(Closed):
    """Order: the page is free again."""

    attempt: Id
    by: Id
    note: Note = None


class AttemptCollected(Closed):
    """Order: 强制收卷 for one; or the room closes an attempt whose seat did not hand in by itself."""

    attempt: Id
    cause: Literal["time_up", "ordered"]
    by: Id
    note: Note = None


class HandInRevoked(Closed):
    """Order: back to running, before the end; time unchanged."""

    attempt: Id
    by: Id
    note: Note


class MessageSent(Closed):
    """Order: a proctor's words to a seat; ``message`` names the text, which travels beside the order."""

    attempt: Id
    message: Id
    text: Digest
    warning: bool
    by: Id


class FlagRaised(Closed):
    """A suspicion that asks for a human; ``evidence`` are entries (n) or snapshots (digest) by their names."""

    attempt: Id
    flag: Id
    code: Id
    severity: Literal["info", "minor", "major", "severe"]
    source: Literal["person", "machine"]
    by: Id
    evidence: Annotated[list[ShortText], Field(max_length=50)] = []
    note: Note = None


class FlagClosed(Closed):
    """A person looked: dismissed, or taken up in a ruling."""

    flag: Id
    attempt: Id
    outcome: Literal["dismissed", "acknowledged", "ruled"]
    by: Id
    note: Note = None


class SnapshotRequested(Closed):
    """Order: take a picture now (forced at each flag, S3-A 随机抓拍)."""

    attempt: Id
    flag: Id | None
    by: Id


class SnapshotReceived(Closed):
    """The bytes of a snapshot are durable in the room's store; ``size`` counts them, 0 where version 1 did not say."""

    attempt: Id
    digest: Digest
    size: Annotated[int, Field(ge=0)]


class VoidProposed(Closed):
    """One person proposes to void; binds nothing before the second signature.

    ``source``: the room during its day, or the confirming body after it; version 1 knew the room alone.
    """

    ruling: Id
    attempt: Id
    code: Id
    scope: Literal["subject", "batch"]
    flags: Annotated[list[Id], Field(max_length=50)] = []
    statement: Note = None
    statement_declined: bool
    by: Id
    note: Note
    source: Literal["room", "body"] = "room"


class VoidSigned(Closed):
    """Order: the second, different person signed; the attempt is voided, provisionally."""

    ruling: Id
    attempt: Id
    by: Id


class VoidWithdrawn(Closed):
    """The proposal was taken back before the second signature."""

    ruling: Id
    attempt: Id
    by: Id
    note: Note = None


class VoidDecided(Closed):
    """The confirming body's 处理决定: upheld, or lifted, which restores what was."""

    ruling: Id
    attempt: Id
    outcome: Literal["upheld", "lifted"]
    by: Id
    note: Note


class HandAnswered(Closed):
    """举手已处理: one of the staff was at the seat; the hand is down in the room until it is raised again."""

    attempt: Id
    by: Id


class LateAdmitted(Closed):
    """A person admits late entries of a closed stream, for items no later stream touched."""

    attempt: Id
    stream: Id
    by: Id
    note: Note


class HandScoringOpened(Closed):
    """Short answers of this session are scored by hand; the order in which each assessor sees them follows from the
    seed. ``third``: what stands when a third assessor decides.
    """

    seed: Digest
    third: Literal["third", "nearest"]


class AnswerToScore(Closed):
    """One short answer: ``answer`` is the place n of its entry; scores that differ by at most ``tolerance`` agree."""

    slot: Slot
    answer: Annotated[int, Field(ge=1)]
    max_score: Hundredths
    tolerance: Hundredths
    step: Annotated[Hundredths, Field(ge=1)]


class HandScoresNeeded(Closed):
    """These answers of an attempt wait for two assessors; a later one replaces it and keeps scores of same answers."""

    attempt: Id
    answers_digest: Digest
    answers: Annotated[list[AnswerToScore], Field(min_length=1, max_length=500)]


class HandScoreShown(Closed):
    """An assessor was shown an answer, without a name, and keeps it for a while."""

    attempt: Id
    slot: Slot
    answer: Annotated[int, Field(ge=1)]
    by: Id


class HandScoreGiven(Closed):
    """An assessor's score of an answer, blind to every other; the same assessor's later one replaces it."""

    attempt: Id
    slot: Slot
    answer: Annotated[int, Field(ge=1)]
    score: Hundredths
    by: Id
    note: Note = None


class AttemptScored(Closed):
    """The score of what counted, in hundredths; a later one replaces it."""

    attempt: Id
    score: Hundredths
    max_score: Hundredths
    answers_digest: Digest
    cause: Literal["session_end", "late_delivery", "ruling", "hand_scores"]


class KeyCorrectionProposed(Closed):
    """A person proposes that another key counts for an item; binds nothing. ``content``: SHA-256 of the sealed
    correction, which names the keys. Of scope ``batch`` every session of the batch has an entry of its own.
    """

    correction: Id
    item: Annotated[str, Field(min_length=1, max_length=64)]
    version: Annotated[int, Field(ge=1)]
    part: Annotated[int, Field(ge=0, le=100)] | None
    remedy: Literal["keys", "full_score", "void"]
    scope: Literal["session", "batch"]
    content: Digest
    by: Id
    note: Note


class KeyCorrectionRuled(Closed):
    """The first of two people rules on it; ``report``: digest of who changes and by how much, as they saw it."""

    correction: Id
    report: Digest
    by: Id
    note: Note


class KeyCorrectionApplied(Closed):
    """The second, different person signed the same report: the correction counts from here, scores follow."""

    correction: Id
    report: Digest
    by: Id


class KeyCorrectionWithdrawn(Closed):
    """The proposal was taken back, or refused, before the second signature."""

    correction: Id
    by: Id
    note: Note


class RecordCorrected(Closed):
    """A line of the record form was corrected by a person, with a reason."""

    field: Id
    value: Note
    by: Id
    note: Note


class RecordSigned(Closed):
    """One of two signatures under the record form; names the final heads of every stream by their digest."""

    by: Id
    form_digest: Digest
    heads_digest: Digest


class ReviewSeen(Closed):
    """A reviewer saw something that must be seen before confirmation."""

    attempt: Id
    what: Literal["snapshot", "flag"]
    key: Id
    by: Id


class WindowEventReported(Closed):
    """The exam office says when something outside the room was, from which a review window counts (S3-B)."""

    event: Literal["practical_end", "upload"]
    happened_at: Instant
    by: Id
    note: Note = None


class ResultMoved(Closed):
    """The result took a step of its lifecycle."""

    attempt: Id
    step: Literal["under_review", "disputed", "confirmed", "corrected"]
    by: Id
    note: Note = None


class RoomAlarm(Closed):
    """The machine saw something that a person should look at: a quarantined entry, a fork, a missing picture."""

    code: Id
    attempt: Id | None
    station: Id | None = None
    detail: ShortText = ""
