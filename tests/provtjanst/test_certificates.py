"""Client certificates: named, loaded, shown to the server, and refused in plain Swedish."""

import base64
import hashlib
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from provsluss.provtjanst.certificates import CertificateProblem, client_context, fingerprint
from provsluss.provtjanst.errors import TemporaryTrouble
from provsluss.provtjanst.tokens import TokenSource


class Pair:
    """A self-signed certificate and its key, in files."""

    def __init__(self, directory: Path, name: str, password: bytes | None = None) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
            .sign(key, hashes.SHA256())
        )
        self.certificate_file = directory / f"{name}.crt"
        self.key_file = directory / f"{name}.key"
        self.certificate_file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        self.key_file.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
        )


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path, "huvudman")


def test_the_fingerprint_is_that_of_the_der_form(pair: Pair) -> None:
    der = pair.certificate.public_bytes(serialization.Encoding.DER)
    assert fingerprint(pair.certificate_file).standard == base64.b64encode(hashlib.sha256(der).digest()).decode()


def test_the_first_certificate_of_a_chain_is_the_clients(pair: Pair, tmp_path: Path) -> None:
    issuer = Pair(tmp_path, "utfardare")
    alone = fingerprint(pair.certificate_file)
    pair.certificate_file.write_bytes(pair.certificate_file.read_bytes() + issuer.certificate_file.read_bytes())
    assert fingerprint(pair.certificate_file) == alone
    assert isinstance(client_context(pair.certificate_file, pair.key_file), ssl.SSLContext)


def test_a_key_of_another_certificate(pair: Pair, tmp_path: Path) -> None:
    other = Pair(tmp_path, "annan")
    with pytest.raises(CertificateProblem, match=r"annan\.key hör inte till certifikatet huvudman\.crt"):
        client_context(pair.certificate_file, other.key_file)


def test_a_key_with_a_password(pair: Pair, tmp_path: Path) -> None:
    locked = Pair(tmp_path, "last", password=b"hemligt")
    with pytest.raises(CertificateProblem, match="utan lösenord"):
        client_context(locked.certificate_file, locked.key_file)


def test_files_that_are_absent_or_something_else(pair: Pair, tmp_path: Path) -> None:
    with pytest.raises(CertificateProblem, match=r"Certifikatfilen saknas\.crt gick inte att öppna"):
        client_context(tmp_path / "saknas.crt", pair.key_file)
    with pytest.raises(CertificateProblem, match=r"Nyckelfilen saknas\.key gick inte att öppna"):
        client_context(pair.certificate_file, tmp_path / "saknas.key")
    with pytest.raises(CertificateProblem, match="Certifikatfilen är inte angiven"):
        client_context(Path(), Path())
    (tmp_path / "binar.p12").write_bytes(b"\x30\x82\x00")
    with pytest.raises(CertificateProblem, match="inget certifikat i PEM-format"):
        fingerprint(tmp_path / "binar.p12")
    with pytest.raises(CertificateProblem, match="PEM-format"):
        client_context(pair.certificate_file, tmp_path / "binar.p12")


@pytest.fixture
def mutual_tls_server(tmp_path: Path, pair: Pair) -> Iterator[tuple[str, Pair, list[str]]]:
    """A token server that demands a client certificate, and lists the names of those it has seen."""
    own, seen = Pair(tmp_path, "server"), []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            subject = dict(part[0] for part in self.connection.getpeercert()["subject"])  # type: ignore[attr-defined]
            seen.append(subject["commonName"])
            body = b'{"access_token":{"value":"t","expires_in":60}}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Silent."""

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=pair.certificate_file)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(own.certificate_file, own.key_file)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *arguments: None  # type: ignore[method-assign,assignment]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_address[1]}/transaction", own, seen
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_the_certificate_is_shown_to_the_token_server(
    mutual_tls_server: tuple[str, Pair, list[str]], pair: Pair
) -> None:
    url, own, seen = mutual_tls_server
    context = client_context(pair.certificate_file, pair.key_file)
    context.load_verify_locations(own.certificate_file)
    assert TokenSource(url, fingerprint(pair.certificate_file), context, "https://api.example").token() == "t"
    assert seen == ["huvudman"]


def test_an_untrusted_server_gets_nothing(mutual_tls_server: tuple[str, Pair, list[str]], pair: Pair) -> None:
    url, _, seen = mutual_tls_server
    context = client_context(pair.certificate_file, pair.key_file)
    with pytest.raises(TemporaryTrouble, match="TLS"):
        TokenSource(url, fingerprint(pair.certificate_file), context, "https://api.example").token()
    assert seen == []
