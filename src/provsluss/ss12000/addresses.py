"""E-mail addresses, and what is written around them (and around an EPPN) that is no part of them."""

import re

_LABEL = r"[^@\s,;:<>().\"'=]+"
_EMAIL = re.compile(rf"[^@\s,;:<>().\"]+(?:\.[^@\s,;:<>().\"]+)*@{_LABEL}(?:\.{_LABEL})+")
_IN_BRACKETS = re.compile(r"[^<>@]*<([^<>\s]+@[^<>\s]+)>")
_SCHEME = re.compile(r"(?:mailto|smtp|sip):\s*", re.IGNORECASE)
_QUOTES = " '\"’‘“”´`"
_BEFORE, _AFTER = f"{_QUOTES}=<", f"{_QUOTES}>.,;:"
LONGEST_ADDRESS = 255


def is_email(text: str) -> bool:
    """Whether `text` is one address: no two dots in a row, none first or last (RFC 5321), and a domain with a dot."""
    return len(text) <= LONGEST_ADDRESS and _EMAIL.fullmatch(text) is not None


def bare_address(text: str) -> str:
    """`text` without what is certainly not part of the address in it: `mailto:`, `'` or `=` in front, `Kim <…>`.

    What has no @, or several, comes back as it is.
    """
    while (barer := _without_a_layer(text)) != text:
        text = barer
    return text


def _without_a_layer(text: str) -> str:
    if text.count("@") != 1:
        return text
    if inside := _IN_BRACKETS.fullmatch(text):
        text = inside[1]
    bare = text.lstrip(_BEFORE)
    if scheme := _SCHEME.match(bare):
        bare = bare[scheme.end() :].partition("?")[0]
    local, _, domain = bare.rstrip(_AFTER).partition("@")
    local, domain = local.strip(), domain.strip()
    return f"{local}@{domain}" if local and domain else text
