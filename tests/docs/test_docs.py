"""What the documents name is there: links, files, functions, commands and the alarms a proctor may meet."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from server.rulings.rules import PAGE_LEFT

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("question_bank/**/*.md")]
)
ROOMS = ("protocol", "config", "vision", "question_bank", "recordings", "server", "station", "kaochang", "web")
FENCED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
A_PATH = re.compile(rf"^(?:{'|'.join((*ROOMS, 'tests', 'docs', 'deploy', 'scripts'))})/[\w./*…-]*$")

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def headings(document: Path) -> set[str]:
    """The anchors of a document as code hosts make them."""
    titles = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@each_document
def test_every_link_leads_somewhere(document: Path) -> None:
    dead = []
    for link in LINK.findall(document.read_text(encoding="utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        if not target.exists() or (anchor and anchor not in headings(target)):
            dead.append(link)
    assert dead == []


@each_document
def test_every_path_named_is_there(document: Path) -> None:
    named = {word for word in FENCED.findall(document.read_text(encoding="utf-8")) if A_PATH.match(word)}
    assert [path for path in sorted(named) if not list(ROOT.glob(path.replace("…", "*").rstrip("/")))] == []


@pytest.mark.parametrize("name", ["architecture.md", "glossary.md"])
def test_every_function_named_beside_its_file_is_in_it(name: str) -> None:
    """Written as `name` in `file.py`, or `name` (`file.py`)."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    missing = []
    for word, path in re.findall(r"`([A-Za-z_.]+)(?:\(\))?`\s+(?:in\s+|\()`([\w/]+\.py)`", text):
        source = (ROOT / path).read_text(encoding="utf-8")
        last = word.rpartition(".")[2]
        if not re.search(rf"\b(?:def|class) {last}\b|^{last}\b|^\s+{last}:", source, re.MULTILINE):
            missing.append(f"{word} in {path}")
    assert missing == []


def told_commands() -> list[tuple[str, str]]:
    """Every command the guides tell people to type: the program, and its words up to the first argument."""
    told: set[tuple[str, str]] = set()
    for name in ("operating.md", "station.md", "question-bank.md"):
        text = (ROOT / "docs" / "guides" / name).read_text(encoding="utf-8")
        typed = r"(?:bin/|`|^ +)(kaochang(?:-station)?) ((?:admin |bank )?(?:people )?[a-z]+)"
        found = re.findall(typed, text, re.MULTILINE)
        assert found, name
        told.update(found)
    return sorted(told)


@pytest.mark.parametrize(("program", "words"), told_commands(), ids=" ".join)
def test_every_command_told_is_one(program: str, words: str) -> None:
    module = "kaochang" if program == "kaochang" else "station"
    done = subprocess.run(
        [sys.executable, "-m", module, *words.split(), "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def alarm_codes() -> set[str]:
    """Every code the room's machine raises by itself, as its sources spell them."""
    watch = (ROOT / "server/rulings/watch.py").read_text(encoding="utf-8")
    receiving = (ROOT / "server/attempts/receiving.py").read_text(encoding="utf-8")
    codes = {*re.findall(r'(?:_seen\(one|Finding\(attempt(?:\.id)?), "(\w+)"', watch), PAGE_LEFT}
    return codes | set(re.findall(r'alarms\.append\(\(.*?, "(\w+)", \w+\)\)', receiving)) - {"quarantined"}


def test_a_proctor_finds_every_alarm_in_both_languages() -> None:
    """As the console says it; a code the console has no word for, as it is."""
    texts = (ROOT / "web/console/src/live/texts.ts").read_text(encoding="utf-8")
    chinese, english = (
        part.lower() for part in (ROOT / "docs/guides/exam-day.md").read_text(encoding="utf-8").split("\n---\n")
    )
    words = [dict(re.findall(r'(\w+): "([^"]+)"', block))
             for block in re.findall(r"\n  alarm: \{(.*?)\n  \},", texts, re.DOTALL)]
    assert len(alarm_codes()) > 10
    for code in sorted(alarm_codes()):
        for guide, known in zip((chinese, english), words, strict=True):
            assert known.get(code, code).lower() in guide, code
