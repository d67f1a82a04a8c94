"""What `make` says and does about missing Debian packages."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of pretended programs: nothing installed, an ordinary user, no sudo."""
    programs = {
        "dpkg-query": "exit 1",
        "id": "echo 1000",
        "sudo": "exit 1",
        "apt-get": f'echo "$@" >> {tmp_path}/asked',
    }
    for name, body in programs.items():
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
    return tmp_path


def ask(machine: Path, purpose: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ROOT / ".ci" / "system-packages"), purpose],
        env={"PATH": f"{machine}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("purpose", "code"), [("run", 0), ("test", 1), ("bench", 1)])
def test_who_may_not_install_is_told_the_one_line(machine: Path, purpose: str, code: int) -> None:
    done = ask(machine, purpose)
    assert done.returncode == code
    lines = [line for line in done.stderr.splitlines() if "apt-get install" in line]
    assert len(lines) == 1
    assert "fonts-noto-cjk" in lines[0]
    assert ("postgresql" in lines[0]) == (purpose != "run")
    assert not (machine / "asked").exists()


def test_the_administrator_gets_them_installed(machine: Path) -> None:
    (machine / "id").write_text("#!/bin/sh\necho 0\n")
    assert ask(machine, "run").returncode == 0
    asked = (machine / "asked").read_text()
    assert "install" in asked
    assert "libpango-1.0-0" in asked


def test_what_is_there_is_not_asked_for(machine: Path) -> None:
    (machine / "dpkg-query").write_text("#!/bin/sh\nprintf installed\n")
    done = ask(machine, "test")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
