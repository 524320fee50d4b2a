"""Skolverket's environments and their addresses (rules.md T2–T3, design.md section 5)."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models


class Environment(models.TextChoices):
    """Which of Skolverket's systems an organisation sends to. Results and history are kept apart between them."""

    PRODUCTION = "produktion", "Produktion"
    VERIFICATION = "verifieringstest", "Verifieringstest"
    SIMULATOR = "simulator", "Simulator"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The base URLs of one environment, without a slash at the end."""

    provisioning: str
    open_data: str
    token: str


def addresses(environment: str) -> Addresses:
    """The addresses of `environment` (a value of Environment). Raises ValueError for an unknown one."""
    match Environment(environment):
        case Environment.PRODUCTION:
            base = settings.PRODUCTION_URL
            return Addresses(f"{base}/provisioning/v1", f"{base}/open-data/v1", settings.TOKEN_URL)
        case Environment.VERIFICATION:
            base = settings.VERIFICATION_URL
            return Addresses(f"{base}/provisioning/v1", f"{base}/open-data/v1", settings.TOKEN_URL)
        case Environment.SIMULATOR:
            base = settings.SIMULATOR_URL
            return Addresses(f"{base}/provisioning/v1", f"{base}/open-data/v1", f"{base}/transaction")


def place(environment: str) -> str:
    """Where `environment` is now, as it is remembered with what is sent there: another address is another place."""
    return written_in_one_way(addresses(environment).provisioning)


@lru_cache(maxsize=64)
def written_in_one_way(address: str) -> str:
    """An address is the same whatever case and port it is set with; a password in it is nothing to remember."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # nothing will ever be sent there
        return address
    if host in ("localhost", "::1"):
        host = "127.0.0.1"
    elif ":" in host:
        host = f"[{host}]"
    is_usual = port in (None, {"http": 80, "https": 443}.get(parts.scheme))
    return f"{parts.scheme}://{host}{'' if is_usual else f':{port}'}{parts.path.rstrip('/')}"
