"""Names in the environment that look like a setting of ours and are none: a misspelt one would silently do nothing."""

import os
from collections.abc import Mapping
from difflib import get_close_matches

from provsluss.installation.settings_model import PREFIX, setting_names

_LOOKS_LIKE_OURS = PREFIX[:-3].casefold()  # also where PROVSLUSS itself is misspelt at its end


def unknown_settings(environment: Mapping[str, str] | None = None) -> list[str]:
    """A Swedish sentence for each, with the nearest name that there is. Their values are not told."""
    known = setting_names()
    names = os.environ if environment is None else environment
    unknown = sorted(name for name in names if name.casefold().startswith(_LOOKS_LIKE_OURS) and name not in known)
    return [_sentence(name, known) for name in unknown]


def _sentence(name: str, known: list[str]) -> str:
    nearest = get_close_matches(name.upper().replace("-", "_"), known, 1, 0.6)
    meant = f" Menade du {nearest[0]}?" if nearest else ""
    return f"Inställningen {name} finns inte, så den gör ingenting.{meant}"
