"""`make run` starts two processes and leaves none behind, however it ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# Stands in for the portal's manage.py: notes its arguments, serves or waits like the real commands.
MANAGE = """
import http.server, os, pathlib, sys, time
here = pathlib.Path(__file__).parent
with (here / "calls").open("a") as calls:
    print(os.getpid(), *sys.argv[1:], file=calls)
if sys.argv[1] == (here / "fails").read_text():
    sys.exit(3)
if sys.argv[1] == "runserver":
    port = int(sys.argv[-1].rpartition(":")[2])
    handler = http.server.SimpleHTTPRequestHandler
    http.server.HTTPServer(("127.0.0.1", port), handler).serve_forever()
if sys.argv[1] == "archive_worker":
    time.sleep(60)
"""


def calls(folder: Path) -> list[list[str]]:
    path = folder / "calls"
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_for(condition: object, seconds: float = 20) -> bool:
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the real starter and a portal that only pretends."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "serve.py", tmp_path / ".ci")
    (tmp_path / "manage.py").write_text(MANAGE)
    (tmp_path / "fails").write_text("")
    return tmp_path


@contextlib.contextmanager
def starter(project: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(project / ".ci" / "serve.py")],
        env={**os.environ, "PORT": str(port), "DEMO": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def long_running(project: Path) -> list[int]:
    return [
        int(number)
        for number, command, *_ in calls(project)
        if command in ("runserver", "archive_worker")
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_running(project: Path, port: int, number: signal.Signals) -> None:
    with starter(project, port) as process:
        assert wait_for(lambda: len(long_running(project)) == 2), process.poll()
        children = long_running(project)
        time.sleep(0.3)
        process.send_signal(number)
        process.wait(timeout=20)
        assert wait_for(lambda: not any(is_running(child) for child in children))
        if number != signal.SIGKILL:
            assert process.returncode == 0


def test_the_end_of_one_part_ends_the_other(project: Path, port: int) -> None:
    with starter(project, port) as process:
        assert wait_for(lambda: len(long_running(project)) == 2)
        web, worker = long_running(project)
        os.kill(worker, signal.SIGKILL)
        assert process.wait(timeout=20) == 1
        assert wait_for(lambda: not is_running(web))


def test_a_failing_step_ends_the_start_and_is_named(project: Path, port: int) -> None:
    (project / "fails").write_text("migrate")
    with starter(project, port) as process:
        said, _ = process.communicate(timeout=20)
        assert process.returncode == 1
        assert "migrate" in said
        assert not long_running(project)


def test_a_taken_port_is_said_before_anything_is_done(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with starter(project, number) as process:
            said, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert f"Port {number} is taken" in said
    assert not calls(project)


@pytest.mark.parametrize("text", ["eighty", "0", "70000", "-1"])
def test_an_impossible_port_is_refused_in_words(project: Path, text: str) -> None:
    done = subprocess.run(
        [sys.executable, str(project / ".ci" / "serve.py")],
        env={**os.environ, "PORT": text},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "PORT must be a number" in done.stderr
