"""The way to Skolverket for one organisation: address, token and limits, made once in each process."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from provsluss.organisations.environments import Environment, addresses
from provsluss.organisations.models import ClientKey, Organisation
from provsluss.provtjanst.certificates import client_context, fingerprint
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.limits import shared_limits
from provsluss.provtjanst.tokens import TokenSource


def client_for(organisation: Organisation, environment: str) -> ProvisioningClient:
    """The client for what `organisation` sends to `environment`.

    Made anew when the organisation's connection settings change, so that the token is kept between calls. Raises
    CertificateProblem, with a Swedish sentence, if the certificate cannot be used.
    """
    return _client(
        environment,
        organisation.number,
        organisation.client_key,
        organisation.entity_id,
        organisation.certificate_file,
        organisation.private_key_file,
        settings.SIMULATOR_URL,
    )


@lru_cache(maxsize=256)
def _client(
    environment: str,
    number: str,
    client_key: str,
    entity_id: str,
    certificate_file: str,
    private_key_file: str,
    _simulator_url: str,
) -> ProvisioningClient:
    there = addresses(environment)
    limits = shared_limits(there.provisioning, settings.TRANSFER_RATE, settings.READ_RATE)
    if environment == Environment.SIMULATOR:
        # The simulator speaks plain HTTP on this machine; the name of the key keeps organisations apart.
        tokens = TokenSource(there.token, entity_id or f"urn:provsluss:{number}", None, there.provisioning)
    else:
        certificate, key = Path(certificate_file), Path(private_key_file)
        name = entity_id if client_key == ClientKey.ENTITY_ID else fingerprint(certificate)
        tokens = TokenSource(there.token, name, client_context(certificate, key), there.provisioning)
    return ProvisioningClient(there.provisioning, tokens, limits)
