"""Names of sheets and columns, compared as a person would."""

import re
import unicodedata

_IN_BRACKETS = re.compile(r"\([^()]*\)")


def loose(name: str) -> str:
    """A name without what may differ: case, spaces, hyphens, `&` or `och`, and an explanation in brackets."""
    text = _IN_BRACKETS.sub("", unicodedata.normalize("NFC", name)).casefold().replace("&", "och")
    return "".join(c for c in text if c.isalnum())
