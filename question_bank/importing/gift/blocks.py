"""GIFT cut into questions: blank lines between them, comments, categories, and escapes made safe to cut at."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from question_bank.importing.tables import Cell
from question_bank.importing.text_file import Line

# Escaped characters become noncharacters of Unicode, so that what is left of ~ = # { } : always means something.
_ESCAPED = ":#={}~"
_STAND_INS = {character: chr(0xFDD0 + place) for place, character in enumerate(_ESCAPED)}
_RESTORED = {ord(stand_in): character for character, stand_in in _STAND_INS.items()}
_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_CATEGORY = re.compile(r"\s*\$CATEGORY\s*:\s*(.*)")
_ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
_BRACE = re.compile(r"[{}]")
# What a text must hold to be taken for GIFT: an answer block, a category or a title.
_ANSWER_BLOCK = re.compile(r"(?<!\\)\{\s*(?:[=~#}]|(?:T|F|TRUE|FALSE)\s*[#}])", re.IGNORECASE)
_TITLE = re.compile(r"^[ \t]*::.*?::", re.MULTILINE)
_CATEGORY_LINE = re.compile(r"^[ \t]*\$CATEGORY[ \t]*:", re.MULTILINE)


@dataclass(slots=True)
class Block:
    """The lines of one question, escapes replaced; place: its first line. category: the one it stands under."""

    place: Cell
    category: str
    lines: list[str] = field(default_factory=list)
    code: str = ""
    tags: list[str] = field(default_factory=list)
    depth: int = 0
    answered: bool = False

    @property
    def text(self) -> str:
        """The whole question."""
        return "\n".join(self.lines).strip()


def looks_like_gift(text: str) -> bool:
    """Whether a text has what only GIFT has."""
    return bool(_ANSWER_BLOCK.search(text) or _CATEGORY_LINE.search(text) or _TITLE.search(text))


def restored(text: str) -> str:
    """A piece of a block as its author meant it: escaped characters are themselves again, spaces around gone."""
    return text.translate(_RESTORED).strip()


def blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """The questions of a file in order. A comment's [id:…] and [tag:…] belong to the question it precedes."""
    category, block = "", None
    ids: list[str] = []
    tags: list[str] = []
    for index, line in enumerate(lines):
        text = line.text.strip()
        if text.startswith("//"):
            ids += [_unbracketed(found) for found in _ID.findall(text)]
            tags += [_unbracketed(found) for found in _TAG.findall(text)]
            continue
        named = _CATEGORY.fullmatch(line.text)
        begins = block is not None and block.answered and not block.depth and text.startswith("::")
        if block is not None and (named or begins or (not text and _ends(block, lines, index))):
            yield block
            block = None
        if named:
            category = named[1].strip()
            continue
        if block is None:
            if not text:
                continue
            block = Block(line.place, category, code=ids[-1] if ids else "", tags=tags)
            ids, tags = [], []
        _add(block, line.text)
    if block is not None:
        yield block


def _add(block: Block, line: str) -> None:
    line = _ESCAPE.sub(lambda found: _replaced(found[1]), line)
    block.lines.append(line)
    for brace in _BRACE.findall(line):
        block.depth += 1 if brace == "{" else -1
        block.answered = block.answered or brace == "}"


def _replaced(character: str) -> str:
    return {"n": "\n", "\\": "\\"}.get(character) or _STAND_INS[character]


def _ends(block: Block, lines: Sequence[Line], index: int) -> bool:
    """Whether a blank line ends the block: it does, unless it stands inside braces that are closed further on."""
    if block.depth <= 0:
        return True
    for line in lines[index + 1 :]:
        text = _ESCAPE.sub("", line.text.strip())
        if text.startswith(("::", "$CATEGORY")):
            return True
        brace = None if text.startswith("//") else _BRACE.search(text)
        if brace is not None:
            return brace[0] == "{"
    return True


def _unbracketed(text: str) -> str:
    return text.replace("\\]", "]").strip()
