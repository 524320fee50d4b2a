"""What the settings of this installation make of it: each is right by itself, but not together or not for real use."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from provsluss.connection.check import Check, right, warning, wrong
from provsluss.installation.unknown_settings import unknown_settings

_HERE = {"127.0.0.1", "localhost", "[::1]"}


def check_settings() -> Iterator[Check]:
    """Misspelt names, debug pages, the key, HTTPS, and addresses without encryption."""
    if unknown := unknown_settings():
        yield warning("Inställningar", " ".join(unknown), "Rätta namnet, eller ta bort inställningen.")
    else:
        yield right("Inställningar", "Alla inställningar har namn som finns.")
    if settings.DEBUG:
        yield wrong(
            "Felsidor",
            "PROVSLUSS_DEBUG är på: den som får ett fel ser program, inställningar och personuppgifter.",
            "Ta bort PROVSLUSS_DEBUG, och starta om.",
        )
    yield right("Nyckel för inloggningar", f"Nyckeln har {len(settings.SECRET_KEY)} tecken.")
    yield _https()
    yield from _open_addresses()


def _https() -> Check:
    title = "HTTPS"
    public = [host for host in settings.ALLOWED_HOSTS if host not in _HERE]
    if "*" in public:
        return warning(
            title,
            "PROVSLUSS_ALLOWED_HOSTS är *, så webben svarar på vilket namn som helst.",
            "Skriv det namn som användarna går till, till exempel provsluss.exempel.se.",
        )
    encrypted = any(origin.startswith("https://") for origin in settings.CSRF_TRUSTED_ORIGINS)
    if not settings.SECURE_COOKIES and (public or encrypted):
        where = public[0] if public else settings.CSRF_TRUSTED_ORIGINS[0]
        return warning(
            title,
            f"Webben svarar på {where}, men PROVSLUSS_HTTPS är av: lösenord och inloggningar kan läsas på vägen.",
            "Sätt en proxy med HTTPS framför, som själv sätter X-Forwarded-Proto, och sätt PROVSLUSS_HTTPS=1.",
        )
    if settings.SECURE_COOKIES and not (public or encrypted):
        return warning(
            title,
            "PROVSLUSS_HTTPS är på, men webben svarar bara på den egna datorns namn. Den som kommer genom en proxy "
            "får fel 400.",
            "Skriv namnet som användarna går till i PROVSLUSS_ALLOWED_HOSTS.",
        )
    if plain := [origin for origin in settings.CSRF_TRUSTED_ORIGINS if origin.startswith("http://")]:
        return warning(
            title,
            f"PROVSLUSS_TRUSTED_ORIGINS släpper in formulär från {plain[0]}, som inte är krypterad.",
            "Skriv den med https://.",
        )
    if settings.SECURE_COOKIES:
        return right(title, "På. Proxyn framför ska själv sätta X-Forwarded-Proto.")
    return right(title, "Av. Webben svarar bara på den egna datorns namn.")


def _open_addresses() -> Iterator[Check]:
    for name in ("PRODUCTION_URL", "VERIFICATION_URL", "TOKEN_URL", "MOA_METADATA_URL"):
        parts = urlsplit(getattr(settings, name))
        if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            yield wrong(
                "Adresser",
                f"PROVSLUSS_{name} börjar med http://, så personuppgifter och behörigheter går okrypterade.",
                "Skriv adressen med https://.",
            )
