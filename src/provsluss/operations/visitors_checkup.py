"""Whether visitors can be told apart, so that one's tries to log in do not stop the others."""

from collections.abc import Iterator

from django.conf import settings

from provsluss.connection.check import Check, right, warning


def check_visitors() -> Iterator[Check]:
    """What the settings say of the proxy in front; nothing where there is none."""
    if not settings.SECURE_COOKIES:
        return
    title = "Besökares adresser"
    if settings.TRUSTED_PROXIES:
        yield right(title, f"Läses ur X-Forwarded-For, bakom {settings.TRUSTED_PROXIES} led av egna proxyservrar.")
    else:
        yield warning(
            title,
            "PROVSLUSS_HTTPS är på, så en proxyserver står framför. Alla besökare ser då ut att ha proxyns adress, och "
            "många felaktiga inloggningar från ett håll kan hindra den som loggar in på en ny plats.",
            "Sätt PROVSLUSS_TRUSTED_PROXIES till antalet proxyservrar, och låt dem sätta X-Forwarded-For.",
        )
