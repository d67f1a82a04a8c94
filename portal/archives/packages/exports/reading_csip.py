"""Read an information package by E-ARK CSIP again: METS is there, and each file is what it says."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lxml import etree

from portal.archives.packages.exports.containers import (
    UNREADABLE,
    Container,
    NoContainer,
    opened_zip,
)
from portal.archives.packages.exports.csip import DATA, LARGEST_IN_MEMORY
from portal.archives.packages.exports.mets import METS, NAME, XLINK

ENDING = ".zip"


@dataclass(frozen=True)
class Named:
    """One file as METS names it."""

    path: str
    size: str
    sha256: str


def _named(root: Any) -> Iterator[Named]:
    """Yield every file that METS names: of metadata, and of content."""
    for element in root.iter(f"{{{METS}}}mdRef", f"{{{METS}}}file"):
        place = element
        if element.tag == f"{{{METS}}}file":
            place = element.find(f"{{{METS}}}FLocat")
        address = "" if place is None else place.get(f"{{{XLINK}}}href", "")
        digest = element.get("CHECKSUM", "") if element.get("CHECKSUMTYPE") == "SHA-256" else ""
        yield Named(unquote(address), element.get("SIZE", ""), digest.lower())


def compare(package: Container) -> tuple[dict[str, str], list[str]]:
    """Compare a package with its METS document.

    Returns:
        SHA-256 of the files of its representation by their paths, and everything that is wrong,
        each with the path concerned. Paths begin with the name of the package.
    """
    folder = package.folder
    try:
        if NAME not in package.names:
            return {}, [f"{folder}/{NAME}"]
        with package.open(NAME) as file:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            root = etree.parse(file, parser).getroot()
    except (etree.XMLSyntaxError, *UNREADABLE) as error:
        return {}, [f"{folder}/{NAME}: {error}"]
    items: dict[str, str] = {}
    problems: list[str] = []
    if root.tag != f"{{{METS}}}mets" or root.get("OBJID") != folder:
        problems.append(f"{folder}/{NAME}: OBJID")
    known = {NAME}
    for named in _named(root):
        known.add(named.path)
        digest, size = package.digest(named.path)
        if digest != named.sha256 or str(size) != named.size or not digest:
            problems.append(f"{folder}/{named.path}")
        if digest and named.path.startswith(f"{DATA}/"):
            items[f"{folder}/{named.path}"] = digest
    if not items:
        problems.append(f"{folder}/{DATA}")
    problems += [f"{folder}/{name}" for name in sorted(package.names - known)]
    return items, problems


def compare_inside(bag: Container, name: str) -> tuple[dict[str, str], list[str]]:
    """Compare a package that lies as a zip in a bag; its name is that of its folder.

    Args:
        name: path of the zip in the bag.
    """
    with tempfile.SpooledTemporaryFile(LARGEST_IN_MEMORY) as copy:
        try:
            for chunk in bag.chunks(name):
                copy.write(chunk)
            copy.seek(0)
            with opened_zip(copy, name) as package:
                items, problems = compare(package)
                if package.folder != name.rpartition("/")[2].removesuffix(ENDING):
                    problems.append(f"{name}: {package.folder}")
        except (NoContainer, *UNREADABLE) as error:
            return {}, [f"{name}: {error}"]
    return items, problems
