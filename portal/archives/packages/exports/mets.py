"""The METS document of an information package by E-ARK CSIP 2.1.0.

Source: the Common Specification for Information Packages (https://earkcsip.dilcis.eu/); the
numbers in comments are those of its requirements.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import django
from django.utils import timezone
from lxml import etree

from portal.archives.inspection.documents import SYSTEM_DESCRIPTION
from portal.archives.inspection.metadata import text_allowed

METS = "http://www.loc.gov/METS/"
CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAME = "METS.xml"
PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
SCHEMAS = (
    *(METS, "https://www.loc.gov/standards/mets/mets.xsd"),
    *(CSIP, "https://earkcsip.dilcis.eu/schema/DILCISExtensionMETS.xsd"),
)
WRITER_VERSION = f"1 (Django {django.__version__}, lxml {etree.__version__})"


@dataclass(frozen=True)
class Part:
    """One file of an information package.

    Attributes:
        path: below the folder of the package, in ASCII, so that it is its own address.
        name: what it is called in the archive; empty where the path says it.
    """

    path: str
    media_type: str
    size: int
    sha256: str
    created: datetime.datetime
    name: str = ""


@dataclass(frozen=True)
class Metadata:
    """One file of metadata, with its type in the words of METS."""

    part: Part
    kind: str
    other_kind: str = ""


@dataclass(frozen=True)
class Group:
    """Files of one use.

    Attributes:
        use: Documentation, Schemas, or Representations with the name of one.
        content: what kind of content that is, since no vocabulary of E-ARK names ours.
    """

    use: str
    content: str
    parts: list[Part]


@dataclass(frozen=True)
class Described:
    """All that the METS document of a package says.

    Attributes:
        identifier: name of the folder of the package.
        record: the identifier that never changes (电子文件号).
        archivist: the unit whose archive it is.
    """

    identifier: str
    record: str
    title: str
    archivist: str
    created: datetime.datetime
    descriptive: Metadata
    preservation: Metadata
    groups: list[Group]


def _mets(parent: Any, name: str, text: str | None = None, **attributes: Any) -> Any:
    element = etree.SubElement(parent, f"{{{METS}}}{name}")
    for key, value in attributes.items():
        element.set(key, text_allowed(value))
    element.text = None if text is None else text_allowed(text)
    return element


def _moment(moment: datetime.datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _proof(part: Part) -> dict[str, Any]:
    """Return what METS says of any file: CSIP26 to 30, CSIP68 to 72."""
    return {
        "MIMETYPE": part.media_type,
        "SIZE": part.size,
        "CREATED": _moment(part.created),
        "CHECKSUM": part.sha256,
        "CHECKSUMTYPE": "SHA-256",
    }


def _locate(element: Any, part: Part) -> None:
    """Say where a file lies: CSIP22 to 24, CSIP77 to 79."""
    element.set("LOCTYPE", "URL")
    element.set(f"{{{XLINK}}}type", "simple")
    element.set(f"{{{XLINK}}}href", part.path)
    if part.name:
        element.set(f"{{{XLINK}}}title", text_allowed(part.name))


def write(described: Described) -> bytes:
    """Return the METS document of a package."""
    root = etree.Element(
        f"{{{METS}}}mets", nsmap={None: METS, "csip": CSIP, "xlink": XLINK, "xsi": XSI}
    )
    root.set("OBJID", text_allowed(described.identifier))
    root.set("LABEL", text_allowed(described.title))
    root.set("TYPE", "Mixed")
    root.set("PROFILE", PROFILE)
    root.set(f"{{{CSIP}}}CONTENTINFORMATIONTYPE", "MIXED")
    root.set(f"{{{XSI}}}schemaLocation", " ".join(SCHEMAS))
    _header(root, described)
    section = _mets(root, "dmdSec", ID="dmd-1", CREATED=_moment(described.descriptive.part.created))
    _refer(section, described.descriptive)
    provenance = _mets(_mets(root, "amdSec"), "digiprovMD", ID="digiprov-1")
    _refer(provenance, described.preservation)
    _files(root, described.groups)
    _map(root, described)
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _header(root: Any, described: Described) -> None:
    moment = _moment(described.created)
    header = _mets(root, "metsHdr", CREATEDATE=moment, LASTMODDATE=moment)
    header.set(f"{{{CSIP}}}OAISPACKAGETYPE", "AIP")
    # CSIP10 to 16: which program made it.
    program = _mets(header, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
    _mets(program, "name", SYSTEM_DESCRIPTION)
    _mets(program, "note", WRITER_VERSION).set(f"{{{CSIP}}}NOTETYPE", "SOFTWARE VERSION")
    archivist = _mets(header, "agent", ROLE="ARCHIVIST", TYPE="ORGANIZATION")
    _mets(archivist, "name", described.archivist)
    _mets(header, "altRecordID", described.record, TYPE="UUID")


def _refer(section: Any, metadata: Metadata) -> None:
    section.set("STATUS", "CURRENT")
    reference = _mets(section, "mdRef", MDTYPE=metadata.kind)
    if metadata.other_kind:
        reference.set("OTHERMDTYPE", metadata.other_kind)
    _locate(reference, metadata.part)
    for name, value in _proof(metadata.part).items():
        reference.set(name, str(value))


def _files(root: Any, groups: Iterable[Group]) -> None:
    section = _mets(root, "fileSec", ID="files")
    number = 0
    for place, group in enumerate(groups, 1):
        made = _mets(section, "fileGrp", ID=f"group-{place}", USE=group.use)
        made.set(f"{{{CSIP}}}CONTENTINFORMATIONTYPE", "OTHER")
        made.set(f"{{{CSIP}}}OTHERCONTENTINFORMATIONTYPE", group.content)
        for part in group.parts:
            number += 1
            file = _mets(made, "file", ID=f"file-{number}", **_proof(part))
            _locate(_mets(file, "FLocat"), part)


def _map(root: Any, described: Described) -> None:
    """Write the structural map: CSIP80 to 119."""
    structure = _mets(root, "structMap", ID="structure", TYPE="PHYSICAL", LABEL="CSIP")
    whole = _mets(structure, "div", ID="package", LABEL=described.identifier)
    _mets(whole, "div", ID="metadata", LABEL="Metadata", DMDID="dmd-1", ADMID="digiprov-1")
    places: dict[str, Any] = {}
    for place, group in enumerate(described.groups, 1):
        label = group.use.partition("/")[0]
        if label not in places:
            places[label] = _mets(whole, "div", ID=label.lower(), LABEL=label)
        _mets(places[label], "fptr", FILEID=f"group-{place}")
