"""What is said about sessions over HTTP."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from config.after_exam import WindowStart
from config.scheme import Scheme
from protocol.limits import ID_PATTERN, TEXT_CHARS_MAX
from protocol.wire import INTEGER_MAX
from server.sessions.actions import EXTENSION_MINUTES_MAX
from server.sessions.models import ExamSession

Code = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
SESSION_ID_CHARS_MAX = 40
"""Characters of a session's id: the office's streams are named after it, and a stream's name is an id too."""

Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_CHARS_MAX)]


class Asked(BaseModel):
    """The base of what is asked: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class SubjectPlan(Asked):
    """Where a subject's papers come from."""

    subject: Code
    bank: Code
    blueprint: Code


class NewSession(Asked):
    """A session to plan; ``starts_at`` is UTC milliseconds."""

    id: Annotated[Code, StringConstraints(max_length=SESSION_ID_CHARS_MAX)]
    batch: Code
    room: Code
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    scheme: Code
    run_type: Code
    starts_at: Annotated[int, Field(ge=0, le=INTEGER_MAX)]
    subjects: Annotated[list[SubjectPlan], Field(min_length=1, max_length=20)]


class WithReason(Asked):
    """A reason, where the verb asks for one."""

    reason: Reason | None = None


class RulesReading(Asked):
    """The rules were read, or waived with a reason."""

    waived: bool = False
    reason: Reason | None = None


class StartConfirmation(Asked):
    """The person logged in confirms, or another proctor at the same console with a password."""

    login: str | None = None
    password: str | None = None


class Seconded(Asked):
    """A reason, and the second person who agrees with a password at the same console."""

    reason: Reason | None = None
    login: str | None = None
    password: str | None = None


class Extension(Asked):
    """Minutes to add, and why."""

    minutes: Annotated[int, Field(ge=1, le=EXTENSION_MINUTES_MAX)]
    reason: Reason


class SessionShown(BaseModel):
    """One session in a list; instants are UTC milliseconds."""

    id: str
    batch: str
    room: str
    title: str
    run_type: str
    scheme: str
    scheme_version: str
    scheme_digest: str
    starts_at: int
    duration_ms: int
    state: str
    started_at: int | None
    ended_at: int | None

    @classmethod
    def of(cls, row: ExamSession) -> "SessionShown":
        """From the row."""
        return cls(
            id=row.id,
            batch=row.batch,
            room=row.room,
            title=row.title,
            run_type=row.run_type,
            scheme=row.scheme_code,
            scheme_version=row.scheme_version,
            scheme_digest=row.scheme_digest,
            starts_at=row.starts_at,
            duration_ms=row.duration_ms,
            state=row.state,
            started_at=row.started_at,
            ended_at=row.ended_at,
        )


class Titled(BaseModel):
    """Words in both languages."""

    zh: str
    en: str


class RulingCodeShown(BaseModel):
    """One reason a person may rule with; ``scope`` where it voids other than the scheme says."""

    code: str
    severity: str
    title: Titled
    scope: str | None
    after_exam: bool


class SubjectShown(BaseModel):
    """One subject of the scheme."""

    code: str
    title: Titled
    minutes: int


class SchemeShown(BaseModel):
    """What the pinned policy says to the screens of its session."""

    code: str
    version: str
    title: Titled
    void_scope: str
    window_events: list[str]
    """Events outside the room, told by the office, from which review windows count."""
    ruling_codes: list[RulingCodeShown]
    subjects: list[SubjectShown]

    @classmethod
    def of(cls, scheme: Scheme) -> "SchemeShown":
        """From the pinned scheme."""
        return cls(
            code=scheme.code,
            version=scheme.version,
            title=Titled(zh=scheme.title.zh, en=scheme.title.en),
            void_scope=scheme.voiding.scope,
            window_events=[
                each.since.value for each in scheme.review_windows if each.since is not WindowStart.SESSION_END
            ],
            ruling_codes=[
                RulingCodeShown(
                    code=each.code,
                    severity=each.severity,
                    title=Titled(zh=each.title.zh, en=each.title.en),
                    scope=each.scope,
                    after_exam=each.after_exam,
                )
                for each in scheme.ruling_codes
            ],
            subjects=[
                SubjectShown(
                    code=each.code, title=Titled(zh=each.title.zh, en=each.title.en), minutes=each.minutes
                )
                for each in scheme.subjects
            ],
        )


Outcome = dict[str, Any]
