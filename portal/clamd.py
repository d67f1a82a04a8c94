"""Talk to clamd, the virus scanner, at unix:/run/clamd.ctl or host:port."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterable, Iterator

SECONDS = 60
CHUNK_BYTES = 128 * 1024


class ScannerFailed(RuntimeError):
    """The scanner does not answer, or does not say whether the bytes are clean."""


@contextlib.contextmanager
def _connection(address: str) -> Iterator[socket.socket]:
    with contextlib.ExitStack() as stack:
        opened = _opened(address, stack)
        try:
            yield opened
        except OSError as error:
            raise ScannerFailed(f"{type(error).__name__}: {error}") from error


def _opened(address: str, stack: contextlib.ExitStack) -> socket.socket:
    """Return a socket to the scanner, closed by the stack."""
    try:
        if address.startswith("unix:"):
            opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            stack.callback(opened.close)
            opened.settimeout(SECONDS)
            opened.connect(address.removeprefix("unix:"))
        else:
            host, _colon, port = address.rpartition(":")
            opened = socket.create_connection((host, int(port)), timeout=SECONDS)
            stack.callback(opened.close)
    except (OSError, ValueError) as error:
        raise ScannerFailed(f"{type(error).__name__}: {error}") from error
    return opened


def _answer(opened: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0"):
        piece = opened.recv(4096)
        if not piece:
            break
        received += piece
    return received.rstrip(b"\0\n").decode(errors="replace")


def version(address: str) -> str:
    """Return program and signatures of the scanner.

    Raises:
        ScannerFailed: it does not answer.
    """
    with _connection(address) as opened:
        opened.sendall(b"zVERSION\0")
        answer = _answer(opened)
    if not answer:
        raise ScannerFailed("no answer")
    return answer


def virus_in(chunks: Iterable[bytes], address: str) -> str | None:
    """Return the name of the virus in some bytes; None when the scanner says they are clean.

    Raises:
        ScannerFailed: the scanner did not scan them.
    """
    with _connection(address) as opened:
        opened.sendall(b"zINSTREAM\0")
        for chunk in chunks:
            for start in range(0, len(chunk), CHUNK_BYTES):
                piece = chunk[start : start + CHUNK_BYTES]
                opened.sendall(struct.pack("!I", len(piece)) + piece)
        opened.sendall(struct.pack("!I", 0))
        answer = _answer(opened)
    if answer.endswith("OK"):
        return None
    if answer.endswith("FOUND"):
        return answer.removeprefix("stream:").removesuffix("FOUND").strip()
    raise ScannerFailed(answer or "no answer")
