"""The certificate that signs packages, and the authorities whose signatures count.

It comes from the settings as a PKCS#12 file with its password. In demo mode, and only there, an
authority of the portal's own is made on first use; its name says that it is for demonstration.
"""

from __future__ import annotations

import datetime
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils import timezone
from pyhanko.sign.signers import SimpleSigner

from portal.archives.packages.refusals import (
    CertificateExpired,
    CertificateMissing,
    CertificateNotYetValid,
    CertificatePasswordWrong,
    CertificateUnusable,
)

DEMO_AUTHORITY_NAME = "演示归档签名机构（仅供演示，无法律效力）"
DEMO_SIGNER_NAME = "演示档案室电子签名（仅供演示）"
DEMO_YEARS = 10


@dataclass(frozen=True)
class SigningCertificate:
    """A certificate with its key, opened.

    Attributes:
        authorities: the certificates that came with it.
    """

    certificate: x509.Certificate
    authorities: tuple[x509.Certificate, ...]
    signer: SimpleSigner

    @property
    def serial(self) -> str:
        """The serial number, hexadecimal."""
        return serial_of(self.certificate.serial_number)

    @property
    def name(self) -> str:
        """The common name of whom it was issued to."""
        return common_name(self.certificate)


def serial_of(number: int) -> str:
    """Return a serial number as certificates are listed: hexadecimal, in whole bytes."""
    text = f"{number:x}"
    return text.zfill(len(text) + len(text) % 2)


def common_name(certificate: x509.Certificate) -> str:
    """Return the common name of a certificate, or all of its name where it has none."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def demo_file() -> Path:
    """Return where the demo authority's certificate lies."""
    return Path(settings.DATA_DIR) / "demo-package-signer.p12"


def certificate_file() -> Path:
    """Return the file of the certificate; the demo one is made if it is wanted.

    Raises:
        CertificateMissing: none is configured, or its file is gone.
    """
    configured: Path | None = settings.PACKAGE_CERTIFICATE
    if configured is None and settings.DEMO:
        configured = demo_file()
        if not configured.exists():
            _make_demo(configured)
    if configured is None:
        raise CertificateMissing("PACKAGE_CERTIFICATE is not set.")
    if not configured.is_file():
        raise CertificateMissing(f"{configured} does not exist.")
    return configured


def signing_certificate(moment: datetime.datetime | None = None) -> SigningCertificate:
    """Return the certificate that signs, after every check that can be made before signing.

    Args:
        moment: when it must be valid; now by default.

    Raises:
        CertificateMissing: none is configured, or its file is gone or cannot be read.
        CertificatePasswordWrong: the file cannot be opened with the password.
        CertificateUnusable: it has no key, or its use excludes signatures.
        CertificateExpired, CertificateNotYetValid: the moment is outside of its time.
    """
    path = certificate_file()
    try:
        body = path.read_bytes()
    except OSError as error:
        raise CertificateMissing(f"{path} cannot be read.") from error
    password = settings.PACKAGE_CERTIFICATE_PASSWORD.encode() or None
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(body, password)
    except ValueError as error:
        raise CertificatePasswordWrong(f"{path} cannot be opened with its password.") from error
    if key is None or certificate is None:
        raise CertificateUnusable(f"{path} has no key with its certificate.")
    _refuse_unusable(certificate)
    _refuse_outside_of_time(certificate, moment or timezone.now())
    signer = SimpleSigner.load_pkcs12_data(body, other_certs=[], passphrase=password)
    return SigningCertificate(certificate, tuple(others), signer)


def _refuse_unusable(certificate: x509.Certificate) -> None:
    """Refuse a certificate that is not for signatures (RFC 5280 4.2.1.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise CertificateUnusable(f"{common_name(certificate)} is not for digital signatures.")


def _refuse_outside_of_time(certificate: x509.Certificate, moment: datetime.datetime) -> None:
    name = common_name(certificate)
    if moment > certificate.not_valid_after_utc:
        day = timezone.localtime(certificate.not_valid_after_utc).date()
        raise CertificateExpired(f"{name} was valid until {day:%Y-%m-%d}.")
    if moment < certificate.not_valid_before_utc:
        day = timezone.localtime(certificate.not_valid_before_utc).date()
        raise CertificateNotYetValid(f"{name} is valid from {day:%Y-%m-%d}.")


def trusted_authorities() -> list[asn1_x509.Certificate]:
    """Return the authorities whose signatures count, those of earlier years included.

    Raises:
        CertificateMissing, CertificatePasswordWrong: as for `certificate_file`, when no file of
            authorities is configured.
    """
    if settings.PACKAGE_AUTHORITIES is not None:
        try:
            body = Path(settings.PACKAGE_AUTHORITIES).read_bytes()
        except OSError as error:
            raise CertificateMissing(f"{settings.PACKAGE_AUTHORITIES} cannot be read.") from error
        return [
            asn1_x509.Certificate.load(der)
            for kind, _headers, der in pem.unarmor(body, multiple=True)
            if kind == "CERTIFICATE"
        ]
    path = certificate_file()
    password = settings.PACKAGE_CERTIFICATE_PASSWORD.encode() or None
    try:
        _key, own, others = pkcs12.load_key_and_certificates(path.read_bytes(), password)
    except ValueError as error:
        raise CertificatePasswordWrong(f"{path} cannot be opened with its password.") from error
    # Without an authority in the file the certificate vouches for itself.
    found = others or ([own] if own is not None else [])
    return [
        asn1_x509.Certificate.load(one.public_bytes(serialization.Encoding.DER)) for one in found
    ]


def make_authority(
    authority_name: str,
    signer_name: str,
    *,
    begins: datetime.datetime,
    ends: datetime.datetime,
    password: bytes | None = None,
    for_signatures: bool = True,
) -> bytes:
    """Return a PKCS#12 file with a new signer and the new authority that vouches for it.

    For the demo and for tests; a real archive gets its certificate from an authority.
    """
    authority_key = ec.generate_private_key(ec.SECP256R1())
    signer_key = ec.generate_private_key(ec.SECP256R1())
    authority = _certificate(authority_name, authority_name, authority_key, authority_key,
                             begins, ends, authority=True)  # fmt: skip
    signer = _certificate(signer_name, authority_name, signer_key, authority_key,
                          begins, ends, for_signatures=for_signatures)  # fmt: skip
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        protection = serialization.BestAvailableEncryption(password)
    return pkcs12.serialize_key_and_certificates(
        signer_name.encode(), signer_key, signer, [authority], protection
    )


def _certificate(
    name: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    begins: datetime.datetime,
    ends: datetime.datetime,
    *,
    authority: bool = False,
    for_signatures: bool = True,
) -> x509.Certificate:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    usage = x509.KeyUsage(
        digital_signature=for_signatures and not authority,
        content_commitment=for_signatures and not authority,
        key_encipherment=not for_signatures,
        key_cert_sign=authority,
        crl_sign=authority,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(own, critical=False)
        .add_extension(above, critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _make_demo(path: Path) -> None:
    """Write the demo authority; of two processes at once the first one's stays."""
    now = timezone.now()
    body = make_authority(
        DEMO_AUTHORITY_NAME,
        DEMO_SIGNER_NAME,
        begins=now - datetime.timedelta(days=1),
        ends=now + datetime.timedelta(days=365 * DEMO_YEARS),
        password=settings.PACKAGE_CERTIFICATE_PASSWORD.encode() or None,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp gives rights to the owner only, from the first moment.
    handle, temporary = tempfile.mkstemp(prefix="demo-signer-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            return
    finally:
        Path(temporary).unlink(missing_ok=True)
