"""A room server as a process of its own: made, started, killed, measured; for demo, benchmarks and stories."""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from kaochang.exam_office import Credential, Office

START_S_MAX = 60.0
"""Seconds a server may take to answer its first request."""

STOP_S_MAX = 20.0
_PASSWORD = re.compile(r"^password:\s*(\S+)$", re.MULTILINE)
_LOGIN = re.compile(r"^login:\s*(\S+)$", re.MULTILINE)


class RoomDidNotStart(RuntimeError):
    """The server ended or stayed silent; the text is the end of its log."""


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class RoomProcess:
    """One room in one folder, at one port of this machine."""

    data: Path
    port: int = field(default_factory=free_port)
    console_port: int | None = None
    administrator: Credential | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where stations and consoles reach it."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def ca_pem(self) -> str:
        """The certificate of the room's own authority."""
        return (self.data / "keys" / "ca.pem").read_text()

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.data.with_name(self.data.name + ".log")

    def found(self) -> Credential:
        """Make the room, heard on this machine alone; returns its first administrator."""
        self.data.mkdir(parents=True, mode=0o700)
        (self.data / "kaochang.toml").write_text('[listen]\naddress = "127.0.0.1"\n')
        done = subprocess.run(
            [sys.executable, "-m", "kaochang", "admin", "init", str(self.data)],
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        login, password = _LOGIN.search(done.stdout), _PASSWORD.search(done.stdout)
        if done.returncode or login is None or password is None:
            raise RoomDidNotStart(done.stdout + done.stderr)
        self.administrator = Credential(login[1], password[1])
        return self.administrator

    def start(self) -> None:
        """Start the server and wait until it answers; raises :class:`RoomDidNotStart`."""
        command = [sys.executable, "-m", "kaochang", "serve", str(self.data), "--port", str(self.port)]
        if self.console_port is not None:
            command += ["--demo-console", "--console-port", str(self.console_port)]
        with self.log.open("ab") as log:
            # Ctrl-C in a terminal is for whoever runs the room, who ends the server last.
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        self.wait_until_serving()

    def wait_until_serving(self) -> None:
        """Wait until the server answers."""
        tls = ssl.create_default_context(cadata=self.ca_pem)
        deadline = time.monotonic() + START_S_MAX
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            try:
                if httpx.get(f"{self.address}/api/health", verify=tls, timeout=2, trust_env=False).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise RoomDidNotStart(self.log.read_text(errors="replace")[-4000:])

    def kill(self) -> None:
        """SIGKILL, as a power button does to a process."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, and wait for a clean end."""
        self._end(signal.SIGTERM)

    def office(self) -> Office:
        """Everybody of this room, at desks of their own."""
        assert self.administrator is not None
        return Office(self.address, self.ca_pem, self.administrator)

    def cpu_s(self) -> float:
        """Seconds of CPU the server's process has used, user and system."""
        assert self.process is not None
        return process_cpu_s(self.process.pid)

    def memory_mb(self) -> float:
        """Resident memory of the server's process."""
        assert self.process is not None
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1_048_576

    def _end(self, sign: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sign)
            try:
                self.process.wait(STOP_S_MAX)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def process_cpu_s(pid: int) -> float:
    """User and system seconds of a process, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
