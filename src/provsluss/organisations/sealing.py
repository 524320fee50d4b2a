"""Secrets that have to be read again, sealed with this installation's key: the database alone does not tell them."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotUnseal(Exception):
    """The text was not sealed with this installation's key."""


def seal(text: str) -> str:
    """`text` made unreadable to everybody without the key. Sealed twice it looks different."""
    return _fernet(settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS)).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """What `seal` was given. Raises CannotUnseal."""
    try:
        return _fernet(settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS)).decrypt(sealed.encode()).decode()
    except InvalidToken as problem:
        raise CannotUnseal from problem


@lru_cache(maxsize=4)
def _fernet(key: str, earlier_keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(one)) for one in (key, *earlier_keys)])


def _derived(key: str) -> bytes:
    """A key for this alone: what signs sessions must not seal as well."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"provsluss sealing").derive(key.encode())
    return base64.urlsafe_b64encode(derived)
