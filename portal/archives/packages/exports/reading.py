"""Read a bag again, as a zip or a folder: everything is there, nothing else, all by digest."""

from __future__ import annotations

import contextlib
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lxml import etree

from portal.archives.packages.exports.transfer import CATALOGUE
from portal.archives.store import CHUNK_BYTES

MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"


class NotABag(ValueError):
    """What was given is no bag: no zip, no folder, or without manifest."""


@dataclass
class ReadBag:
    """What was found in a bag.

    Attributes:
        digests: SHA-256 of every payload file by its path below `data/`.
        items: SHA-256 by path of the item files that the catalogue names.
        problems: what is wrong, each with the path concerned.
    """

    digests: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Bag:
    names: list[str]
    open: Callable[[str], IO[bytes]]

    def chunks(self, name: str) -> Iterator[bytes]:
        with self.open(name) as file:
            yield from iter(lambda: file.read(CHUNK_BYTES), b"")

    def digest(self, name: str) -> tuple[str, int]:
        made, size = hashlib.sha256(), 0
        for chunk in self.chunks(name):
            made.update(chunk)
            size += len(chunk)
        return made.hexdigest(), size


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[_Bag]:
    if path.is_dir():
        names = [found.relative_to(path).as_posix() for found in path.rglob("*") if found.is_file()]
        yield _Bag(names, lambda name: (path / name).open("rb"))
        return
    try:
        with zipfile.ZipFile(path) as opened:
            names = [name for name in opened.namelist() if not name.endswith("/")]
            roots = {name.partition("/")[0] for name in names}
            if len(roots) != 1:
                raise NotABag(f"{path.name}: {len(roots)} folders at the top, not one.")
            root = roots.pop()
            inside = [name.removeprefix(f"{root}/") for name in names]
            yield _Bag(inside, lambda name: opened.open(f"{root}/{name}"))
    except zipfile.BadZipFile as error:
        raise NotABag(f"{path.name}: {error}") from error


def _unescaped(path: str) -> str:
    return path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def _manifest(bag: _Bag, name: str) -> dict[str, str]:
    if name not in bag.names:
        raise NotABag(f"{name} is missing.")
    lines = b"".join(bag.chunks(name)).decode("utf-8").splitlines()
    pairs = (line.split(None, 1) for line in lines if line.strip())
    return {_unescaped(path.strip().lstrip("*")): digest for digest, path in pairs}


def read_bag(path: Path) -> ReadBag:
    """Read a bag whole and return its digests and everything that is wrong with it.

    Raises:
        NotABag: it is none.
        OSError: it cannot be read.
    """
    found = ReadBag()
    with _opened(path) as bag:
        payload, tags = _manifest(bag, MANIFEST), _manifest(bag, TAG_MANIFEST)
        present, total = set(bag.names), 0
        for name, digest in {**payload, **tags}.items():
            made, size = _digest_of(bag, name, present)
            if made != digest:
                found.problems.append(name)
            if name in payload and made:
                found.digests[name.removeprefix("data/")] = made
                total += size
        known = {*payload, *tags, TAG_MANIFEST}
        found.problems += sorted(present - known)
        if _oxum(bag) != f"{total}.{len(payload)}":
            found.problems.append("bag-info.txt: Payload-Oxum")
        _compare_catalogue(bag, found)
    return found


def _digest_of(bag: _Bag, name: str, present: set[str]) -> tuple[str, int]:
    if name not in present:
        return "", 0
    try:
        return bag.digest(name)
    except (OSError, zipfile.BadZipFile, zlib.error):
        return "", 0


def _oxum(bag: _Bag) -> str:
    """Return size and number of the payload files as the bag says them; empty without."""
    with contextlib.suppress(KeyError, ValueError, OSError, zipfile.BadZipFile):
        text = b"".join(bag.chunks("bag-info.txt")).decode("utf-8")
        return dict(line.split(": ", 1) for line in text.splitlines())["Payload-Oxum"]
    return ""


def _compare_catalogue(bag: _Bag, found: ReadBag) -> None:
    """Compare what the catalogue says of each item file with what lies there."""
    name = f"data/{CATALOGUE}"
    if name not in bag.names:
        found.problems.append(name)
        return
    try:
        with bag.open(name) as file:
            for _event, element in etree.iterparse(
                file, tag="文件", resolve_entities=False, no_network=True
            ):
                for one in element.iterfind("电子档案名称"):
                    found.items[one.text or ""] = one.get("SHA-256", "")
                element.clear()
    except (etree.XMLSyntaxError, zipfile.BadZipFile) as error:
        found.problems.append(f"{name}: {error}")
        return
    for path, digest in found.items.items():
        if found.digests.get(path) != digest:
            found.problems.append(f"{name}: {path}")
