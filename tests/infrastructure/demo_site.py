"""A whole portal in processes of its own: demo data, web server, archive worker.

Browser tests, screenshots and benchmarks look at it from outside, as a person does, so they see
commits, locks and the worker's renders as they really are.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.infrastructure import prepared_demo
from tests.infrastructure.processes import ended_with_parent

# Seconds to wait for the first answer; loading the application takes a few on a small machine.
START_PATIENCE = 90.0


class SiteNotStarted(RuntimeError):
    """A step of the start failed; the text is what it printed."""


@dataclass(frozen=True)
class DemoSite:
    """A running portal: where it listens, where its data lies, how to run its commands."""

    address: str
    folder: Path
    environment: Mapping[str, str] = field(repr=False)

    def manage(self, *arguments: str, timeout: float = 600) -> str:
        """Run a management command against the site's database; return what it printed.

        Raises:
            DemoNotLoaded: when the command fails.
        """
        return prepared_demo.manage(self.environment, *arguments, timeout=timeout)

    def log(self) -> str:
        """Return the last lines that web server and worker wrote."""
        parts = []
        for path in sorted(self.folder.glob("*.log")):
            parts.append(f"--- {path.name}\n{path.read_text(errors='replace')[-3000:]}")
        return "\n".join(parts)


def _start(
    site: DemoSite, name: str, command: list[str], descriptors: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    with (site.folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=prepared_demo.ROOT,
            env=dict(site.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=descriptors,
            start_new_session=True,
            preexec_fn=ended_with_parent(),
        )


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
            return


def _wait_until_answering(site: DemoSite, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"{site.address}/", timeout=30).close()
        except urllib.error.HTTPError:
            return  # it answers; whether rightly is for the tests to say
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SiteNotStarted(f"The web server did not answer.\n{site.log()}")


@contextlib.contextmanager
def demo_site(
    *,
    demo: bool = True,
    worker: bool = True,
    processes: int = 1,
    threads: int = 8,
    environment: Mapping[str, str] | None = None,
) -> Iterator[DemoSite]:
    """Run a portal with its own database for the duration of the block.

    Args:
        demo: load the demo world; otherwise only what the migrations write.
        worker: run the archive worker beside the web server.
        processes, threads: size of the web server. One process by default, because the cache lives
            in the process.
        environment: more variables, such as a PostgreSQL DATABASE_URL or other settings.

    Raises:
        SiteNotStarted, DemoNotLoaded: with the output of the step that failed.
    """
    folder = Path(tempfile.mkdtemp(prefix="portal-demo-"))
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    port = listener.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    site = DemoSite(
        address=address,
        folder=folder,
        environment=prepared_demo.environment(folder, BASE_URL=address, **(environment or {})),
    )
    running: list[subprocess.Popen[bytes]] = []
    try:
        if demo and "DATABASE_URL" not in (environment or {}):
            prepared_demo.copy_into(folder)
        else:
            prepared_demo.migrate(folder, site.environment)
            if demo:
                site.manage("load_demo", timeout=prepared_demo.LOADING_SECONDS)
        command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application"]
        command += ["--bind", f"fd://{listener.fileno()}", "--timeout", "120"]
        command += ["--no-control-socket"]
        command += ["--workers", str(processes), "--threads", str(threads)]
        running.append(_start(site, "web", command, (listener.fileno(),)))
        listener.close()
        if worker:
            manage = [sys.executable, str(prepared_demo.ROOT / "manage.py"), "archive_worker"]
            running.append(_start(site, "worker", manage))
        _wait_until_answering(site, running[0])
        yield site
    finally:
        listener.close()
        for process in reversed(running):
            _stop(process)
        shutil.rmtree(folder, ignore_errors=True)
