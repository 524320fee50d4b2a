"""TLS to a server whose key is known beforehand: a wrong key ends the handshake, before any request has been sent.

Skolverket publishes the pin of its authorisation server (the SHA-256 of the key's SPKI form, in base64, which curl
calls --pinnedpubkey); a TLS federation's metadata says the pins and the issuers of every server (rules.md 6.3, N11).
"""

import base64
import hashlib
import ssl
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class WrongServerKey(ssl.SSLCertVerificationError):
    """The server's certificate holds as such, but its key is none of those that were expected."""


@dataclass(frozen=True, slots=True)
class TrustedServer:
    """What a server has to show: a key with one of `pins` (empty: any key), and a certificate from `issuers` (PEM).

    Without `issuers` the machine's own authorities count.
    """

    pins: frozenset[str] = frozenset()
    issuers: str = ""


def pin_of(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's public key (SPKI), in base64."""
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(spki).digest()).decode()


def pinned_context(trusted: TrustedServer) -> ssl.SSLContext:
    """A TLS context for clients that accepts `trusted` only. A wrong key raises WrongServerKey in the handshake.

    Raises ssl.SSLError when the issuers are not certificates in PEM.
    """
    context = ssl.create_default_context(cadata=trusted.issuers or None)
    if trusted.issuers:
        # A federation names whatever certificate a member has chosen as issuer, also one in the middle of a chain.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if trusted.pins:
        _check_keys(context, trusted.pins)
    return context


def _check_keys(context: ssl.SSLContext, pins: frozenset[str]) -> None:
    """Let every connection of `context` look at the server's key as the last act of its handshake."""

    def check(connection: ssl.SSLSocket | ssl.SSLObject) -> None:
        shown = connection.getpeercert(binary_form=True)
        if shown is None or pin_of(x509.load_der_x509_certificate(shown)) not in pins:
            raise WrongServerKey("the server's key is not the pinned one")

    class PinnedSocket(ssl.SSLSocket):
        def do_handshake(self, *arguments: Any, **named: Any) -> None:
            super().do_handshake(*arguments, **named)
            check(self)

    class PinnedObject(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            check(self)

    context.sslsocket_class = PinnedSocket
    context.sslobject_class = PinnedObject
