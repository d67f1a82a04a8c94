"""What an upload of 20 MB costs the web server's process, through a real gunicorn."""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.registry import Measurement, benchmark
from tests.infrastructure.demo_site import demo_site

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
AT_ONCE = 4
# Noise is the worst case for every encoder; a phone's photo of 48 million pixels has this size.
PIXELS = (8000, 6000)


def _photo(progressive: bool) -> bytes:
    """Return the largest JPEG below 20 MB of as many pixels as phones take."""
    from PIL import Image

    noise = os.urandom(PIXELS[0] * PIXELS[1] * 3 // 4)
    half = Image.frombytes("RGB", (PIXELS[0] // 2, PIXELS[1] // 2), noise)
    image = half.resize(PIXELS, Image.Resampling.BILINEAR)
    best = b""
    for quality in range(50, 98, 4):
        target = io.BytesIO()
        image.save(target, "JPEG", quality=quality, progressive=progressive)
        if target.tell() > LARGEST:
            break
        best = target.getvalue()
    return best


def _picture(edge: int) -> bytes:
    """Return a square PNG of noise."""
    from PIL import Image

    target = io.BytesIO()
    image = Image.frombytes("RGB", (edge, edge), os.urandom(edge * edge * 3))
    image.save(target, "PNG", compress_level=1)
    return target.getvalue()


def _document() -> bytes:
    import pikepdf

    document = pikepdf.new()
    for _page in range(20):
        page = document.add_blank_page()
        page.obj.Scan = document.make_stream(os.urandom(LARGEST // 20 - 10_000))
    target = io.BytesIO()
    document.save(target, compress_streams=False)
    return target.getvalue()


KINDS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "PDF": ("a.pdf", _document),
    "PNG": ("a.png", lambda: _picture(2600)),
    "JPEG of 48 million pixels": ("a.jpg", lambda: _photo(progressive=False)),
    "progressive JPEG of 48 million pixels": ("a.jpg", lambda: _photo(progressive=True)),
}


def _send(address: str, name: str, body: bytes) -> dict[str, Any]:
    """Post a file as a browser does; return what the view said."""
    border = "border-of-the-benchmark"
    head = (
        f'--{border}\r\nContent-Disposition: form-data; name="papers"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    tail = f"\r\n--{border}--\r\n".encode()
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=120)
    connection.request(
        "POST",
        "/benchmark-upload/",
        head + body + tail,
        {"Content-Type": f"multipart/form-data; boundary={border}"},
    )
    answer = connection.getresponse()
    said: dict[str, Any] = json.loads(answer.read())
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"The upload was refused: {said}")
    return said


class _Process:
    """The memory of a process, in bytes, read from the system."""

    def __init__(self, number: int) -> None:
        self.folder = Path(f"/proc/{number}")

    def _value(self, name: str) -> int:
        status = (self.folder / "status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
        return int(line.split()[1]) * 1024

    def begin(self) -> int:
        """Forget the highest value so far; return the present one."""
        (self.folder / "clear_refs").write_text("5")
        return self._value("VmRSS")

    def highest(self) -> int:
        """Return the most it has held since."""
        return self._value("VmHWM")


def _decoder_memory(name: str, body: bytes) -> int:
    """Return the most that the process held which decodes a file, in bytes."""
    from portal.files import kinds
    from portal.files.checking import decoder_command

    highest = 0
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.write(body)
        source.seek(0)
        command = decoder_command(kinds.EXTENSIONS[name.rpartition(".")[2]])
        program = subprocess.Popen(command, stdin=source, stdout=target, stderr=subprocess.DEVNULL)
        process = _Process(program.pid)
        while program.poll() is None:
            # Before it has begun, it is a copy of this process.
            with contextlib.suppress(OSError, StopIteration):
                if b"decoding_process" in (process.folder / "cmdline").read_bytes():
                    highest = max(highest, process.highest())
            time.sleep(0.002)
    return highest


@benchmark("uploads")
def uploads() -> Iterator[Measurement]:
    """Memory of the web server's process beyond what it holds at rest, and of the decoder."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.infrastructure.demo_settings"
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="portal-benchmark-")
    import django

    django.setup()

    settings = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.upload_settings"}
    with demo_site(demo=False, worker=False, threads=AT_ONCE, environment=settings) as site:
        for _round in range(AT_ONCE * 2):
            process = _Process(_send(site.address, "a.png", _picture(60))["process"])
        for label, (name, make) in KINDS.items():
            body = make()
            rest = process.begin()
            started = time.perf_counter()
            _send(site.address, name, body)
            seconds = time.perf_counter() - started
            extra = (process.highest() - rest) / MEGABYTE
            size = len(body) / MEGABYTE
            yield Measurement(f"{label}, {size:.1f} MB, extra", extra, "MB", at_most=100)
            yield Measurement(f"{label}, {size:.1f} MB, until stored", seconds, "s")
            decoder = _decoder_memory(name, body) / MEGABYTE
            yield Measurement(f"{label}, {size:.1f} MB, decoder by itself", decoder, "MB")
        # The last and heaviest kind, several at once.
        rest = process.begin()
        threads = [
            threading.Thread(target=_send, args=(site.address, name, body))
            for _number in range(AT_ONCE)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        extra = (process.highest() - rest) / MEGABYTE
        yield Measurement(f"{AT_ONCE} at once, extra", extra, "MB", at_most=100)
