"""Refusals: a stable code, an HTTP status and a sentence in each language for the person who reads it.

Each noun keeps its own refusals on top of its ``actions.py``. One handler in ``app`` maps them all; 422 means malformed
and nothing else.
"""

from typing import ClassVar


class Refused(Exception):
    """A verb said no; nothing of it happened. Subclasses set the class attributes; fields fill the sentences."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    zh: ClassVar[str] = "操作被拒绝。"
    en: ClassVar[str] = "This was refused."
    headers: ClassVar[dict[str, str]] = {}

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.sentence_en)

    @property
    def sentence_zh(self) -> str:
        """What the person reads in Chinese."""
        return self.zh.format(**self.fields)

    @property
    def sentence_en(self) -> str:
        """What the person reads in English."""
        return self.en.format(**self.fields)

    def details(self) -> dict[str, object]:
        """Further fields of the answer, for a screen that shows more than the sentence."""
        return {}


class NotFound(Refused):
    """What was asked for does not exist, or not for this person."""

    code = "not_found"
    status = 404
    zh = "找不到{what}。"
    en = "{what} was not found."


class Forbidden(Refused):
    """The person's roles do not allow it."""

    code = "forbidden"
    status = 403
    zh = "您的角色无权执行此操作。"
    en = "Your role does not allow this."
