"""Sign a package as PAdES B-B, or B-T where a timestamp server is configured.

Source: ETSI EN 319 142-1; the timestamp is one of RFC 3161.
"""

from __future__ import annotations

import asyncio
import io
from typing import Any

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

from portal.archives.packages.certificates import SigningCertificate
from portal.archives.packages.eep import SIGNATURE_FIELD
from portal.archives.packages.refusals import TimestampUnavailable

TIMESTAMP_SECONDS = 20
DIGEST = "sha256"


def _timestamper() -> Any:
    url = settings.PACKAGE_TIMESTAMP_URL
    return RequestsHTTPTimeStamper(url, timeout=TIMESTAMP_SECONDS) if url else None


def signed(body: bytes, certificate: SigningCertificate) -> bytes:
    """Return a PDF with a signature over all of it that allows no later change.

    Raises:
        TimestampUnavailable: a server is configured and gave no timestamp.
    """
    signer = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=SIGNATURE_FIELD,
            md_algorithm=DIGEST,
            reason="归档封装",
            location=settings.SITE_NAME,
            name=certificate.name,
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        ),
        certificate.signer,
        timestamper=_timestamper(),
        new_field_spec=fields.SigFieldSpec(SIGNATURE_FIELD),
    )
    made = io.BytesIO()
    try:
        asyncio.run(signer.async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(body)), output=made))
    except (TimestampRequestError, OSError) as error:
        raise TimestampUnavailable(str(error)) from error
    except (SigningError, ValueError) as error:
        if settings.PACKAGE_TIMESTAMP_URL and "imestamp" in str(error):
            raise TimestampUnavailable(str(error)) from error
        raise
    return made.getvalue()
