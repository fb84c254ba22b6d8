"""A real server as a group of processes that can be told to end, or be killed, at any moment."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
SCRIPT = "from api.cli.main import run; run()"
_SERVE = (sys.executable, "-c", SCRIPT, "serve", "--port", "0")
PATIENCE = 60
"""Seconds after which something that hangs fails a test instead of hanging it."""
UNLIMITED = {"HONGNIANG_RATE": "0", "HONGNIANG_RATE_SUBMISSION": "0"}


@dataclass(frozen=True)
class Reply:
    """An answer, as far as tests look at it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Connection:
    """One kept connection, which may end at any moment with an OSError or HTTPException."""

    def __init__(self, port: int, key: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """``headers``: names with _ for -."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent["Content-Type"] = "application/json"
        raw = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, raw, self._headers | sent)
        answer = self._connection.getresponse()
        return Reply(answer.status, dict(answer.getheaders()), answer.read())

    def is_held_by(self, process: int) -> bool:
        """Whether this process has the other end."""
        assert self.ask("GET", "/healthz").status == 200
        mine = self._connection.sock.getsockname()[1]
        sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        ends = {f"socket:[{s[9]}]" for s in sockets if s[2].endswith(f":{mine:04X}")}
        held = Path(f"/proc/{process}/fd").glob("*")
        return any(_target(handle) in ends for handle in held)

    def close(self) -> None:
        self._connection.close()


class Running:
    """``hongniang serve`` on a free port, in a process group of its own; killed when left."""

    def __init__(
        self, environment: Mapping[str, str], workers: int = 1, *options: str, wait: bool = True
    ) -> None:
        kept = {n: v for n, v in os.environ.items() if not n.startswith("HONGNIANG_")}
        self.process = subprocess.Popen(
            [*_SERVE, "--workers", str(workers), *options],
            cwd=ROOT,
            env=kept | {"PYTHONIOENCODING": "utf-8"} | UNLIMITED | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self._workers = workers
        self.errors: list[str] = []
        self._reading = threading.Thread(target=self._read_errors, daemon=True)
        self._reading.start()
        self.port = self._port() if wait else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def connect(self, key: str = "") -> Connection:
        return Connection(self.port, key)

    def connect_to(self, worker: int, key: str = "") -> Connection:
        """A connection to one of several processes: who answers is left to chance, so try on."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            connection = self.connect(key)
            if connection.is_held_by(worker):
                return connection
            connection.close()
            time.sleep(0.01)
        raise AssertionError("the process never answered")

    def kill(self) -> None:
        """Kill −9 of every process."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        self._reading.join(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ask the first process to end, as a service manager does, and wait; its exit code."""
        self.process.send_signal(by)
        return self.process.wait(PATIENCE)

    def workers(self) -> list[int]:
        """The processes that serve, if there are several; waits until all of them are there."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            serving = self.children()
            if len(serving) == self._workers:
                return serving
            time.sleep(0.02)
        raise AssertionError("not all processes are there")

    def children(self) -> list[int]:
        """The processes that the first one has started to do something."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [child for child in map(int, found.split()) if b"spawn_main" in _command(child)]

    def _port(self) -> int:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                return int(found[1])
        self.kill()
        raise AssertionError(f"the server ended before it was ready: {''.join(self.errors)}")

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr:
            self.errors.extend(self.process.stderr)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # closed meanwhile
        return ""


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""
