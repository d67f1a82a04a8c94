"""Read again what was handed over: everything is there, nothing else, all by digest.

That is a bag, as a zip or a folder, with the layout of a transfer medium or with information
packages by E-ARK CSIP inside; or one such package by itself.
"""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from portal.archives.packages.exports import mets, reading_csip
from portal.archives.packages.exports.containers import Container, NoContainer, opened
from portal.archives.packages.exports.transfer import CATALOGUE

MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
PAYLOAD = "data/"


class NotABag(NoContainer):
    """What was given is no bag and no information package: its manifest or METS is missing."""


@dataclass
class ReadBag:
    """What was found in a bag.

    Attributes:
        digests: SHA-256 of every payload file by its path below `data/`.
        items: SHA-256 by path of the item files that the catalogue or METS names.
        problems: what is wrong, each with the path concerned.
    """

    digests: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def _unescaped(path: str) -> str:
    return path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def _manifest(bag: Container, name: str) -> dict[str, str]:
    if name not in bag.names:
        raise NotABag(f"{name} is missing.")
    lines = b"".join(bag.chunks(name)).decode("utf-8").splitlines()
    pairs = (line.split(None, 1) for line in lines if line.strip())
    return {_unescaped(path.strip().lstrip("*")): digest for digest, path in pairs}


def read_bag(path: Path) -> ReadBag:
    """Read a bag or an information package whole; return its digests and all that is wrong.

    Raises:
        NoContainer: it is neither a folder nor a zip with one folder.
        NotABag: it has no manifest, and no METS document either.
        OSError: it cannot be read.
    """
    found = ReadBag()
    with opened(path) as bag:
        if MANIFEST not in bag.names and mets.NAME in bag.names:
            found.items, found.problems = reading_csip.compare(bag)
            return found
        payload, tags = _manifest(bag, MANIFEST), _manifest(bag, TAG_MANIFEST)
        total = 0
        for name, digest in {**payload, **tags}.items():
            made, size = bag.digest(name)
            if made != digest:
                found.problems.append(name)
            if name in payload and made:
                found.digests[name.removeprefix(PAYLOAD)] = made
                total += size
        known = {*payload, *tags, TAG_MANIFEST}
        found.problems += sorted(bag.names - known)
        if _oxum(bag) != f"{total}.{len(payload)}":
            found.problems.append("bag-info.txt: Payload-Oxum")
        if _holds_packages(payload):
            _compare_packages(bag, payload, found)
        else:
            _compare_catalogue(bag, found)
    return found


def _oxum(bag: Container) -> str:
    """Return size and number of the payload files as the bag says them; empty without."""
    with contextlib.suppress(KeyError, ValueError, OSError, zipfile.BadZipFile):
        text = b"".join(bag.chunks("bag-info.txt")).decode("utf-8")
        return dict(line.split(": ", 1) for line in text.splitlines())["Payload-Oxum"]
    return ""


def _holds_packages(payload: Iterable[str]) -> bool:
    """Whether the manifest names information packages and nothing else."""
    names = [name.removeprefix(PAYLOAD) for name in payload]
    return bool(names) and all(
        name.endswith(reading_csip.ENDING) and "/" not in name for name in names
    )


def _compare_packages(bag: Container, payload: Iterable[str], found: ReadBag) -> None:
    """Compare each information package with its METS document."""
    for name in payload:
        if name not in bag.names:
            continue
        items, problems = reading_csip.compare_inside(bag, name)
        found.items |= items
        found.problems += problems


def _compare_catalogue(bag: Container, found: ReadBag) -> None:
    """Compare what the catalogue says of each item file with what lies there."""
    name = f"{PAYLOAD}{CATALOGUE}"
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
