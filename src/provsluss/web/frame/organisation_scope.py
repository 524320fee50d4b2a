"""Which organisation a request is about, and the guard that keeps every query inside it."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation, User
from provsluss.organisations.reader import Reader

SESSION_KEY = "organisation"


class OrganisationScopeMiddleware:
    """Puts `request.organisation` and `request.reader`, and activates its scope for the whole request.

    The organisation is the one chosen in the session if the user (still) has access to it, otherwise the user's first.
    Without one, `request.organisation` is None, every scoped query raises, and every page but the account's own is the
    one that says so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.organisation = organisation = _chosen(request)  # type: ignore[attr-defined]
        if organisation is None:
            return self.get_response(request)
        request.reader = Reader(cast(User, request.user), organisation)  # type: ignore[attr-defined]
        with scope(organisation=organisation):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Stops somebody without any organisation, kindly."""
        if request.organisation is not None or not request.user.is_authenticated:  # type: ignore[attr-defined]
            return None
        if request.path.startswith(reverse("account_login").removesuffix("logga-in/")):
            return None
        return render(request, "no_organisation.html", status=403)


def _chosen(request: HttpRequest) -> Organisation | None:
    if not request.user.is_authenticated:
        return None
    mine = Organisation.objects.filter(users=request.user)
    if chosen := request.session.get(SESSION_KEY):
        if organisation := mine.filter(pk=chosen).first():
            return organisation
        del request.session[SESSION_KEY]
    return mine.first()
