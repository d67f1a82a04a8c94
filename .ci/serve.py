"""Prepare the demo database, then run the web server and the archive worker until Ctrl-C.

Started by ``make run`` with the project's own Python. Only the standard library is used here, so
that a missing package shows up as the portal's own error message.

Environment: PORT (8000) and HOST (127.0.0.1) say where to listen; DATABASE_URL another database
than ``var/portal.sqlite3``; DEMO=0 starts without the demo.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]
# prctl option: the kernel sends this signal to the child when its parent is gone, however it went.
PR_SET_PDEATHSIG = 1
# Seconds: how long a process may take to finish its current work after being asked to stop.
GRACE = 10.0


class Stopped(Exception):
    """Somebody asked the portal to stop (Ctrl-C or a termination signal)."""


def manage(*arguments: str) -> None:
    """Run one management command in the foreground; its failure ends the start."""
    subprocess.run([*MANAGE, *arguments], cwd=ROOT, check=True, stdin=subprocess.DEVNULL)


def die_with_parent() -> None:
    """In the child: never outlive this program, not even when it is killed with -9."""
    with contextlib.suppress(OSError, AttributeError):  # not Linux
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """Start a management command that keeps running, in a process group of its own."""
    return subprocess.Popen(
        [*MANAGE, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask every process group to finish, wait for it, end by force what does not listen."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
        deadline = time.monotonic() + GRACE
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
        if all(process.poll() is not None for process in processes):
            return


def port_is_free(host: str, port: int) -> bool:
    """Say whether the port can be listened on, before anything slow is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # The servers set it too; without it a port that was just left counts as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def wait_until_answering(address: str, processes: list[subprocess.Popen[bytes]]) -> None:
    """Return when the home page answers, or when a process ended first."""
    for _ in range(240):
        if any(process.poll() is not None for process in processes):
            return
        try:
            urllib.request.urlopen(address, timeout=30).close()
        except urllib.error.HTTPError:
            return  # an answer, though not a happy one: the page itself tells why
        except OSError:
            time.sleep(0.25)
        else:
            return


def prepare() -> None:
    """Bring translations, tables and demo to the state of the code."""
    (ROOT / "var").mkdir(exist_ok=True)
    manage("build_translations", "--verbosity", "0")
    print("Bringing the database up to date", flush=True)
    manage("migrate", "--verbosity", "0")
    if os.environ.get("DEMO", "1") != "0":
        print("Loading the demo, about a minute the first time", flush=True)
        manage("load_demo", "--if-absent")


def on_signal(number: int, frame: FrameType | None) -> None:
    raise Stopped


def main() -> int:
    host = os.environ.get("HOST") or "127.0.0.1"
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        print(f"PORT must be a number between 1 and 65535, not {text!r}.", file=sys.stderr)
        return 2
    port = int(text)
    if not port_is_free(host, port):
        print(
            f"Port {port} is taken by another program. Try: make run PORT={port + 1}",
            file=sys.stderr,
        )
        return 1

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGHUP, on_signal)
    processes: list[subprocess.Popen[bytes]] = []
    name = f"[{host}]" if ":" in host else host
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else name
    address = f"http://{shown}:{port}"
    # The address in messages and records, and the one forms may come from.
    os.environ.setdefault("BASE_URL", address)
    try:
        prepare()
        processes.append(start("runserver", "--skip-checks", f"{name}:{port}"))
        processes.append(start("archive_worker"))
        wait_until_answering(address, processes)
        if all(process.poll() is None for process in processes):
            if os.environ.get("DEMO", "1") != "0":
                manage("demo_logins")
            print(f"\n  {address}\n\n  Ctrl-C stops it.\n", flush=True)
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        print("A part of the portal ended by itself; stopping the other.", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"This step failed: {' '.join(error.cmd[1:])}", file=sys.stderr)
        return 1
    except Stopped:
        print("\nStopping.", flush=True)
        return 0
    finally:
        stop(processes)


if __name__ == "__main__":
    sys.exit(main())
