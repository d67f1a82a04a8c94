"""The XML schema of a record's metadata, written from the table that writes the metadata.

It lies in every information package, so that whoever reads 元数据 later knows each element and
its number in DA/T 46-2009 without this portal.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from lxml import etree

from portal.archives.inspection import metadata

XSD = "http://www.w3.org/2001/XMLSchema"
#: Where the record itself stands, everything else of its document may be missing or repeated.
SEVERAL = {"minOccurs": "0", "maxOccurs": "unbounded"}


def _xsd(parent: Any, tag: str, /, **attributes: str) -> Any:
    return etree.SubElement(parent, f"{{{XSD}}}{tag}", attributes)


def _sequence(parent: Any, name: str, **occurs: str) -> Any:
    """Declare an element with others inside, in their order; return where they go."""
    inside = _xsd(_xsd(parent, "element", name=name, **occurs), "complexType")
    return _xsd(inside, "sequence")


def _value(parent: Any, element: metadata.Element) -> None:
    declared = _xsd(parent, "element", name=element.name, type="xs:string")
    said = _xsd(_xsd(declared, "annotation"), "documentation")
    said.text = f"{metadata.STANDARD} M{element.number}"


def _entity(parent: Any, name: str, **occurs: str) -> None:
    """Declare one entity: its values in the order of the table, containers where they begin."""
    inside = _sequence(parent, name, **occurs)
    containers: dict[str, Any] = {}
    own = [element for element in metadata.ELEMENTS if element.entity == name]
    # The attributes of each file stand last, a container for each.
    for element in sorted(own, key=lambda one: one.path[0] == metadata.ATTRIBUTES):
        place = inside
        if len(element.path) > 1:
            container = element.path[0]
            if container not in containers:
                many = SEVERAL if container == metadata.ATTRIBUTES else {}
                containers[container] = _sequence(inside, container, **many)
            place = containers[container]
        _value(place, element)


@cache
def schema() -> bytes:
    """Return the schema as a document."""
    root = etree.Element(f"{{{XSD}}}schema", nsmap={"xs": XSD})
    whole = _sequence(root, metadata.ROOT)
    _entity(whole, metadata.RECORD)
    for name in (metadata.EVENT, metadata.AGENT, metadata.RELATION):
        _entity(whole, name, **SEVERAL)
    _xsd(whole.getparent(), "attribute", name="标准", type="xs:string")
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written
