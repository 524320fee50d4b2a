"""Skolverket's environments and their addresses (rules.md T2–T3, design.md section 5)."""

from dataclasses import dataclass

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
