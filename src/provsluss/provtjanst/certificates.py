"""The organisation's client certificate: what stands in it, whether its key fits, and the TLS context it makes.

The files are the organisation's own (design.md section 7): nothing of the key is kept, logged or shown.
"""

import base64
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from provsluss.provtjanst.organisation_numbers import numbers_in
from provsluss.provtjanst.pinned_tls import TrustedServer, pin_of, pinned_context
from provsluss.ss12000.luhn import luhn_is_right

KNOWN_ISSUERS = ("SITHS e-id Function CA v1", "Swedish Public Sector Function CA v1", "ExpiTrust EID CA v4")
"""Whose certificates Skolverket's authorisation server takes by fingerprint (SITHS, EFOS, Expisoft)."""

_NAMES_OF_HOLDER = (NameOID.SERIAL_NUMBER, NameOID.ORGANIZATION_IDENTIFIER)


class CertificateProblem(Exception):
    """A certificate or key file cannot be used; the text is a Swedish sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class CertificateFingerprint:
    """SHA-256 of the client certificate (DER): how holders of SITHS, EFOS and Expisoft certificates are named."""

    digest: bytes

    @property
    def standard(self) -> str:
        """Standard base64 with padding, as Skolverket writes it."""
        return base64.b64encode(self.digest).decode()

    @property
    def url_safe(self) -> str:
        """base64url without padding, as RFC 8705 writes it."""
        return base64.urlsafe_b64encode(self.digest).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """What stands in a client certificate that matters here. Times are in UTC."""

    holder: str
    issuer: str
    valid_from: datetime
    valid_until: datetime
    organisation_numbers: tuple[str, ...]
    fingerprint: CertificateFingerprint
    pin: str

    def days_left(self, now: datetime) -> int:
        """Whole days until it ends: 0 on the last day, negative afterwards."""
        return (self.valid_until - now) // timedelta(days=1)


def read_certificate(certificate_file: Path) -> ClientCertificate:
    """What stands in the file's first certificate, which is the client's own. Raises CertificateProblem."""
    certificate = _first_certificate(certificate_file)
    try:
        return ClientCertificate(
            holder=_name(certificate.subject),
            issuer=_name(certificate.issuer),
            valid_from=certificate.not_valid_before_utc,
            valid_until=certificate.not_valid_after_utc,
            organisation_numbers=_organisation_numbers(certificate.subject),
            fingerprint=CertificateFingerprint(certificate.fingerprint(hashes.SHA256())),
            pin=pin_of(certificate),
        )
    except ValueError as problem:  # a name or a key in a form that nobody can read
        raise CertificateProblem(
            f"Certifikatet i {certificate_file.name} gick inte att tolka. Be utfärdaren om ett nytt."
        ) from problem


def fingerprint(certificate_file: Path) -> CertificateFingerprint:
    """The fingerprint of the file's first certificate (rules.md 6.3). Raises CertificateProblem."""
    return read_certificate(certificate_file).fingerprint


def client_context(
    certificate_file: Path, private_key_file: Path, trusted: TrustedServer | None = None
) -> ssl.SSLContext:
    """A TLS context that shows this certificate (PEM, with its chain) and accepts only `trusted`.

    None: any server that the machine's authorities vouch for. Raises CertificateProblem.
    """
    _first_certificate(certificate_file)
    content = _readable(private_key_file, "Nyckelfilen")
    context = _context(trusted or TrustedServer())
    if b"ENCRYPTED" in content:
        raise CertificateProblem(
            f"Nyckelfilen {private_key_file.name} är skyddad med lösenord. Provsluss behöver nyckeln utan lösenord, "
            "i en fil som bara Provsluss får läsa. Gör en sådan med: openssl pkey -in … -out …"
        )
    try:
        # OpenSSL would ask on the terminal for a password; an empty answer makes that an error instead.
        context.load_cert_chain(certificate_file, private_key_file, password="")
    except ssl.SSLError as problem:
        if problem.reason == "KEY_VALUES_MISMATCH":
            sentence = (
                f"Nyckelfilen {private_key_file.name} hör inte till certifikatet {certificate_file.name}. "
                "Ange nyckeln som certifikatet beställdes med."
            )
        else:
            sentence = f"Nyckelfilen {private_key_file.name} innehåller ingen privat nyckel i PEM-format."
        raise CertificateProblem(sentence) from problem
    return context


def _context(trusted: TrustedServer) -> ssl.SSLContext:
    try:
        return pinned_context(trusted)
    except ssl.SSLError as problem:
        raise CertificateProblem(
            "Utfärdarcertifikaten för behörighetsservern gick inte att läsa. De ska vara i PEM-format."
        ) from problem


def _first_certificate(file: Path) -> x509.Certificate:
    """The client's own certificate, which stands first in the file."""
    content = _readable(file, "Certifikatfilen")
    try:
        return x509.load_pem_x509_certificates(content)[0]
    except ValueError as problem:
        raise CertificateProblem(
            f"Certifikatfilen {file.name} innehåller inget certifikat i PEM-format. "
            "Filen ska börja med -----BEGIN CERTIFICATE-----."
        ) from problem


def _readable(file: Path, what: str) -> bytes:
    if not file.name:
        raise CertificateProblem(f"{what} är inte angiven. Ange den under Inställningar.")
    try:
        return file.read_bytes()
    except (OSError, ValueError) as problem:  # ValueError: a path with a null byte
        raise CertificateProblem(
            f"{what} {file.name} gick inte att öppna. Kontrollera sökvägen och att Provsluss får läsa filen."
        ) from problem


def _name(name: x509.Name) -> str:
    """The common name, else the whole name."""
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def _organisation_numbers(subject: x509.Name) -> tuple[str, ...]:
    """The organisation numbers (ten digits) that name the holder, each once.

    A serial number can be ten digits that mean nothing, or somebody's personnummer: an organisation number has a check
    digit, and no month in it.
    """
    values = [str(attribute.value) for oid in _NAMES_OF_HOLDER for attribute in subject.get_attributes_for_oid(oid)]
    numbers = dict.fromkeys(number for value in values for number in numbers_in(value))
    return tuple(number for number in numbers if number[2] >= "2" and luhn_is_right(number))
