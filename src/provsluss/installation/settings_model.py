"""Every setting of an installation, with its kind and what counts without it. The README tells what each means.

A new setting is a line here, one in `provsluss/settings.py` where Django is to know it, and one in the README's table.
Its name in the environment is PROVSLUSS_ and the field's name in capitals. Where nothing is its default, the Swedish
description says what counts then: it ends the sentence about a wrong value.
"""

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from provsluss.installation.setting_kinds import (
    Count,
    DatabaseUrl,
    Days,
    Directory,
    HostName,
    HostNames,
    LogLevel,
    OptionalUrl,
    Origins,
    Pins,
    Port,
    Rate,
    SecretKey,
    Sender,
    Share,
    Switch,
    Url,
)

PREFIX = "PROVSLUSS_"


class InstallationSettings(BaseSettings):
    """What the environment says. Use `read_settings`, which says what is wrong in Swedish."""

    model_config = SettingsConfigDict(
        alias_generator=lambda field: f"{PREFIX}{field.upper()}",
        case_sensitive=True,  # one name each: two that differ in case would be two answers
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
        validate_default=False,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _is_there(cls, value: Any, info: ValidationInfo) -> Any:
        """Nothing at all is an answer only where nothing is what counts without one."""
        default = cls.model_fields[str(info.field_name)].default
        if isinstance(value, str) and not value.strip() and default not in ("", ()):
            raise ValueError("något annat än tom")
        return value

    # Where everything lives, and who is let in
    data_dir: Directory = Path("data")
    certificate_dir: Directory | None = Field(None, description="då gäller certificates i datakatalogen")
    secret_dir: Directory | None = Field(None, description="då anges hela sökvägen till källornas hemligheter")
    database_url: DatabaseUrl = Field("", description="då används den inbyggda databasen")
    secret_key: SecretKey = Field("", description="då gäller nyckeln i datakatalogen")
    debug: Switch = False
    https: Switch = False
    allowed_hosts: HostNames = ("127.0.0.1", "localhost", "[::1]")
    trusted_origins: Origins = Field((), description="då tas formulär emot bara från den egna adressen")
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = 0

    # Skolverket
    production_url: Url = "https://api.skolverket.se/provtjanst"
    verification_url: Url = "https://apigw-pre.skolverket.se/provtjanst/verifieringstest"
    simulator_url: Url = "http://127.0.0.1:8100"
    token_url: Url = "https://nutid-auth.sunet.se/transaction"  # noqa: S105 - an address
    token_pins: Pins = Field("", description="då kontrolleras inte behörighetsserverns nyckel")
    token_issuers_file: str = Field("", description="då gäller datorns betrodda utfärdare")
    moa_metadata_url: OptionalUrl = Field("", description="då läses inte federationens metadata")
    moa_keys_file: str = Field("", description="då läses inte federationens metadata")
    max_payload_bytes: Annotated[int, Field(ge=1000, le=100_000_000)] = 200_000
    transfer_rate: Rate = 5.0
    read_rate: Rate = 10.0
    calls_at_once: Annotated[int, Field(ge=1, le=100)] = 8
    outgoing_address: Annotated[str, Field(max_length=100)] = Field("", description="då delar alla maskiner på gränsen")
    longest_pause: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)] = 300.0
    job_patience_hours: Annotated[float, Field(gt=0, le=720, allow_inf_nan=False)] = 6.0

    # What is kept, what is asked first
    payload_days: Days = 30
    totals_days: Days = 730
    removal_percent: Share = 10
    removal_count: Count = 20
    max_workbook_bytes: Annotated[int, Field(ge=1000, le=2_000_000_000)] = 60_000_000

    # Running it
    worker_dead_after: Annotated[float, Field(ge=2, le=3600, allow_inf_nan=False)] = 30.0
    log_level: LogLevel = "INFO"
    email_host: HostName = "localhost"
    email_port: Port = 25
    email_from: Sender = "provsluss@localhost"


def setting_names() -> list[str]:
    """The names of all settings in the environment."""
    return [str(field.alias) for field in InstallationSettings.model_fields.values()]
