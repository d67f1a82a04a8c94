"""A private PostgreSQL for one run of the tests, gone afterwards.

``python -m tests.infrastructure.postgresql -- COMMAND...`` makes a cluster in a temporary folder,
runs the command with DATABASE_URL pointing at it, stops the cluster and removes it. The server
listens on a unix socket only, under its own system user when the caller is root (PostgreSQL refuses
to run as root), otherwise under the caller. It needs the Debian package ``postgresql``; the server
that the package may have started stays untouched.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from tests.infrastructure.processes import ended_with_parent

SYSTEM_USER = "portaltest"
# A unix socket path may have 107 bytes; the socket's own name takes up to 20 of them.
LONGEST_FOLDER = 80
# Nothing here has to survive a crash, and the machine is small.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": os.environ.get("POSTGRESQL_SHARED_BUFFERS", "256MB"),
    "max_connections": "100",
    "autovacuum_naptime": "10min",
    "max_wal_size": "2GB",
    "timezone": "UTC",
}


class ServerNotStarted(RuntimeError):
    """PostgreSQL is not installed or did not come up; the text says what it said."""


def program(name: str) -> Path:
    """Return the newest installed server program of that name.

    Raises:
        ServerNotStarted: when there is none.
    """
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    if found:
        return found[-1]
    on_path = shutil.which(name)
    if on_path:
        return Path(on_path)
    raise ServerNotStarted(f"{name} not found. Install it: apt-get install -y postgresql")


def server_account() -> pwd.struct_passwd | None:
    """Return the account to run the server under, or None for the caller's own."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
            + ["--user-group", SYSTEM_USER],
            check=True,
        )
        return pwd.getpwnam(SYSTEM_USER)


@contextlib.contextmanager
def private_server() -> Iterator[str]:
    """Run a PostgreSQL server for the duration of the block.

    Yields:
        DATABASE_URL of its database ``postgres``; the role is a superuser without a password.

    Raises:
        ServerNotStarted: with the server's own last words.
    """
    initdb, postgres = program("initdb"), program("postgres")
    account = server_account()
    folder = Path(tempfile.mkdtemp(prefix="portal-postgresql-"))
    if len(str(folder)) > LONGEST_FOLDER:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="portal-postgresql-", dir="/tmp"))
    server: subprocess.Popen[bytes] | None = None
    try:
        identity: dict[str, object] = {}
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
            identity = {
                "user": account.pw_uid,
                "group": account.pw_gid,
                "extra_groups": [],
            }
        data = folder / "data"
        made = subprocess.run(
            [str(initdb), "--pgdata", str(data), "--auth=trust", "--encoding=UTF8"]
            + ["--locale=C.UTF-8", f"--username={SYSTEM_USER}", "--no-sync"],
            cwd=folder,
            capture_output=True,
            text=True,
            **identity,  # type: ignore[call-overload]
        )
        if made.returncode:
            raise ServerNotStarted(f"initdb failed:\n{made.stdout}{made.stderr}")
        # The port only names the socket file; a random one keeps two runs from meeting by mistake.
        port = random.SystemRandom().randint(20000, 60000)
        log_path = folder / "server.log"
        settings = {**SETTINGS, "unix_socket_directories": str(folder), "port": str(port)}
        command = [str(postgres), "-D", str(data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with log_path.open("wb") as log:
            server = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=ended_with_parent(signal.SIGINT),
                **identity,  # type: ignore[call-overload]
            )
        wait_until_ready(server, folder, port, log_path)
        # This is how a DATABASE_URL names the folder of a socket: in front of the database.
        yield f"postgres://{SYSTEM_USER}@:{port}/{folder}/postgres"
    finally:
        if server is not None:
            stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_ready(
    server: subprocess.Popen[bytes], folder: Path, port: int, log_path: Path
) -> None:
    """Return when the server takes connections (at most 30 s).

    Raises:
        ServerNotStarted: when it ended or stayed silent.
    """
    check = [str(program("pg_isready")), "-q", "-h", str(folder), "-p", str(port)]
    for _ in range(300):
        if server.poll() is not None:
            break
        if subprocess.run(check, check=False).returncode == 0:
            return
        time.sleep(0.1)
    said = log_path.read_text(errors="replace")[-2000:]
    raise ServerNotStarted(f"PostgreSQL did not start:\n{said}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Shut the server down: fast (SIGINT), then at once (SIGQUIT), then by force."""
    for number, patience in ((signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if server.poll() is not None:
            return
        server.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=patience)


class Stopped(BaseException):
    """Somebody asked the run to stop, by Ctrl-C or a termination signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def raise_stopped(number: int, frame: FrameType | None) -> None:
    raise Stopped(number)


def main(arguments: list[str]) -> int:
    """Run the command after ``--`` with DATABASE_URL set; return its exit code."""
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    if not arguments:
        print("usage: python -m tests.infrastructure.postgresql -- COMMAND...", file=sys.stderr)
        return 2
    # SIGINT too: a shell starts its background jobs with it ignored.
    signal.signal(signal.SIGINT, raise_stopped)
    signal.signal(signal.SIGTERM, raise_stopped)
    try:
        with private_server() as address:
            command = subprocess.Popen(
                arguments,
                env={**os.environ, "DATABASE_URL": address},
                preexec_fn=ended_with_parent(),
            )
            while True:
                try:
                    return command.wait()
                except Stopped as stopped:
                    # Let the command close its connections and report; then all ends in order.
                    with contextlib.suppress(ProcessLookupError):
                        command.send_signal(stopped.number)
    except ServerNotStarted as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped as stopped:
        return 128 + stopped.number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
