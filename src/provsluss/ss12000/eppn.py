"""EPPN (federationsanvändarnamn): its form, and its likeness to the name that gives Warning 3047."""

import re
import unicodedata

_EPPN = re.compile(r"[^@\s]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+")


def is_eppn(text: str) -> bool:
    """Whether `text` is a local part, an @ and a domain (rules.md P5)."""
    return _EPPN.fullmatch(text) is not None


def resembles_name(eppn: str, given_name: str, family_name: str) -> bool:
    """Whether Skolverket would warn with 3047 (rules.md P7).

    The local part holds the first three letters of the family name, or its first two and the given name's first two.
    How Skolverket treats case, å/ä/ö and double names is not public; our choice: case does not matter, å/ä/ö count as
    a/a/o as well as themselves, what is no letter is left out of a name (Al-Ali begins with ala), and of several names
    only the beginning of the first counts.
    """
    local = eppn.partition("@")[0]
    return any(
        _resembles(form(local), _only_letters(form(given_name)), _only_letters(form(family_name)))
        for form in (_letters, _plain_letters)
    )


def _resembles(local: str, given: str, family: str) -> bool:
    if len(family) >= 3 and family[:3] in local:
        return True
    return len(family) >= 2 and len(given) >= 2 and family[:2] in local and given[:2] in local


def _only_letters(name: str) -> str:
    return name if name.isalpha() else "".join(letter for letter in name if letter.isalpha())


def _letters(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _plain_letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
