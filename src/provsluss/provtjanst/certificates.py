"""The organisation's client certificate: read from files, made into a TLS context, named by its fingerprint.

The files are the organisation's own (design.md section 7): nothing of the key is kept, logged or shown.
"""

import base64
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from provsluss.provtjanst.tokens import CertificateFingerprint


class CertificateProblem(Exception):
    """The certificate or key file cannot be used; the text is a Swedish sentence that says why and what to do."""


def client_context(certificate_file: Path, private_key_file: Path) -> ssl.SSLContext:
    """A TLS context that shows this certificate (PEM, with its chain) and trusts the machine's authorities.

    Raises CertificateProblem.
    """
    _first_certificate(certificate_file)
    _readable(private_key_file, "Nyckelfilen")
    context = ssl.create_default_context()
    try:
        # A key with a password would make OpenSSL ask on the terminal; an empty answer makes it an error instead.
        context.load_cert_chain(certificate_file, private_key_file, password="")
    except ssl.SSLError as problem:
        if problem.reason == "KEY_VALUES_MISMATCH":
            sentence = f"Nyckelfilen {private_key_file.name} hör inte till certifikatet {certificate_file.name}."
        else:
            sentence = (
                f"Nyckelfilen {private_key_file.name} gick inte att läsa. Den ska vara i PEM-format och utan lösenord."
            )
        raise CertificateProblem(sentence) from problem
    return context


def fingerprint(certificate_file: Path) -> CertificateFingerprint:
    """SHA-256 of the DER form of the file's first certificate, in standard base64 (rules.md 6.3).

    Raises CertificateProblem.
    """
    digest = _first_certificate(certificate_file).fingerprint(hashes.SHA256())
    return CertificateFingerprint(base64.b64encode(digest).decode())


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
    except OSError as problem:
        raise CertificateProblem(
            f"{what} {file.name} gick inte att öppna. Kontrollera sökvägen och att Provsluss får läsa filen."
        ) from problem
