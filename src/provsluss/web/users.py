"""Inställningar, Användare: who may work with this huvudman."""

from allauth.mfa.models import Authenticator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from provsluss.organisations.models import Organisation, User
from provsluss.web.excel import workbook_response
from provsluss.web.protected import sees_protected


@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """The list. Accounts are made with the `provsluss` command by whoever runs the system."""
    organisation = request.organisation  # type: ignore[attr-defined]
    return render(request, "settings/users.html", {"rows": _rows(organisation), "number": organisation.number})


@require_safe
def export(request: HttpRequest) -> FileResponse:
    """The list as Excel."""
    columns = ["Användarnamn", "Namn", "E-postadress", "Tvåfaktor", "Får se skyddade personer", "Senast inloggad"]
    rows = (
        [user.username, user.get_full_name(), user.email, has_app, sees, user.last_login]
        for user, has_app, sees in _rows(request.organisation)  # type: ignore[attr-defined]
    )
    return workbook_response(f"användare {timezone.localdate():%Y-%m-%d}.xlsx", "Användare", columns, rows)


def _rows(organisation: Organisation) -> list[tuple[User, bool, bool]]:
    """Each user, whether two-factor login is on, and whether protected persons are shown."""
    mine = User.objects.filter(organisations=organisation).order_by("username")
    with_app = set(
        Authenticator.objects.filter(user__in=mine, type=Authenticator.Type.TOTP).values_list("user_id", flat=True)
    )
    return [(user, user.pk in with_app, sees_protected(user)) for user in mine]
