"""Why a package cannot be sealed now, with the words for the archivist."""

from __future__ import annotations

from typing import Any, ClassVar

from portal.archives.models import PackageReason


class NotSealed(RuntimeError):
    """A package cannot be sealed; nothing of it is kept.

    Attributes:
        reason: code of what is wrong; its words are those of `PackageReason`.
        waits: whether it is tried again by itself, because nothing is wrong with the record.
    """

    reason: ClassVar[Any] = PackageReason.OTHER
    waits: ClassVar[bool] = True


class CertificateMissing(NotSealed):
    """No certificate is configured, or its file is gone."""

    reason = PackageReason.NO_CERTIFICATE


class CertificatePasswordWrong(NotSealed):
    """The password does not open the file of the certificate, or the file is no PKCS#12."""

    reason = PackageReason.WRONG_PASSWORD


class CertificateExpired(NotSealed):
    """The certificate was valid until an earlier day."""

    reason = PackageReason.EXPIRED


class CertificateNotYetValid(NotSealed):
    """The certificate begins on a later day."""

    reason = PackageReason.NOT_YET_VALID


class CertificateUnusable(NotSealed):
    """The certificate is not meant for signing, or has no key of its own."""

    reason = PackageReason.UNUSABLE


class TimestampUnavailable(NotSealed):
    """A timestamp server is configured and gave no timestamp that counts."""

    reason = PackageReason.NO_TIMESTAMP


class SourcesNotReady(NotSealed):
    """Files of the record are still being made."""

    reason = PackageReason.SOURCES


class SourceDamaged(NotSealed):
    """A stored file of the record is not what the ledger proves."""

    reason = PackageReason.DAMAGED
    waits = False
