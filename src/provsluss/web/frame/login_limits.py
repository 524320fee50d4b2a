"""How many tries to log in: few enough against guessing, counted so that nobody can lock another out.

A try from a place where the account has been logged in before (`known_places`) is counted for that place alone. A try
from elsewhere is counted for the account at that address, for the account everywhere, and for the address. So
somebody's tries elsewhere, or on a colleague's account behind the same address, never stop who has been here before,
and do not stop anybody at all until there are very many.

What counts is what was typed, also where no such account exists: the limit does not tell which ones do. Tries that
succeed are not counted. All processes count together, in the cache of the database.
"""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.http import HttpRequest

from provsluss.organisations.models import User
from provsluss.web.frame.error_pages import too_many_requests
from provsluss.web.frame.known_places import known_place
from provsluss.web.frame.visitor_address import visitor_address

_HERE = "5/5m/key"
"""Wrong tries at one account from one place."""
_ACCOUNT = "50/5m/key"
"""Wrong tries at one account from all strange places together."""
_CODE = "10/5m/key"
"""The same for the second step, whose codes have six digits only; who comes there has the password."""
_ADDRESS = "100/5m/key"
"""Wrong tries from one address, at accounts that are strangers there."""


def count_password(request: HttpRequest, name: str, user: User | None) -> ratelimit.RateLimitUsage:
    """One more try with a password at the account that goes by `name`: `user`, or none. Its `rollback` takes it back.

    Raises ImmediateHttpResponse, with the page that says so, where there have been too many.
    """
    return _count(request, "password", name, user, _ACCOUNT)


def count_code(request: HttpRequest, user: User) -> ratelimit.RateLimitUsage:
    """One more try with a code at the second step; as above."""
    return _count(request, "code", str(user.pk), user, _CODE)


def _count(request: HttpRequest, what: str, name: str, user: User | None, everywhere: str) -> ratelimit.RateLimitUsage:
    limits: list[tuple[str, object]]
    user_id = user.pk if user else 0
    if place := known_place(request, user_id):
        limits = [(_HERE, ("known", user_id, place))]
    else:
        address = visitor_address(request)
        limits = [(_HERE, ("strange", name, address)), (everywhere, ("account", name)), (_ADDRESS, ("from", address))]
    counted = ratelimit.RateLimitUsage(usage=[])
    for rate, key in limits:
        usage = ratelimit.consume(request, app="provsluss", action=what, config={what: rate}, key=repr(key))
        if usage is None:
            counted.rollback()  # a try that is not made counts nowhere
            raise ImmediateHttpResponse(too_many_requests(request))
        counted.usage += usage.usage
    return counted
