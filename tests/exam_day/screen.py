"""A screen with a window manager, and a candidate who has nothing but a mouse and a keyboard.

Chromium runs headed on an Xvfb of its own. Every act goes through the X server (xdotool), as a hand's would; the
debugging port is only looked through, so that nothing pretends the page had the focus (Playwright does).
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

WIDTH, HEIGHT = 1366, 768
PATIENCE_S = 60.0
PROGRAMS = ("Xvfb", "blackbox", "xdotool")
"""What ``scripts/bootstrap tests`` installs for this."""


def missing() -> list[str]:
    """What this machine lacks for a screen."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


def until(holds: Callable[[], Any], what: str, seconds: float = PATIENCE_S) -> Any:
    """Wait until a condition holds and give what it gave; fails naming it."""
    deadline = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        assert time.monotonic() < deadline, f"after {seconds} s still not: {what}"
        time.sleep(0.05)


@dataclass
class Screen:
    """An X display with a window manager on it."""

    display: str

    @property
    def env(self) -> dict[str, str]:
        """What a program needs to show itself here."""
        return {**os.environ, "DISPLAY": self.display}

    def do(self, *what: str) -> str:
        """One xdotool command."""
        return subprocess.run(
            ["xdotool", *what], env=self.env, check=True, capture_output=True, text=True
        ).stdout.strip()

    def windows(self) -> list[str]:
        """The windows that can be seen."""
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--class", "chromium"],
            env=self.env,
            check=False,
            capture_output=True,
            text=True,
        )
        return found.stdout.split()

    def press(self, keys: str) -> None:
        """Press keys together, such as ``ctrl+c``."""
        self.do("key", "--clearmodifiers", keys)


@contextmanager
def screen() -> Iterator[Screen]:
    """A display with a free number, and its window manager."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    manager = None
    try:
        with os.fdopen(reading) as numbers:
            found = Screen(f":{int(numbers.readline())}")
        manager = subprocess.Popen(
            ["blackbox"], env=found.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        yield found
    finally:
        for process in (manager, server):
            if process is not None:
                process.terminate()
                process.wait(10)


@dataclass
class Person:
    """Somebody at the page: looks at it, clicks what is there, types."""

    screen: Screen
    looking: ClientConnection
    window: str
    _asked: int = field(default=0)

    def sees(self, script: str) -> Any:
        """What a look at the page gives; a look changes nothing."""
        self._asked += 1
        asked = {"expression": script, "returnByValue": True}
        self.looking.send(json.dumps({"id": self._asked, "method": "Runtime.evaluate", "params": asked}))
        while True:
            told = json.loads(self.looking.recv(timeout=20))
            if told.get("id") == self._asked:
                assert "exceptionDetails" not in told["result"], told["result"]
                return told["result"]["result"].get("value")

    def reads(self, text: str, seconds: float = 20) -> None:
        """Wait until a text stands on the page."""
        deadline = time.monotonic() + seconds
        while text not in (shown := self.sees("document.body?.innerText ?? ''")):
            assert time.monotonic() < deadline, f"not {text!r} but {shown!r}"
            time.sleep(0.05)

    def clicks(self, selector: str, text: str = "", button: int = 1) -> None:
        """Click the first thing of a selector that can be seen and says just this text, when one is given."""
        x, y = until(
            lambda: self.sees(_PLACE % (json.dumps(selector), json.dumps(text))), f"{selector} {text}"
        )
        self.screen.do("mousemove", str(round(x)), str(round(y)))
        self.screen.do("click", str(button))

    def types(self, text: str) -> None:
        """Type where the cursor is."""
        self.screen.do("type", "--delay", "5", text)

    def opens_another_window(self) -> str:
        """Ctrl+N: a second window comes up over the page; gives it."""
        before = set(self.screen.windows())
        self.screen.press("ctrl+n")
        found: str = until(lambda: next(iter(set(self.screen.windows()) - before), None), "a second window")
        until(lambda: self.screen.do("getwindowfocus") == found, "the second window has the focus")
        return found

    def closes(self, window: str) -> None:
        """Close another window; the page has the focus again."""
        self.screen.do("key", "--window", window, "ctrl+w")
        until(lambda: window not in self.screen.windows(), "the other window closes")
        until(lambda: self.sees("document.hasFocus()"), "the page has the focus again")

    def minimises(self) -> None:
        """Minimise the page's window by the window manager."""
        self.screen.do("windowminimize", self.window)
        until(lambda: self.window not in self.screen.windows(), "the window is minimised")

    def comes_back(self) -> None:
        """Bring the page's window back."""
        self.screen.do("windowactivate", self.window)
        until(lambda: self.sees("document.hasFocus()"), "the page has the focus again")


_PLACE = """(() => {
  for (const one of document.querySelectorAll(%s)) {
    const text = %s, box = one.getBoundingClientRect();
    if (box.width === 0 || (text !== "" && one.innerText.trim() !== text)) continue;
    one.scrollIntoViewIfNeeded();
    const at = one.getBoundingClientRect();
    const left = screenX + (outerWidth - innerWidth) / 2;
    const top = screenY + outerHeight - innerHeight - (outerWidth - innerWidth) / 2;
    return [left + at.x + at.width / 2, top + at.y + at.height / 2];
  }
  return null;
})()"""


@contextmanager
def person_at(on: Screen, chromium: str, profile: Path, address: str) -> Iterator[Person]:
    """A person whose browser opened an address, in a window that fills most of the screen."""
    process = subprocess.Popen(
        [
            chromium,
            "--no-sandbox",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--accept-lang=zh-CN",
            f"--window-size={WIDTH - 60},{HEIGHT - 60}",
            "--window-position=10,10",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            address,
        ],
        env=on.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        page = until(lambda: _page(profile, address), "the browser shows the page")
        window = until(on.windows, "the browser has a window")[-1]
        with connect(page, max_size=None, proxy=None) as looking:
            yield Person(on, looking, window)
    finally:
        process.terminate()
        process.wait(20)


def _page(profile: Path, address: str) -> str | None:
    with suppress(OSError, IndexError, httpx.HTTPError):
        port = (profile / "DevToolsActivePort").read_text().splitlines()[0]
        tabs = httpx.get(f"http://127.0.0.1:{port}/json", trust_env=False, timeout=5).json()
        host = address.split("/?")[0]
        for tab in tabs:
            if tab["type"] == "page" and tab["url"].startswith(host):
                return str(tab["webSocketDebuggerUrl"])
    return None
