"""Where somebody has been logged in before: in this browser, or from this address.

Tries from there are counted by themselves, so that a stranger's tries, however many, do not lock anybody out.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from provsluss.organisations.models import KNOWN_FOR, KnownAddress, User
from provsluss.web.frame.visitor_address import visitor_address

COOKIE = "webblasare"
_MOST_USERS = 10
_MOST_ADDRESSES = 20


def known_place(request: HttpRequest, user_id: int) -> str:
    """A name for the place that the user is known at and the request comes from; empty when it is a strange one.

    `user_id` 0 is nobody, who is looked for in the same way, so that it takes as long.
    """
    if request.user.pk == user_id:
        return f"session {request.session.session_key}"
    browser = _browser(request)
    if user_id in browser["users"]:
        return f"browser {browser['id']}"
    address = _hidden(user_id, visitor_address(request))
    known = KnownAddress.objects.filter(user=user_id, address=address, seen_at__gt=timezone.now() - KNOWN_FOR)
    return f"address {address}" if known.exists() else ""


def remember_place(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """`user` has logged in: the browser and the address are known from now on."""
    browser = _browser(request)
    users = [user.pk, *(pk for pk in browser["users"] if pk != user.pk)][:_MOST_USERS]
    response.set_cookie(
        COOKIE,
        signing.dumps({"id": browser["id"], "users": users}, salt=COOKIE),
        max_age=KNOWN_FOR,
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Lax",
    )
    KnownAddress.objects.update_or_create(
        user=user, address=_hidden(user.pk, visitor_address(request)), defaults={"seen_at": timezone.now()}
    )
    kept = KnownAddress.objects.filter(user=user).order_by("-seen_at").values_list("pk", flat=True)[:_MOST_ADDRESSES]
    KnownAddress.objects.filter(user=user).exclude(pk__in=list(kept)).delete()


def _browser(request: HttpRequest) -> dict[str, Any]:
    """The browser's own name and who has logged in with it; a new one where the cookie is not ours."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return {"id": secrets.token_urlsafe(9), "users": []}
    return dict(found)


def _hidden(user_id: int, address: str) -> str:
    """An address that is not kept as such: enough to know it again for the same user."""
    return salted_hmac("provsluss known address", f"{user_id} {address}", algorithm="sha256").hexdigest()
