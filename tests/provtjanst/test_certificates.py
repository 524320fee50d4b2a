"""Client certificates: named, loaded, shown to the server, and refused in plain Swedish."""

import base64
import hashlib
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from provsluss.provtjanst.certificates import CertificateProblem, client_context, fingerprint, read_certificate
from provsluss.provtjanst.pinned_tls import TrustedServer
from tests.fixtures.certificates import Authority, Issued


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def pair(authority: Authority, tmp_path: Path) -> Issued:
    issued = authority.issue("huvudman")
    return Issued(issued.certificate, issued.key, tmp_path, "huvudman")


def test_the_fingerprint_is_that_of_the_der_form(pair: Issued) -> None:
    der = pair.certificate.public_bytes(serialization.Encoding.DER)
    assert fingerprint(pair.certificate_file).standard == base64.b64encode(hashlib.sha256(der).digest()).decode()


def test_the_first_certificate_of_a_chain_is_the_clients(pair: Issued, authority: Authority) -> None:
    issuer = authority.own
    alone = fingerprint(pair.certificate_file)
    pair.certificate_file.write_bytes(pair.certificate_file.read_bytes() + issuer.certificate_file.read_bytes())
    assert fingerprint(pair.certificate_file) == alone
    assert isinstance(client_context(pair.certificate_file, pair.key_file), ssl.SSLContext)


def test_a_key_of_another_certificate(pair: Issued, authority: Authority) -> None:
    other = authority.issue("annan")
    with pytest.raises(CertificateProblem, match=r"annan\.key hör inte till certifikatet huvudman\.crt"):
        client_context(pair.certificate_file, other.key_file)


def test_a_key_with_a_password(pair: Issued) -> None:
    pair.key_file.write_bytes(pair.key_pem(b"hemligt"))
    with pytest.raises(CertificateProblem, match="utan lösenord"):
        client_context(pair.certificate_file, pair.key_file)


def test_an_old_kind_of_key_with_a_password(pair: Issued) -> None:
    pair.key_file.write_text(
        "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n"
        "-----END EC PRIVATE KEY-----\n"
    )
    with pytest.raises(CertificateProblem, match="utan lösenord"):
        client_context(pair.certificate_file, pair.key_file)


def test_files_that_may_not_be_read_or_are_no_files(pair: Issued, tmp_path: Path) -> None:
    with pytest.raises(CertificateProblem, match="gick inte att öppna"):
        client_context(tmp_path, pair.key_file)
    with pytest.raises(CertificateProblem, match="gick inte att öppna"):
        client_context(pair.certificate_file, tmp_path)
    with pytest.raises(CertificateProblem, match="gick inte att öppna"):
        client_context(Path("a\0b"), pair.key_file)


def test_issuers_that_are_no_certificates(pair: Issued) -> None:
    with pytest.raises(CertificateProblem, match="Utfärdarcertifikaten"):
        client_context(pair.certificate_file, pair.key_file, TrustedServer(issuers="inget certifikat"))


@pytest.mark.parametrize(
    ("part", "written"),
    [
        ("serial_number", "SE2120009945-A1B2"),  # SITHS
        ("serial_number", "EFOS162120009945-012345"),
        ("serial_number", "162120009945"),  # Expisoft
        ("serial_number", "2120009945"),
        ("organization_identifier", "NTRSE-2120009945"),
        ("organization_identifier", "VATSE-212000994501"),
        ("organization_identifier", "VATSE212000994501"),
        ("serial_number", "212000-9945"),
        ("serial_number", "16212000-9945"),
    ],
)
def test_the_organisation_number_in_every_form(authority: Authority, part: str, written: str) -> None:
    issued = authority.issue("nummer", **{part: written})
    assert read_certificate(issued.certificate_file).organisation_numbers == ("2120009945",)


@pytest.mark.parametrize("written", ["200901272385", "0901272385", "SE212000994", "21200099451", "A1B2", "2120009946"])
def test_what_is_no_organisation_number(authority: Authority, written: str) -> None:
    issued = authority.issue("nummer", serial_number=written)
    assert read_certificate(issued.certificate_file).organisation_numbers == ()


@pytest.mark.parametrize(("ends", "days"), [(30.5, 30), (1.5, 1), (0.5, 0), (-0.5, -1)])
def test_how_many_days_are_left(authority: Authority, ends: float, days: int) -> None:
    certificate = read_certificate(authority.issue("dagar", begins=-2, ends=ends).certificate_file)
    assert certificate.days_left(datetime.now(UTC)) == days
    assert certificate.issuer == "SITHS e-id Function CA v1"
    assert certificate.valid_until - certificate.valid_from == timedelta(days=ends + 2)


def test_files_that_are_absent_or_something_else(pair: Issued, tmp_path: Path) -> None:
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
