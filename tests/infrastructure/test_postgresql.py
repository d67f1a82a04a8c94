"""The private PostgreSQL is gone with the run that asked for it, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.postgresql


def servers_of(folder: Path) -> list[str]:
    """Return the command lines of server processes that work inside a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if line.split(" ")[0].endswith("/postgres") and str(folder) in line:
            found.append(line)
    return found


def wait_until_gone(folder: Path) -> bool:
    end = time.monotonic() + 20
    while servers_of(folder) and time.monotonic() < end:
        time.sleep(0.05)
    return not servers_of(folder)


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for temporary files that the server's own user may enter, with a short path."""
    folder = Path(f"/tmp/portal-run-{os.getpid()}-{time.monotonic_ns() % 10**6}")
    folder.mkdir(mode=0o755)
    yield folder
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def run(temporary: Path, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.infrastructure.postgresql", "--", *command],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize("code", [0, 3])
def test_the_command_gets_the_address_and_its_exit_code_counts(temporary: Path, code: int) -> None:
    process = run(temporary, "sh", "-c", f"echo $DATABASE_URL; exit {code}")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == code
    assert said.startswith("postgres://")
    assert not servers_of(temporary)
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_server_outlives_the_run(temporary: Path, number: signal.Signals) -> None:
    process = run(temporary, "sh", "-c", "echo started; exec sleep 60")
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "started"
    assert servers_of(temporary)
    os.kill(process.pid, number)
    process.wait(timeout=30)
    assert wait_until_gone(temporary)
    if number != signal.SIGKILL:
        assert not list(temporary.iterdir())
