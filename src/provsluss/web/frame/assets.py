"""The front-end files that npm builds and git does not keep: are they there?"""

from django.contrib.staticfiles import finders

_NEEDED = (
    "theme/provsluss.css",
    "vendor/designsystemet.css",
    "vendor/htmx.min.js",
    "vendor/inter/inter.css",
)

MISSING_ASSETS_SENTENCE = (
    "Webbsidornas utseende är inte byggt, så sidorna går inte att använda. "
    "Kör ”npm ci” och ”npm run build” i projektets katalog (Node 20 eller senare) och starta igen."
)
"""What to say when `missing_assets` finds something."""


def missing_assets() -> list[str]:
    """The front-end files that have not been built, as their names under static/. Empty when all is well."""
    return [name for name in _NEEDED if finders.find(name) is None]
