"""Put a package together: pages with the stamp, the files inside, the XML, the signature.

Everything happens in memory, because the record may be one whose plain bytes never reach a disk;
what would make it large stays outside and is named by its digest.
"""

from __future__ import annotations

import datetime
import hashlib
import io
from dataclasses import dataclass
from typing import Any

import pikepdf
from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from portal.archives.inspection import metadata
from portal.archives.packages import eep, pages, stamp
from portal.archives.packages.certificates import SigningCertificate
from portal.archives.packages.signing import signed
from portal.archives.packages.sources import Embedded, Sources

TEXT_PART, SHEET_PART = "正文", "阅办单"
RECEIPT_NAME = "归档回执.json"
# Two documents in one keep what PDF/A asks of text (U), not one common structure tree (A).
PDFA_PART, PDFA_CONFORMANCE = "3", "U"


@dataclass(frozen=True)
class BuiltPackage:
    """A finished package.

    Attributes:
        body: the signed PDF.
        timestamped: whether a server vouches for the time.
        xml_sha256: digest of the XML inside.
    """

    body: bytes
    layer: int
    sealed_at: datetime.datetime
    timestamped: bool
    xml_sha256: str


def build(sources: Sources, certificate: SigningCertificate, layer: int) -> BuiltPackage:
    """Return the package of a layer, signed.

    Raises:
        TimestampUnavailable: a timestamp server is configured and gave no timestamp.
        pikepdf.PdfError: a stored PDF cannot be opened.
    """
    sealed_at = timezone.now()
    with override("zh-hans"):
        shown = _with_stamp_and_sheet(sources)
        proofs = _page_proofs(shown, sources)
        inside = [*sources.embedded, *_receipt(sources)]
        xml = eep.write(
            eep.Description(
                layer=layer,
                sealed_at=sealed_at,
                metadata=metadata.parse(sources.metadata),
                members=sources.members,
                pages=proofs,
                files=[*sources.files, *_receipt_proofs(inside)],
                entries=sources.entries,
                opened=sources.opened,
                former=sources.former,
                signer=certificate.name,
                certificate=certificate.serial,
            )
        )
        inside.append(Embedded(eep.XML_NAME, "application/xml", "/Data", xml))
        whole = _with_files(shown, inside, sealed_at)
        return BuiltPackage(
            body=signed(whole, certificate),
            layer=layer,
            sealed_at=sealed_at,
            timestamped=bool(settings.PACKAGE_TIMESTAMP_URL),
            xml_sha256=hashlib.sha256(xml).hexdigest(),
        )


def _saved(document: Any) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _with_stamp_and_sheet(sources: Sources) -> bytes:
    """Return the text with the stamp on its first page and the process sheet after its last."""
    with (
        pikepdf.open(io.BytesIO(sources.text)) as document,
        pikepdf.open(io.BytesIO(sources.process_sheet)) as sheet,
    ):
        count = len(document.pages)
        stamp.put_on(document, stamp.stamp_of(sources.record, count))
        for page in sheet.pages:
            document.pages.append(page)
        for page in list(document.pages)[count:]:
            # Its place is in the structure tree of another document.
            for key in ("/StructParents", "/Tabs"):
                if key in page.obj:
                    del page.obj[key]
        with document.open_metadata(set_pikepdf_as_editor=False) as described:
            described["pdfaid:part"] = PDFA_PART
            described["pdfaid:conformance"] = PDFA_CONFORMANCE
        return _saved(document)


def _page_proofs(body: bytes, sources: Sources) -> list[eep.PageProof]:
    with pikepdf.open(io.BytesIO(sources.text)) as text:
        count = len(text.pages)
    with pikepdf.open(io.BytesIO(body)) as document:
        return [
            eep.PageProof(
                number,
                TEXT_PART if number <= count else SHEET_PART,
                pages.page_digest(page),
            )
            for number, page in enumerate(document.pages, 1)
        ]


def _receipt(sources: Sources) -> list[Embedded]:
    """Return the receipt of the record where the ledger's head covers it already."""
    from portal.archives.receipts.making import NoReceiptYet, receipt_of

    try:
        text = receipt_of(sources.record).text
    except NoReceiptYet:
        return []
    return [Embedded(RECEIPT_NAME, "application/json", "/Data", text.encode())]


def _receipt_proofs(inside: list[Embedded]) -> list[eep.FileProof]:
    return [
        eep.FileProof(
            one.name, "receipt", len(one.body), hashlib.sha256(one.body).hexdigest(), "", True
        )
        for one in inside
        if one.name == RECEIPT_NAME
    ]


def _with_files(body: bytes, inside: list[Embedded], moment: datetime.datetime) -> bytes:
    """Return the PDF with files inside, each associated with the document (ISO 19005-3, 6.8)."""
    with pikepdf.open(io.BytesIO(body)) as document:
        associated = pikepdf.Array()
        # Its description of types does not know the relationship yet.
        specification: Any = pikepdf.AttachedFileSpec
        for one in inside:
            document.attachments[one.name] = specification(
                document,
                one.body,
                description=one.name,
                filename=one.name,
                mime_type=one.media_type,
                creation_date=_pdf_date(moment),
                mod_date=_pdf_date(moment),
                relationship=pikepdf.Name(one.relationship),
            )
            associated.append(document.attachments[one.name].obj)
        document.Root.AF = associated
        return _saved(document)


def _pdf_date(moment: datetime.datetime) -> str:
    return f"D:{timezone.localtime(moment):%Y%m%d%H%M%S}+08'00'"
