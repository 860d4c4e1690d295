"""``kaochang demo``: a whole exam room on this machine, every part of it the real one."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import httpx

from kaochang.exam_office import STAFF, Office, OfficeRefused
from kaochang.fictional import Fictional, people
from kaochang.room_process import RoomDidNotStart, RoomProcess, free_port

MARK = "kaochang-demo"
"""A folder with this file was made by a demo and may be made anew."""

SEATS = 24
CONSOLE_PORT, PAGE_PORT, SPARE_PORT = 8480, 8490, 8491

SPARE = 2
"""The spare seat that is connected, counted from the last simulated one; the one before it is the real seat."""

SESSION = "demo"
READY_S_MAX = 90.0
"""Seconds the seats may take to sign in."""

STOP_S_MAX = 10.0


class DemoFailed(click.ClickException):
    """A part of the room did not come up; the text says where its log is."""


class Stopped(Exception):
    """Told to stop while the room was still being opened."""


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".demo"),
    show_default=True,
    help="Folder of the demo; made anew each time.",
)
@click.option(
    "--seats", type=click.IntRange(1, 60), default=SEATS, show_default=True, help="Simulated seats."
)
@click.option("--no-browser", is_flag=True, help="Open no browser, only print the addresses.")
def command(data: Path, seats: int, no_browser: bool) -> None:
    """Run a whole exam room on this machine, until Ctrl-C.

    A room server, simulated seats and one real seat sit a short exam from the sample bank: eight minutes, then the
    record form is signed, the attempts are reviewed and the results confirmed, by you, in the console.
    """
    began = time.monotonic()
    with _signals() as told_to_stop, _held(data) as folder:
        demo = Demo(folder, seats, told_to_stop)
        try:
            demo.open()
            demo.print_ready(time.monotonic() - began)
            if not no_browser:
                _open_browser(demo.console, demo.page)
            demo.watch()
        except Stopped:
            pass
        except (RoomDidNotStart, OfficeRefused, httpx.HTTPError) as error:
            raise DemoFailed(f"{error}\n日志 log: {demo.room.log}") from error
        finally:
            demo.close()
            click.echo("考场已关闭。 The room is closed.")


@dataclass
class Demo:
    """One demo room: its server, its seats, its people."""

    folder: Path
    seats: int
    told_to_stop: threading.Event
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    page: str = ""
    spare_page: str = ""

    def __post_init__(self) -> None:
        self.room = RoomProcess(self.folder / "room", console_port=_port(CONSOLE_PORT))
        self.console = f"http://127.0.0.1:{self.room.console_port}/"
        self.people: list[Fictional] = people(self.seats + 1, seed=2020, batch="2026")
        self.office: Office | None = None

    def open(self) -> None:
        """Everything up to the running exam; raises :class:`Stopped` when told to stop."""
        self._now("考场服务器 room server")
        self.room.found()
        self._go_on()
        self.room.start()
        self._go_on()
        self.office = office = self.room.office()
        office.hire()
        self._now(f"考场、题库、{len(self.people)} 名考生与照片 room, bank, candidates and photos")
        place = office.furnish(self.seats + 4, columns=7, spare=range(self.seats + 2, self.seats + 5))
        bank = office.stock("sgy-tujian", "施工员（土建施工）", live=False)
        self._go_on()
        ids = office.register(self.people, "demo")
        self._now("组卷并密封 papers drawn and sealed")
        office.plan(
            SESSION,
            room=place,
            batch="demo",
            title="演示场次 Demo session",
            scheme="demo",
            subject="theory",
            bank=bank,
            blueprint="s3a",
            candidates=[ids[person.ticket] for person in self.people],
            run_type="trial",
            starts_in_s=0,
        )
        self._now("入场核验 check-in")
        office.open_door(SESSION)
        office.check_in(SESSION)
        self._now(f"{self.seats} 个模拟机位与 1 个真实机位 simulated seats and a real one")
        self._seat_everybody(office.enrolment(place, self.room.address))
        self._wait_until_signed_in(office)
        office.begin(SESSION)
        self._go_on()

    def print_ready(self, seconds: float) -> None:
        """Addresses, logins and what to do next."""
        assert self.office is not None
        mine = self.people[self.seats]
        lines = [
            "",
            f"READY  ({seconds:.0f} s)",
            f"  控制台 console      {self.console}",
            f"  考试页 exam page    {self.page}",
            f"  备用机位 spare seat {self.spare_page}",
            f"      准考证号 ticket {mine.ticket}   证件号码 document {mine.document}",
            "      这个地址只能打开一次，之后可以刷新。 The address opens once; reloading the page is fine.",
            "",
            *(
                f"  {login:14} {each.password:24} {STAFF[login][0] if login in STAFF else '系统管理员 Administrator'}"
                for login, each in self.office.logins.items()
            ),
            "",
            "  题库口令 bank passphrases (the banks are unlocked now, and lock themselves):",
            *(f"  {login:14} {phrase}" for login, phrase in self.office.passphrases.items()),
            "",
            "  监考：以 proctor1 登录看现场；两人作废需要 proctor2 的密码。考试 8 分钟后自动收卷，",
            "  然后在“考场记录表”由两人签字，以 reviewer 审查、以 body 确认。",
            f"  换机：在控制台允许考生换到 {self.seats + SPARE} 号机位，再在备用机位登录。",
            "  Log in as proctor1 for the live floor; a void needs proctor2's password too. After eight minutes the",
            "  papers are collected: sign the record form (two people), review as reviewer, confirm as body.",
            f"  Machine change: allow it to seat {self.seats + SPARE} in the console, then sign in at the spare seat.",
            f"  数据 data: {self.folder}    结束 stop: Ctrl-C",
            "",
        ]
        click.echo("\n".join(lines))

    def watch(self) -> None:
        """Wait until told to stop; a server that ended is started again, as a supervisor does."""
        while not self.told_to_stop.wait(1.0):
            assert self.room.process is not None
            if self.room.process.poll() is not None:
                click.echo(
                    "考场服务器已退出，正在从账本重新启动。 The server ended; it starts again from its ledger."
                )
                self.room.start()

    def close(self) -> None:
        """End everything, seats first; told to hurry, kill what is left."""
        try:
            for child in self.children.values():
                child.terminate()
            for child in self.children.values():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(STOP_S_MAX)
            if self.office is not None:
                self.office.close()
            self.room.stop()
        finally:
            for child in self.children.values():
                child.kill()
                child.wait()
            self.room.kill()

    def _seat_everybody(self, enrolment: Sequence[dict[str, Any]]) -> None:
        by_seat = {line["seat"]: line for line in enrolment}
        lines = [
            {**by_seat[seat], "ticket": person.ticket, "document": person.document}
            for seat, person in enumerate(self.people, start=1)
        ]
        simulated, mine = self.folder / "simulated.json", self.folder / "my-seat.json"
        _write_private(simulated, lines[: self.seats])
        _write_private(
            mine, [{k: v for k, v in lines[self.seats].items() if k not in ("ticket", "document")}]
        )
        self._run("simulate", "--seats", str(self.seats), "--enrol", str(simulated))
        port = _port(PAGE_PORT)
        camera = f"drawn:{self.seats + 1}"
        self._run("run", "--enrol", str(mine), "--camera", camera, "--port", str(port), "--no-browser")
        self.page = self._page_address("run")
        self._keep_a_spare(by_seat[self.seats + SPARE])

    def _keep_a_spare(self, line: dict[str, Any]) -> None:
        """A seat nobody has, connected: whoever is moved by a proctor signs in there."""
        spare, seat = self.folder / "spare-seat.json", str(line["seat"])
        _write_private(spare, [line])
        port = str(_port(SPARE_PORT))
        options = ("--camera", f"drawn:{seat}", "--port", port, "--no-browser")
        self._run("run", "--enrol", str(spare), *options, name="spare")
        self.spare_page = self._page_address("spare")

    def _run(self, what: str, *options: str, name: str | None = None) -> None:
        """Run the station's command ``what`` in a folder of its own, called ``name`` where there are two."""
        name = name or what
        log = self.folder / f"station-{name}.log"
        with log.open("wb") as out:
            self.children[name] = subprocess.Popen(
                [sys.executable, "-m", "station", what, "--data", str(self.folder / name), *options],
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C in the terminal is for the demo alone, which ends them in order
            )

    def _page_address(self, name: str) -> str:
        log = self.folder / f"station-{name}.log"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            for word in log.read_text(errors="replace").split():
                if word.startswith("http://127.0.0.1:"):
                    return word
            if self.children[name].poll() is not None:
                break
            self._go_on()
            time.sleep(0.1)
        raise DemoFailed(f"the real seat did not come up; see {log}")

    def _wait_until_signed_in(self, office: Office) -> None:
        deadline = time.monotonic() + READY_S_MAX
        signed_in = -1
        while signed_in < self.seats:
            self._go_on()
            if self.children["simulate"].poll() is not None or time.monotonic() > deadline:
                raise DemoFailed(f"the seats did not sign in; see {self.folder / 'station-simulate.log'}")
            rows = office.desk("proctor1").get(f"/api/sessions/{SESSION}/attempts")
            now = sum(row["state"] == "waiting" for row in rows)
            if now != signed_in:
                signed_in = now
                click.echo(f"\r  {signed_in}/{self.seats} 已就座 signed in", nl=False)
            time.sleep(0.3)
        click.echo("")

    def _now(self, what: str) -> None:
        self._go_on()
        click.echo(f"· {what} …")

    def _go_on(self) -> None:
        if self.told_to_stop.is_set():
            raise Stopped


@contextlib.contextmanager
def _held(data: Path) -> Iterator[Path]:
    """An empty folder for this demo alone; raises :class:`DemoFailed` where somebody keeps something else."""
    mark = data / MARK
    if data.exists() and any(data.iterdir()) and not mark.exists():
        raise DemoFailed(
            f"{data} 不是演示文件夹，未作改动。 {data} holds something else; choose another --data"
        )
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with mark.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoFailed(
                f"{data} 中的演示正在运行，请先结束它。 A demo is running in {data}; end it, or choose another --data"
            ) from None
        for each in data.iterdir():
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            elif each != mark:
                each.unlink()
        yield data.resolve()


def _write_private(path: Path, lines: Sequence[dict[str, Any]]) -> None:
    """Write a file only its owner reads: it holds one-use secrets."""
    path.touch(mode=0o600)
    path.write_text(json.dumps(list(lines), ensure_ascii=False, indent=1))


def _port(wanted: int) -> int:
    """The usual port, or a free one when somebody else has it."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return free_port()
    return wanted


@contextlib.contextmanager
def _signals() -> Iterator[threading.Event]:
    """An event set by Ctrl-C, SIGTERM and a closed terminal; told again, the room closes without waiting for itself."""
    told = threading.Event()

    def stop(_sign: int, _frame: object) -> None:
        if told.is_set():
            raise KeyboardInterrupt
        told.set()
        os.write(2, "\n· 正在关闭考场 closing the room …\n".encode())

    before = {sign: signal.signal(sign, stop) for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield told
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _open_browser(*addresses: str) -> None:
    """Open the pages where there is a screen to open them on."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return
    for address in addresses:
        with contextlib.suppress(webbrowser.Error):
            webbrowser.open(address)
