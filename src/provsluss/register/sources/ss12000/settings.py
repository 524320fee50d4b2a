"""How one register's API is reached, and which choices are made where it is unclear: Source.settings of this kind."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.ss12000.addresses import demand_address

AUTHENTICATIONS = {
    "none": "Ingen",
    "bearer": "Nyckel (Bearer)",
    "header": "Nyckel i en egen rubrik",
    "client-credentials": "OAuth 2.0, client credentials",
    "schoolsoft": "SchoolSoft",
}
"""The ways in, and what a user calls them."""
Authentication = Literal["none", "bearer", "header", "client-credentials", "schoolsoft"]
NOT_READABLE = "Källans inställningar går inte att läsa. Ta bort källan och lägg till den igen."


class Choices(BaseModel):
    """What is decided where the register does not say it clearly; as they stand the careful way is taken."""

    model_config = ConfigDict(extra="forbid")

    ignore_cancelled: bool = False
    """Whether an enrolment that is marked as cancelled still counts; some registers mark nearly all."""
    unmarked_is_open: bool = False
    """Whether somebody without securityMarking is unprotected. Otherwise it is unknown, and nobody new is read in."""
    private_staff_email: bool = False
    """Whether staff that only has a private address is read in with it."""
    test_groups: bool = False
    """Whether a group of the type Provgrupp is a teaching group."""


CHOICES = {
    "ignore_cancelled": "En inskrivning som är markerad som avbruten räknas ändå",
    "unmarked_is_open": "Den som saknar uppgift om sekretessmarkering är oskyddad",
    "private_staff_email": "Personal som bara har en privat e-postadress läses in med den",
    "test_groups": "Grupper av typen Provgrupp är undervisningsgrupper",
}
"""What each of the choices means when it is made."""


class Settings(BaseModel):
    """As it is stored. Secrets are never here, only the names of their files."""

    model_config = ConfigDict(extra="forbid")

    url: str
    auth: Authentication = "none"
    secret_file: str = ""
    client_id: str = ""
    token_url: str = ""
    scope: str = ""
    header: str = "X-API-Key"
    organisation: str = ""
    """SchoolSoft's orgId."""
    certificate_file: str = ""
    key_file: str = ""
    inner_allowed: bool = False
    """Whether an operator has allowed an address on the inside, or one without TLS."""
    choices: Choices = Field(default_factory=Choices)


def read_settings(stored: object) -> Settings:
    """The settings of a source. Raises SourceRefused if what is stored is of another shape."""
    try:
        return Settings.model_validate(stored)
    except ValidationError:
        raise SourceRefused(NOT_READABLE) from None


def checked_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """As they are stored. Raises SourceRefused with what is wrong or has to be given besides."""
    settings = read_settings(given)
    if missing := _missing(settings):
        raise SourceRefused(" ".join(missing))
    demand_address(settings.url, settings.inner_allowed)
    if settings.token_url:
        demand_address(settings.token_url, settings.inner_allowed)
    return settings.model_dump(exclude_defaults=True)


def _missing(settings: Settings) -> list[str]:
    missing = []
    if settings.auth != "none" and not settings.secret_file:
        missing.append("Ange filen med hemligheten.")
    if settings.auth == "client-credentials":
        if not settings.client_id:
            missing.append("Ange klientens id.")
        if not settings.token_url:
            missing.append("Ange adressen där åtkomstintyget hämtas.")
    if settings.auth == "schoolsoft" and not settings.organisation.isdigit():
        missing.append("Ange organisationens nummer hos SchoolSoft.")
    if bool(settings.certificate_file) != bool(settings.key_file):
        missing.append("Ange både certifikatets fil och nyckelns fil.")
    return missing
