"""What a verifier says: whether a bundle is whole, of which room, and what was changed first."""

from dataclasses import asdict, dataclass, field
from typing import Any

PROBLEMS_MAX = 200
"""Problems that are listed; the first is what counts, and a shifted file would fill a screen."""

_SENTENCES: dict[str, tuple[str, str]] = {
    "container": ("压缩包结构被改动", "the zip's own structure was changed"),
    "truncated": ("文件不完整，被截断", "the bundle is cut off"),
    "added_bytes": ("文件末尾多出内容", "bytes were added at the end"),
    "added_file": ("多出文件", "a file was added"),
    "missing_file": ("缺少文件", "a file is missing"),
    "manifest": ("清单无法读取", "the manifest cannot be read"),
    "signature": ("清单与考场签名不符", "the manifest does not bear the room's signature"),
    "file_changed": ("文件内容被改动", "the file was changed"),
    "entry_changed": ("记录被改动", "the entry was changed"),
    "entry_unreadable": ("记录无法读取", "the entry cannot be read"),
    "chain": ("记录链断裂", "the entry does not follow the one before"),
    "stream": ("记录流与清单不符", "the stream is not the one the manifest names"),
    "follows": ("记录流的起点与前一流不符", "the stream follows a head that never stood there"),
    "head_signature": ("考试机签名无效", "a signed head does not bear the station's signature"),
    "head_beyond": ("考试机签名之后的记录缺失", "the station signed entries that are missing here"),
    "head_differs": ("与考试机签名的记录不符", "the station signed another entry at this place"),
    "office_differs": (
        "与考试机见证的考场记录不符",
        "a station witnessed another office entry at this place",
    ),
    "final_heads": ("与签署的考场记录表不符", "not what the signed record form names"),
    "order_signature": ("指令签名无效", "an order does not bear the room's signature"),
    "order_differs": ("考试机收到的指令与考场记录不符", "the seat heard another order than stands here"),
    "note": ("说明文字与其摘要不符", "a note is not the one its digest names"),
    "picture": ("照片与其摘要不符", "a picture is not the one its digest names"),
    "picture_missing": ("照片缺失", "a picture is missing"),
    "paper": ("试卷摘要不符", "the seat opened another paper"),
    "no_head": ("该记录流没有考试机签名", "no head of this stream was signed"),
    "unwitnessed": ("末尾记录未经考试机签名", "the last entries are witnessed by no signed head"),
    "office_lost": ("考试机见证的考场记录不在此包", "a station witnessed office entries that are not here"),
    "stream_lost": ("所接续的记录流不在此包", "the stream this one follows is not here"),
    "picture_absent": ("照片未在考场保存", "an announced picture was not held by the room"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``offset`` is the byte in the bundle's file, ``byte`` the one in the file inside; ``length``
    how many bytes hold the change when it cannot be named more closely."""

    code: str
    file: str
    offset: int
    byte: int | None = None
    length: int | None = None
    stream: str | None = None
    seq: int | None = None
    detail: str = ""

    @property
    def zh(self) -> str:
        """For the person who reads it, in Chinese."""
        return _SENTENCES[self.code][0]

    @property
    def en(self) -> str:
        """The same in English."""
        return _SENTENCES[self.code][1]

    def to_json(self) -> dict[str, Any]:
        """With its sentences, without what is not known."""
        told = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        return told | {"zh": self.zh, "en": self.en}


@dataclass(slots=True)
class Verdict:
    """The whole answer. ``trusted`` is None when no fingerprint was given to compare the room's with."""

    room: str | None = None
    trusted: bool | None = None
    session: str | None = None
    attempt: str | None = None
    made_at: int | None = None
    streams: int = 0
    entries: int = 0
    pictures: int = 0
    problems: list[Finding] = field(default_factory=list)
    more: int = 0
    warnings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, added or taken away since the room signed it."""
        return not self.problems

    @property
    def first(self) -> Finding | None:
        """What was changed first, in the order of the bundle's bytes."""
        return min(self.problems, key=lambda one: one.offset, default=None)

    def problem(self, found: Finding) -> None:
        """Keep a problem; past the limit only their number."""
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(found)
        else:
            self.more += 1

    def to_json(self) -> dict[str, Any]:
        """As one JSON object."""
        first = self.first
        return {
            "whole": self.whole,
            "trusted": self.trusted,
            "room": self.room,
            "session": self.session,
            "attempt": self.attempt,
            "made_at": self.made_at,
            "streams": self.streams,
            "entries": self.entries,
            "pictures": self.pictures,
            "first": first.to_json() if first else None,
            "problems": [one.to_json() for one in sorted(self.problems, key=lambda one: one.offset)],
            "more_problems": self.more,
            "warnings": [one.to_json() for one in self.warnings],
        }
