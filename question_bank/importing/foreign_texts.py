"""Texts of Moodle's formats: plain, HTML, Markdown, or Moodle's own mixture, each made a text of an item."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from question_bank.importing.collecting import Collected
from question_bank.importing.markdown import html_of
from question_bank.importing.markup import Passage, TextReader
from question_bank.importing.problems import Findings
from question_bank.importing.tables import Cell

_PLAIN = frozenset({"plain", "plain_text", "2"})
_HTML = frozenset({"html", "1"})
_MARKDOWN = frozenset({"markdown", "4"})
_TAG_OR_ENTITY = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(?:[a-zA-Z]{2,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_BLOCK = re.compile(r"<(?:p|div|br|ul|ol|table|pre|h[1-6])\b", re.IGNORECASE)
_PLUGIN_FILE = re.compile(r"^(?:@@PLUGINFILE@@|\$@FILEPHP@\$)(?:\$@SLASH@\$|/)*")

Files = Callable[[str], bytes | None]


class ForeignTexts:
    """Makes the texts of one file; their pictures go to what is collected."""

    def __init__(self, findings: Findings, collected: Collected) -> None:
        """Problems inside a text are findings at the place of its question."""
        self._files: Files = _none
        self._reader = TextReader(findings, self._resolved)
        self._reader.pictures = collected.pictures

    def text(self, value: str, markup: str, place: Cell, label: str, files: Files | None = None) -> Passage:
        """A text in one of Moodle's formats, "" for its mixture of text and HTML. files: pictures it brings along."""
        if not value.strip():
            return Passage()
        self._files = files or _none
        named = markup.strip().lower()
        if named in _PLAIN or (named not in _HTML | _MARKDOWN and not _TAG_OR_ENTITY.search(value)):
            return self._reader.of_text(value, place, label)
        if named in _MARKDOWN:
            value = html_of(value)
        elif named not in _HTML and not _BLOCK.search(value):
            value = value.replace("\n", "<br>")
        return self._reader.of_html(value, place, label)

    def _resolved(self, address: str) -> bytes | None:
        name = _PLUGIN_FILE.sub("", address)
        return self._files(name) or self._files(unquote(name).partition("?")[0])


def _none(name: str) -> bytes | None:
    return None
