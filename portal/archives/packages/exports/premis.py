"""The preservation metadata of an information package: PREMIS 3.0 from the ledger of the archive.

The events are those of the ledger, each with the number of its row, so that both can be compared.
Their types are those of the vocabulary of PREMIS events
(https://id.loc.gov/vocabulary/preservation/eventType.html); what it has no word for keeps the
word of the ledger.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from portal.archives.inspection.documents import SYSTEM_DESCRIPTION
from portal.archives.inspection.metadata import text_allowed
from portal.archives.models import RecordFile
from portal.archives.packages.eep import EVENTS, EntryProof
from portal.archives.packages.exports.items import SealedItem

PREMIS = "http://www.loc.gov/premis/v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = "https://www.loc.gov/standards/premis/premis.xsd"
TYPES: dict[str, str] = {
    "capture": "capture",
    "late-capture": "capture",
    "rendition": "creation",
    "conversion": "migration",
    "package": "metadata modification",
    "intake": "ingestion",
    "bring-in": "ingestion",
    "correct": "metadata modification",
    "accept": "accession",
    "void-code": "deaccession",
    "inspect": "validation",
    "access-level": "policy assignment",
    "keep-longer": "policy assignment",
    "fixity-damage": "fixity check",
    "repair": "recovery",
    "paper": "metadata modification",
    "seal": "digital signature generation",
}
OUTCOMES = {"fixity-damage": "fail", "repair": "success"}
LEDGER, RECORD, AGENT = "ledger", "UUID", "local"
#: A moment that nobody knows any more, as PREMIS writes it (EDTF).
UNKNOWN = "unknown"
SYSTEM = "agent-0"


def _add(parent: Any, name: str, text: Any = None) -> Any:
    element = etree.SubElement(parent, f"{{{PREMIS}}}{name}")
    element.text = None if text is None else text_allowed(text)
    return element


def _identify(parent: Any, name: str, kind: str, value: Any) -> Any:
    """Add an identifier; each of PREMIS has a type and a value of its name."""
    made = _add(parent, name)
    _add(made, f"{name}Type", kind)
    _add(made, f"{name}Value", value)
    return made


def write(item: SealedItem, paths: dict[str, str], entries: list[EntryProof]) -> bytes:
    """Return the document of a record.

    Args:
        item: what is handed over.
        paths: where each of its files lies in the package, by SHA-256.
        entries: the rows of the ledger about the record.
    """
    root = etree.Element(f"{{{PREMIS}}}premis", nsmap={"premis": PREMIS, "xsi": XSI})
    root.set("version", "3.0")
    root.set(f"{{{XSI}}}schemaLocation", f"{PREMIS} {SCHEMA}")
    record = item.record
    entity = _object(root, "intellectualEntity", RECORD, record.pk)
    if record.archive_code:
        _identify(entity, "objectIdentifier", "archive code", record.archive_code)
    _add(entity, "originalName", record.title)
    for file in (item.package.file, *item.outside):
        _file(root, file, paths[file.sha256], str(record.pk))
    people = _people(entries)
    for entry in entries:
        _event(root, entry, people.get(entry.person, SYSTEM))
    _agent(root, SYSTEM, SYSTEM_DESCRIPTION, "software")
    for name, identifier in people.items():
        _agent(root, identifier, name, "person")
    _rights(root, item)
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _object(root: Any, category: str, kind: str, value: Any) -> Any:
    made = _add(root, "object")
    made.set(f"{{{XSI}}}type", f"premis:{category}")
    _identify(made, "objectIdentifier", kind, value)
    return made


def _file(root: Any, file: RecordFile, path: str, record: str) -> None:
    made = _object(root, "file", "path", path)
    said = _add(made, "objectCharacteristics")
    for algorithm, digest in (("SHA-256", file.sha256), ("SM3", file.sm3)):
        if digest:
            fixity = _add(said, "fixity")
            _add(fixity, "messageDigestAlgorithm", algorithm)
            _add(fixity, "messageDigest", digest)
    _add(said, "size", file.size)
    designation = _add(_add(said, "format"), "formatDesignation")
    _add(designation, "formatName", file.format_name or file.media_type)
    _add(made, "originalName", file.name)
    relation = _add(made, "relationship")
    _add(relation, "relationshipType", "structural")
    _add(relation, "relationshipSubType", "represents")
    _identify(relation, "relatedObjectIdentifier", RECORD, record)


def _people(entries: list[EntryProof]) -> dict[str, str]:
    """Return everybody who acted, each once, with an identifier within this document."""
    names = dict.fromkeys(entry.person for entry in entries if entry.person)
    return {name: f"agent-{number}" for number, name in enumerate(names, 1)}


def _event(root: Any, entry: EntryProof, agent: str) -> None:
    made = _add(root, "event")
    _identify(made, "eventIdentifier", LEDGER, entry.sequence)
    _add(made, "eventType", TYPES.get(entry.kind, entry.kind))
    _add(made, "eventDateTime", entry.at or UNKNOWN)
    _add(_add(made, "eventDetailInformation"), "eventDetail", EVENTS.get(entry.kind, entry.kind))
    if entry.kind in OUTCOMES:
        _add(_add(made, "eventOutcomeInformation"), "eventOutcome", OUTCOMES[entry.kind])
    _identify(made, "linkingAgentIdentifier", AGENT, agent)
    _identify(made, "linkingObjectIdentifier", RECORD, entry.record)


def _agent(root: Any, identifier: str, name: str, kind: str) -> None:
    made = _add(root, "agent")
    _identify(made, "agentIdentifier", AGENT, identifier)
    _add(made, "agentName", name)
    _add(made, "agentType", kind)


def _rights(root: Any, item: SealedItem) -> None:
    """Say who may read the record, as its level has it when it is handed over."""
    statement = _add(_add(root, "rights"), "rightsStatement")
    _identify(statement, "rightsStatementIdentifier", "access level", item.record.access_level)
    _add(statement, "rightsBasis", "policy")
    granted = _add(statement, "rightsGranted")
    _add(granted, "act", "disseminate")
    _add(granted, "restriction", item.record.get_access_level_display())
    _identify(statement, "linkingObjectIdentifier", RECORD, item.record.pk)
