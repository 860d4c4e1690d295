"""What the project promises about itself: its walls, its locks, and that it names no machine."""

import ast
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("protocol", "config", "vision", "question_bank", "recordings", "server", "station", "kaochang")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def committed_texts() -> list[tuple[str, str]]:
    """Every text file git keeps, with its path from the root; pictures and workbooks are passed over."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout: nothing is committed here")
    texts = []
    for name in listed.stdout.decode().rstrip("\0").split("\0"):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            texts.append((name, content.decode("utf-8", errors="replace")))
    return texts


def required_names(requirements: list[str | dict[str, str]]) -> set[str]:
    """The distribution names of a list of requirements, groups included in others left out."""
    return {re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in requirements if isinstance(line, str)}


def direct_dependencies() -> set[str]:
    """Every Python distribution this project asks for by name."""
    project = PYPROJECT["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    lists += PYPROJECT["dependency-groups"].values()
    return set().union(*(required_names(names) for names in lists))


class TestWalls:
    def test_every_wall_holds(self) -> None:
        """What may import what is written once, in pyproject.toml."""
        run = subprocess.run(
            [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr

    @pytest.mark.parametrize("room", ROOMS)
    def test_every_room_says_in_a_sentence_which_question_it_answers(self, room: str) -> None:
        docstring = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text()))
        assert docstring is not None
        assert docstring.endswith(".")

    def test_a_command_of_the_room_is_not_imported_before_it_is_called(self) -> None:
        code = "import sys, kaochang.cli, station.cli; print(*sorted(sys.modules))"
        loaded = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split()
        assert not {"fastapi", "sqlalchemy", "cv2", "numpy", "server", "recordings"} & set(loaded)


class TestLocks:
    @pytest.mark.parametrize("lock", ["requirements.lock", "scripts/tools.lock"])
    def test_every_python_package_has_one_version_and_hashes(self, lock: str) -> None:
        entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
        pinned = [entry for entry in entries if not entry.startswith("#")]
        assert pinned
        for entry in pinned:
            assert re.match(r"[\w.-]+==[\w.]+( ;[^\n]*)? \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry

    def test_the_lock_holds_every_dependency(self) -> None:
        locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
        assert direct_dependencies() <= locked

    def test_every_web_package_has_integrity_and_no_address(self) -> None:
        packages = json.loads((ROOT / "web/package-lock.json").read_text())["packages"]
        for name, package in packages.items():
            assert "resolved" not in package, name
            assert name == "" or package["integrity"].startswith("sha512-"), name

    def test_web_packages_are_pinned_exactly(self) -> None:
        package = json.loads((ROOT / "web/package.json").read_text())
        for name, version in (package["dependencies"] | package["devDependencies"]).items():
            assert re.fullmatch(r"\d+\.\d+\.\d+", version), name

    def test_every_dependency_has_its_line_of_reason(self) -> None:
        package = json.loads((ROOT / "web/package.json").read_text())
        tools = set(re.findall(r"^([\w-]+)[>=]", (ROOT / "scripts/tools.in").read_text(), re.MULTILINE))
        reasons = (ROOT / "docs/dependencies.md").read_text()
        reasoned = set(re.findall(r"^\| `([^`]+)` \| \S", reasons, re.MULTILINE))
        asked = direct_dependencies() | tools | set(package["dependencies"]) | set(package["devDependencies"])
        assert asked == reasoned


class TestWheel:
    PAGES = ("server/static/console/index.html", "station/static/exam/index.html")

    def test_an_installed_wheel_brings_the_rooms_and_the_built_pages(self, tmp_path: Path) -> None:
        """No machine of a room needs Node."""
        if not all((ROOT / page).exists() for page in self.PAGES):
            pytest.skip("the pages are not built: make web")
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
            cwd=ROOT, capture_output=True, check=True,
        )
        (wheel,) = tmp_path.glob("*.whl")
        packed = set(zipfile.ZipFile(wheel).namelist())
        assert packed >= {*self.PAGES, *(f"{room}/__init__.py" for room in ROOMS)}
        assert not [name for name in packed if name.startswith(("tests/", "web/", "scripts/"))]


class TestNamesNoMachine:
    # Where packages come from is the user's own setting.
    ADDRESSES = re.compile(
        r"(?:https?:)?//[\w.-]*(?:pypi|pythonhosted|npmjs|npmmirror|registry|mirrors?)\b[\w.-]*\.|"
        r"--(?:extra-)?index-url|--find-links|--trusted-host"
    )
    # A home, a scratch folder or a checkout somewhere is nobody else's.
    PATHS = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|opt/(?:wheels|pypi))/")

    def test_no_package_source_is_committed(self) -> None:
        found = [(name, hit[0]) for name, text in committed_texts() for hit in self.ADDRESSES.finditer(text)
                 if name != "tests/test_project.py"]
        assert found == []

    def test_no_path_of_a_machine_is_committed(self) -> None:
        found = [(name, hit[0]) for name, text in committed_texts() for hit in self.PATHS.finditer(text)
                 if name != "tests/test_project.py"]
        assert found == []
