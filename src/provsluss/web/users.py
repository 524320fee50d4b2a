"""Inställningar, Användare: who may work with this huvudman."""

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from provsluss.organisations.models import User
from provsluss.web.protected import sees_protected


@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """The list. Accounts are made with the `provsluss` command by whoever runs the system."""
    organisation = request.organisation  # type: ignore[attr-defined]
    mine = User.objects.filter(organisations=organisation).order_by("username")
    with_app = set(
        Authenticator.objects.filter(user__in=mine, type=Authenticator.Type.TOTP).values_list("user_id", flat=True)
    )
    rows = [(user, user.pk in with_app, sees_protected(user)) for user in mine]
    return render(request, "settings/users.html", {"rows": rows, "number": organisation.number})
