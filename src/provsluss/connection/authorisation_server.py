"""Which authorisation server is trusted: by the pins and issuers in settings, else by the federation's metadata."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from django.conf import settings

from provsluss.installation.pins import read_pins
from provsluss.provtjanst.certificates import CertificateProblem
from provsluss.provtjanst.errors import TemporaryTrouble, WrongServer
from provsluss.provtjanst.moa_copy import KeptMetadata, MetadataKeeper
from provsluss.provtjanst.moa_signature import MetadataProblem
from provsluss.provtjanst.pinned_tls import TrustedServer

COPY_NAME = "moa-metadata.jws"
"""The file in the data directory with the last good copy of the federation's metadata."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What the authorisation server has to show, and in Swedish who says so."""

    server: TrustedServer
    says: str


def authorisation_server() -> Trust:
    """What the authorisation server has to show, by the settings of this installation.

    Raises CertificateProblem (the settings cannot be used), WrongServer (the federation does not know the server) and
    TemporaryTrouble (the federation's metadata cannot be had, and there is no copy).
    """
    if settings.TOKEN_PINS or settings.TOKEN_ISSUERS_FILE:
        return Trust(TrustedServer(_pins(), _issuers()), "inställningarna (PROVSLUSS_TOKEN_PINS)")
    if not settings.MOA_METADATA_URL:
        return Trust(TrustedServer(), "den här datorns betrodda utfärdare")
    try:
        kept = federation_metadata()
    except MetadataProblem as problem:
        raise TemporaryTrouble(str(problem)) from problem
    found = kept.metadata.server(settings.TOKEN_URL) if kept else None
    if found is None:
        raise WrongServer(
            "Behörighetsservern finns inte i federationens metadata, så ingenting skickades. Kontrollera "
            "PROVSLUSS_MOA_METADATA_URL, eller ange serverns nyckel med PROVSLUSS_TOKEN_PINS."
        )
    return Trust(found, "federationens metadata (Moa)")


def federation_metadata() -> KeptMetadata | None:
    """The federation's metadata; None where none is set up. Raises MetadataProblem."""
    if not settings.MOA_METADATA_URL:
        return None
    if not settings.MOA_KEYS_FILE:
        raise MetadataProblem("Federationens nycklar är inte angivna. Ange PROVSLUSS_MOA_KEYS_FILE.")
    return _keeper(settings.MOA_METADATA_URL, settings.MOA_KEYS_FILE, str(settings.DATA_DIR)).current()


@lru_cache(maxsize=16)
def _keeper(url: str, keys_file: str, data_dir: str) -> MetadataKeeper:
    return MetadataKeeper(url, Path(keys_file), Path(data_dir) / COPY_NAME)


def _pins() -> frozenset[str]:
    try:
        return read_pins(settings.TOKEN_PINS)
    except ValueError as problem:
        raise CertificateProblem(
            "Behörighetsserverns nyckel (PROVSLUSS_TOKEN_PINS) är felskriven. Den skrivs som i Skolverkets "
            "beskrivning: sha256// och 44 tecken."
        ) from problem


def _issuers() -> str:
    """The content of the issuers' file, "" where none is set."""
    if not settings.TOKEN_ISSUERS_FILE:
        return ""
    file = Path(settings.TOKEN_ISSUERS_FILE)
    try:
        content = file.read_bytes()
        x509.load_pem_x509_certificates(content)
    except (OSError, ValueError) as problem:
        raise CertificateProblem(
            f"Utfärdarcertifikaten i {file.name} gick inte att läsa (PROVSLUSS_TOKEN_ISSUERS_FILE). "
            "Filen ska finnas och vara i PEM-format."
        ) from problem
    return content.decode("ascii", errors="ignore")
