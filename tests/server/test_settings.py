"""Settings: the sample holds every one, and says what the code would take without it."""

import itertools
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from server.settings import SETTINGS_FILE_BYTES_MAX, Settings, SettingsError, load

SAMPLE = Path(__file__).parents[2] / "config" / "kaochang.sample.toml"


def names(model: type[BaseModel], before: str = "") -> set[str]:
    """Every setting by its dotted name."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        kind = field.annotation
        inner = isinstance(kind, type) and issubclass(kind, BaseModel)
        found |= names(kind, f"{before}{name}.") if inner else {before + name}  # type: ignore[arg-type]
    return found


def test_every_setting_stands_in_the_sample() -> None:
    sample = tomllib.loads(SAMPLE.read_text())
    written = {f"{section}.{name}" for section, values in sample.items() for name in values}
    assert written == names(Settings)


def test_the_sample_gives_the_values_that_hold_without_it() -> None:
    assert load(SAMPLE) == Settings()


def test_every_setting_of_the_sample_has_a_comment_above_it() -> None:
    lines = SAMPLE.read_text().splitlines()
    for before, line in itertools.pairwise(lines):
        if line and line[0] not in "#[":
            assert before.startswith("#"), line


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[logins]\nhourz = 3\n", "logins.hourz"),
        ("[logins]\nhours = 0\n", "logins.hours"),
        ('[listen]\nport = "8443"\n', "listen.port"),
        ("[listen\n", "line 1"),
        ("#" * (SETTINGS_FILE_BYTES_MAX + 1), str(SETTINGS_FILE_BYTES_MAX)),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "kaochang.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=named):
        load(file)
