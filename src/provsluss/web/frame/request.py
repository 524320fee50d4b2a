"""A request as pages get it: somebody who is logged in, and the organisation that it is about."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from provsluss.organisations.models import Organisation, User
from provsluss.organisations.reader import Reader


class Request(HttpRequest):
    """What the middlewares in `settings.MIDDLEWARE` have put on it when a view behind login is called.

    There is always an organisation: whoever has none is stopped before (organisation_scope.py), and with it a scope is
    active.
    """

    user: User
    organisation: Organisation
    reader: Reader
    htmx: HtmxDetails
