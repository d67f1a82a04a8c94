"""Bounded load on one address of this machine, by wrk where it is installed."""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import threading
import time
from urllib.parse import urlsplit

CONNECTIONS = 8


class BadAnswer(RuntimeError):
    """The address under load did not answer 200."""


def requests_per_second(address: str, seconds: int = 5) -> float:
    """Return how many requests a second an address serves over eight kept-open connections.

    Args:
        address: an http address of this machine.
        seconds: length of the run.

    Raises:
        BadAnswer: when an answer was not 200 or a connection failed.
    """
    if urlsplit(address).hostname != "127.0.0.1":
        raise ValueError("Load goes to this machine only.")
    if shutil.which("wrk"):
        return _wrk(address, seconds)
    return _threads(address, seconds)


def _wrk(address: str, seconds: int) -> float:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if found is None or "Non-2xx" in said or "Socket errors" in said:
        raise BadAnswer(said)
    return float(found[1])


def _threads(address: str, seconds: int) -> float:
    parts = urlsplit(address)
    end = time.monotonic() + seconds
    counts = [0] * CONNECTIONS
    wrong: list[int] = []

    def visit(number: int) -> None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        while time.monotonic() < end and not wrong:
            connection.request("GET", parts.path)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                wrong.append(answer.status)
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise BadAnswer(f"{address} answered {wrong[0]}")
    return sum(counts) / seconds
