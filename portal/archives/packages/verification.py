"""Check a package and name the part that is damaged.

Everything but the comparison with this portal's own ledger needs the file alone (and the
authority's certificate), so that the check works where the portal is long gone.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pikepdf
from asn1crypto import x509
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.misc import PdfError as SignaturePdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from portal.archives import ledger
from portal.archives.inspection.contents import SEAL
from portal.archives.inspection.metadata import BadDocument
from portal.archives.models import LedgerEntry
from portal.archives.packages import eep
from portal.archives.packages.pages import page_digest
from portal.archives.packages.refusals import NotSealed

GOOD, BAD, UNKNOWN = "good", "bad", "unknown"


@dataclass(frozen=True)
class Finding:
    """What was found of one part of a package.

    Attributes:
        part: code of the part: structure, signature, timestamp, xml, page, file, ledger.
        name: the part in words.
        verdict: good, bad, or unknown where it could not be judged.
    """

    part: str
    name: str
    verdict: str
    detail: str = ""


@dataclass(frozen=True)
class Report:
    """All findings of a package."""

    findings: list[Finding]
    described: eep.ReadBack | None

    @property
    def is_good(self) -> bool:
        """Whether nothing is damaged; what could not be judged does not count as good alone."""
        return bool(self.findings) and not self.damaged

    @property
    def damaged(self) -> list[Finding]:
        """The findings of damaged parts."""
        return [finding for finding in self.findings if finding.verdict == BAD]


class PackageDamaged(NotSealed):
    """A package that was just made does not pass its own check."""

    waits = False


def refuse_damaged(body: bytes) -> None:
    """Refuse a package with anything damaged in it; the last look before it is kept.

    Raises:
        PackageDamaged: its message names the parts.
    """
    report = verify(body, authorities=[], against_ledger=False)
    if report.damaged:
        raise PackageDamaged("; ".join(f"{one.name}: {one.detail}" for one in report.damaged))


def verify(
    body: bytes,
    *,
    authorities: Iterable[x509.Certificate] | None = None,
    against_ledger: bool = True,
) -> Report:
    """Check a package.

    Args:
        authorities: whose signatures count; without them only that the signature fits is judged.
        against_ledger: whether digests are compared with this portal's ledger as well.
    """
    trusted = list(authorities or [])
    findings: list[Finding] = []
    described: eep.ReadBack | None = None
    try:
        with pikepdf.open(io.BytesIO(body)) as document:
            findings.append(_structure(document))
            findings += _signature_findings(body, trusted)
            found, described = _described(document)
            findings.append(found)
            if described is not None:
                findings += _page_findings(document, described)
                findings += _file_findings(document, described)
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        findings.append(Finding("structure", _("File structure"), BAD, str(error)[:200]))
    if described is not None:
        findings += _entry_findings(described)
        if against_ledger:
            findings += _ledger_findings(body, described)
    return Report(findings, described)


def _judged(part: str, name: str, problem: str, good: str = "") -> Finding:
    return Finding(part, name, BAD if problem else GOOD, problem or good)


def _structure(document: Any) -> Finding:
    """Judge the syntax of the PDF, as `qpdf --check` does."""
    problems = document.check_pdf_syntax()
    detail = "; ".join(str(problem) for problem in problems)[:200]
    return _judged("structure", _("File structure"), detail)


def _signature_findings(body: bytes, trusted: list[x509.Certificate]) -> Iterator[Finding]:
    name = _("Signature")
    try:
        embedded = PdfFileReader(io.BytesIO(body)).embedded_regular_signatures
    except (SignaturePdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield Finding("signature", name, BAD, str(error)[:200])
        return
    signature = next((one for one in embedded if one.field_name == eep.SIGNATURE_FIELD), None)
    if signature is None:
        yield Finding("signature", name, BAD, _("The package has no signature."))
        return
    try:
        status = asyncio.run(_status(signature, trusted))
    except (SignatureValidationError, SignaturePdfError, ValueError, KeyError, TypeError) as error:
        yield Finding("signature", name, BAD, str(error)[:200])
        return
    yield _judged("signature", name, _signature_problem(status), _signed_words(status))
    stamp = status.timestamp_validity
    if stamp is None:
        yield Finding("timestamp", _("Timestamp"), UNKNOWN, _("The package has no timestamp."))
    else:
        problem = "" if stamp.intact and stamp.valid else _("The timestamp is damaged.")
        moment = localtime(stamp.timestamp).isoformat("T", "seconds")
        yield _judged("timestamp", _("Timestamp"), problem, moment)
    if trusted:
        problem = "" if status.trusted else _("No authority that counts vouches for the signer.")
        issuer = str(status.signing_cert.issuer.native.get("common_name", ""))
        yield _judged("authority", _("Signing authority"), problem, issuer)


async def _status(signature: Any, trusted: list[x509.Certificate]) -> Any:
    """Validate a signature as of the time when it was made, without any network."""
    moment = signature.self_reported_timestamp
    # Where nobody's trust is asked for, every certificate that came along will do.
    roots = trusted or [signature.signer_cert, *signature.other_embedded_certs]
    context = ValidationContext(
        trust_roots=roots, allow_fetching=False, moment=moment, retroactive_revinfo=True
    )
    return await async_validate_pdf_signature(signature, context, context, skip_diff=True)


def _signature_problem(status: Any) -> str:
    if not status.intact:
        return _("The file was changed after it was signed.")
    if not status.valid:
        return _("The signature does not fit its certificate.")
    if status.coverage < SignatureCoverageLevel.ENTIRE_FILE:
        return _("Something was added after the signature.")
    return ""


def _signer_name(status: Any) -> str:
    return str(status.signing_cert.subject.native.get("common_name", ""))


def _signed_words(status: Any) -> str:
    moment = status.signer_reported_dt
    when = localtime(moment).isoformat("T", "seconds") if moment else ""
    return f"{_signer_name(status)} {when}".strip()


def _described(document: Any) -> tuple[Finding, eep.ReadBack | None]:
    try:
        body = _attached(document, eep.XML_NAME)
        if body is None:
            return Finding("xml", eep.XML_NAME, BAD, _("It is missing.")), None
        return Finding("xml", eep.XML_NAME, GOOD), eep.read(body)
    except (BadDocument, pikepdf.PdfError) as error:
        return Finding("xml", eep.XML_NAME, BAD, str(error)[:200]), None


def _attached(document: Any, name: str) -> bytes | None:
    if name not in document.attachments:
        return None
    return bytes(document.attachments[name].get_file().read_bytes())


def _page_findings(document: Any, described: eep.ReadBack) -> Iterator[Finding]:
    shown = list(document.pages)
    if len(shown) != len(described.pages):
        problem = _("%(found)d pages instead of %(wanted)d.") % {
            "found": len(shown),
            "wanted": len(described.pages),
        }
        yield Finding("page", _("Pages"), BAD, problem)
    for page, proof in zip(shown, described.pages, strict=False):
        name = _("Page %(number)d (%(part)s)") % {"number": proof.number, "part": proof.part}
        try:
            same = page_digest(page) == proof.sha256
        except (pikepdf.PdfError, ValueError) as error:
            yield Finding("page", name, BAD, str(error)[:200])
            continue
        yield _judged("page", name, "" if same else _("It shows other content than was sealed."))


def _file_findings(document: Any, described: eep.ReadBack) -> Iterator[Finding]:
    listed = {eep.XML_NAME}
    wanted = [(file.name, file.size, file.sha256) for file in described.files if file.embedded]
    former = described.former
    if former is not None and former.embedded_as:
        wanted.append((former.embedded_as, former.size, former.sha256))
    for name, size, sha256 in wanted:
        listed.add(name)
        yield _judged("file", name, _file_problem(document, name, size, sha256))
    for file in described.files:
        if not file.embedded:
            detail = _("It is kept beside the package, SHA-256 %(digest)s.") % {
                "digest": file.sha256
            }
            yield Finding("file", file.name, UNKNOWN, detail)
    for name in set(document.attachments) - listed:
        yield Finding("file", str(name), BAD, _("It does not belong to the package."))


def _file_problem(document: Any, name: str, size: int, sha256: str) -> str:
    try:
        body = _attached(document, name)
    except pikepdf.PdfError as error:
        return str(error)[:200]
    if body is None:
        return _("It is missing.")
    if len(body) != size or hashlib.sha256(body).hexdigest() != sha256:
        return _("Its bytes are not those that were sealed.")
    return ""


def _entry_findings(described: eep.ReadBack) -> Iterator[Finding]:
    """Judge the ledger rows inside: each has its hash, and opens to the list of the files."""
    commitments = {}
    for entry in described.entries:
        commitments[entry.sequence] = entry.commitment
        made = ledger.entry_hash(
            entry.sequence, entry.kind, UUID(entry.record), entry.commitment, entry.previous_hash
        )
        if made != entry.entry_hash:
            name = _("Ledger entry %(number)d") % {"number": entry.sequence}
            yield Finding("entry", name, BAD, _("Its hash does not fit its columns."))
    proven: set[str] = set()
    for sequence, salt, text in described.opened:
        name = _("Ledger entry %(number)d") % {"number": sequence}
        problem = (
            ""
            if _opens(salt, text, commitments.get(sequence, ""))
            else (_("Its list of files is not what was committed to."))
        )
        yield _judged("entry", name, problem)
        if not problem:
            proven |= {file["sha256"] for file in json.loads(text).get("files", [])}
    for file in described.files:
        if file.role != "receipt" and file.sha256 not in proven:
            yield Finding("entry", file.name, BAD, _("No ledger entry proves it."))


def _opens(salt: str, text: str, commitment: str) -> bool:
    try:
        return ledger.commit_to(salt, text) == commitment
    except ValueError:
        return False


def _ledger_findings(body: bytes, described: eep.ReadBack) -> Iterator[Finding]:
    """Compare with the ledger of this portal, where it knows the record."""
    name = _("Ledger of this portal")
    rows = {
        row.sequence: row
        for row in LedgerEntry.objects.filter(
            sequence__in=[entry.sequence for entry in described.entries]
        )
    }
    if (
        not described.entries
        or not LedgerEntry.objects.filter(record_id=UUID(described.record)).exists()
    ):
        yield Finding("ledger", name, UNKNOWN, _("It does not know this record."))
        return
    for entry in described.entries:
        row = rows.get(entry.sequence)
        if row is None or row.entry_hash != entry.entry_hash:
            problem = _("Entry %(number)d is another there.") % {"number": entry.sequence}
            yield Finding("ledger", name, BAD, problem)
            return
    yield _judged("ledger", name, _seal_problem(body, UUID(described.record)))


def _seal_problem(body: bytes, record_id: UUID) -> str:
    digest = hashlib.sha256(body).hexdigest()
    seals = LedgerEntry.objects.filter(record_id=record_id, kind=SEAL).order_by("-sequence")
    sequence = seals.values_list("sequence", flat=True).first()
    if sequence is None:
        return _("It has no package of this record.")
    payload = ledger.payloads_of([sequence]).get(sequence)
    if payload is None or payload.refusal is not None:
        return _("What it says of the package cannot be read.")
    known = {file["sha256"] for file in json.loads(payload.body)["files"]}
    return "" if digest in known else _("It has another package of this record.")
