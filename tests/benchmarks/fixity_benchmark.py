"""How fast stored files are read and compared, against `sha256sum` on the same files."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.registry import Measurement, benchmark

ROUNDS = 3
LARGE_FILES, LARGE_BYTES = 24, 8 * 1024 * 1024
SMALL_FILES, SMALL_BYTES = 2_000, 40 * 1024


def _stored(count: int, size: int) -> list[Any]:
    """Store files of random bytes of one open record; return their unsaved rows."""
    import uuid

    from portal.archives import store
    from portal.archives.models import RecordFile

    record_id = uuid.uuid4()
    rows = []
    for number in range(count):
        kept = store.put([os.urandom(size)])
        rows.append(
            RecordFile(
                record_id=record_id,
                role="document",
                name=f"{number}.bin",
                size=kept.size,
                sha256=kept.sha256,
                sm3=kept.sm3,
            )
        )
    return rows


def _best(action: Callable[[], object]) -> float:
    """Return the seconds of the quickest of some rounds; files are in memory then."""
    seconds = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def _compare(name: str, rows: list[Any]) -> Iterator[Measurement]:
    from portal.archives import file_access
    from portal.archives.fixity.reading import damage_of
    from portal.archives.verification import file_faults

    paths = [str(file_access.path_of(row)) for row in rows]
    megabytes = sum(row.size for row in rows) / 1e6

    def system() -> None:
        subprocess.run(["sha256sum", *paths], stdout=subprocess.DEVNULL, check=True)

    def reading() -> None:
        assert all(damage_of(row) is None for row in rows)

    def both_digests() -> None:
        assert not any(list(file_faults(row)) for row in rows)

    system()
    reference, own, both = _best(system), _best(reading), _best(both_digests)
    yield Measurement(f"sha256sum, {name}", megabytes / reference, "MB/s")
    yield Measurement(f"fixity reading, {name}", megabytes / own, "MB/s")
    yield Measurement(f"fixity against sha256sum, {name}", reference / own, "times", at_least=0.8)
    # archive_verify compares SM3 as well, which costs more than SHA-256 itself.
    yield Measurement(f"archive_verify with SM3, {name}", megabytes / both, "MB/s")


@benchmark("fixity")
def fixity() -> Iterator[Measurement]:
    """Large and small files, the quickest of three rounds each, files in the page cache."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.infrastructure.demo_settings"
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="portal-benchmark-")

    import django

    django.setup()

    from django.conf import settings

    assert Path(settings.ARCHIVE_ROOT).is_relative_to(os.environ["DATA_DIR"])
    yield from _compare("8 MB files", _stored(LARGE_FILES, LARGE_BYTES))
    yield from _compare("40 kB files", _stored(SMALL_FILES, SMALL_BYTES))
