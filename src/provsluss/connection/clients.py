"""The way to Skolverket for one organisation: address, token and limits, made once in each process."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from provsluss.connection.authorisation_server import authorisation_server
from provsluss.organisations.environments import Addresses, Environment, addresses
from provsluss.organisations.models import ClientKey, Organisation
from provsluss.provtjanst.certificates import client_context, fingerprint
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.limits import shared_limits
from provsluss.provtjanst.tokens import Identity, TokenSource


def client_for(organisation: Organisation, environment: str, urgent: bool = False) -> ProvisioningClient:
    """The client for what `organisation` sends to `environment`; the calls of an `urgent` one go before all others.

    Its calls raise CertificateProblem, with a Swedish sentence, if the certificate cannot be used.
    """
    there = addresses(environment)
    tokens = tokens_for(organisation, environment)
    return _client(there.provisioning, tokens, organisation.number, settings.TRANSFER_RATE, settings.READ_RATE, urgent)


def tokens_for(organisation: Organisation, environment: str) -> TokenSource:
    """The organisation's tokens for `environment`, shared by all threads of this process.

    Made anew when the organisation's connection settings change, so that a token is kept between calls.
    """
    return _tokens(
        environment,
        addresses(environment),
        organisation.number,
        organisation.client_key,
        organisation.entity_id,
        organisation.certificate_file,
        organisation.private_key_file,
    )


def needs_certificate(environment: str) -> bool:
    """Whether a client certificate is shown: always but to the simulator, which speaks plain HTTP on this machine."""
    return environment != Environment.SIMULATOR


@lru_cache(maxsize=256)
def _client(
    url: str, tokens: TokenSource, organisation_number: str, transfer_rate: float, read_rate: float, urgent: bool
) -> ProvisioningClient:
    limits = shared_limits(url, transfer_rate, read_rate)
    # A name of its own, so that the calls of the same organisation's large transfer leave room between them for it.
    caller = f"{organisation_number} nu" if urgent else organisation_number
    return ProvisioningClient(url, tokens, limits.of(caller, urgent))


@lru_cache(maxsize=256)
def _tokens(
    environment: str,
    there: Addresses,
    number: str,
    client_key: str,
    entity_id: str,
    certificate_file: str,
    private_key_file: str,
) -> TokenSource:
    def identify() -> Identity:
        """Read before each token, so that a renewed certificate or pin counts without a restart."""
        if not needs_certificate(environment):
            # The name of the key alone keeps organisations apart.
            return Identity(entity_id or f"urn:provsluss:{number}", None, number)
        certificate, key = Path(certificate_file), Path(private_key_file)
        name = entity_id if client_key == ClientKey.ENTITY_ID else fingerprint(certificate)
        return Identity(name, client_context(certificate, key, authorisation_server().server), number)

    return TokenSource.identified_by(there.token, identify, there.provisioning)
