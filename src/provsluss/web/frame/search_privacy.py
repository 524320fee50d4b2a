"""Keeps names and personnummer that somebody searches for out of addresses."""

import re
import secrets

from django.db.models import Q
from django.http import HttpRequest

_NUMBER_IN_TEXT = re.compile(r"\d{6,8}[-+ ]?(?:\d{4}|TF\d{2})", re.IGNORECASE)
_BIRTH_DATE = re.compile(r"(?:19|20)\d{6}-?")
_SEARCHES = "searches"
_SEARCHES_KEPT = 20
_DIGITS_OF_A_DATE = 6
_DIGITS_OF_A_BIRTH_DATE = 8
_DIGITS_WITHOUT_CENTURY = 10


def must_stay_out_of_urls(text: str) -> bool:
    """Whether `text` holds what may be a personnummer, or the beginning of one."""
    return bool(_NUMBER_IN_TEXT.search(text) or _BIRTH_DATE.fullmatch(text.strip()))


def holds_name(text: str) -> Q:
    """The name holds the text. SQLite knows upper and lower case in ASCII only, so å, ä and ö are tried in both."""
    spellings = {text} if text.isascii() else {text, text.lower(), text.upper(), text.title()}
    holds = Q()
    for spelling in spellings:
        holds |= Q(name__icontains=spelling)
    return holds


def may_be_a_number(text: str) -> bool:
    """Whether `text` may hold a personnummer, or the beginning of one: it is then kept nowhere, not even here."""
    return sum(letter.isdigit() for letter in text) >= _DIGITS_OF_A_DATE


def keep_search(request: HttpRequest, text: str) -> str:
    """Puts the name that was searched for in the session and returns a word for the address: names do not end up in
    addresses, browser history or logs. What `may_be_a_number` must not come here."""
    kept: dict[str, str] = request.session.get(_SEARCHES, {})
    word = secrets.token_urlsafe(6)
    request.session[_SEARCHES] = dict([*kept.items(), (word, text)][-_SEARCHES_KEPT:])
    return word


def kept_search(request: HttpRequest, word: str) -> str:
    """What `word` stood for; empty when the session has forgotten it."""
    return str(request.session.get(_SEARCHES, {}).get(word, ""))
