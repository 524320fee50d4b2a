"""Inställningar, Användare: who may work with this huvudman."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from provsluss.organisations.access import set_sees_protected as set_sees_protected_in
from provsluss.organisations.models import Organisation, OrganisationAccess, User
from provsluss.organisations.reader import Reader
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.request import Request


@require_safe
def users(request: Request) -> HttpResponse:
    """The list. Accounts are made with the `provsluss` command by whoever runs the system."""
    organisation = request.organisation
    context = {
        "rows": _rows(organisation),
        "number": organisation.number,
        "may_change": request.reader.is_operator,
    }
    return render(request, "settings/users.html", context)


@require_POST
def set_sees_protected(request: Request, pk: int) -> HttpResponse:
    """Let a user of this organisation see its protected persons, or no longer. For operators only."""
    organisation = request.organisation
    access = get_object_or_404(OrganisationAccess.objects.select_related("user"), user=pk, organisation=organisation)
    if not request.reader.is_operator:
        raise PermissionDenied
    set_sees_protected_in(access, request.POST.get("far") == "ja", by=request.user)
    said = "får se" if access.sees_protected else "får inte längre se"
    messages.success(request, f"{access.user.username} {said} personer med skyddade personuppgifter.")
    return redirect("users")


@require_safe
def export(request: Request) -> FileResponse:
    """The list as Excel."""
    columns = ["Användarnamn", "Namn", "E-postadress", "Tvåfaktor", "Får se skyddade personer", "Senast inloggad"]
    rows = (
        [user.username, user.get_full_name(), user.email, has_app, sees, user.last_login]
        for user, has_app, sees in _rows(request.organisation)
    )
    return workbook_response(f"användare {timezone.localdate():%Y-%m-%d}.xlsx", "Användare", columns, rows)


def _rows(organisation: Organisation) -> list[tuple[User, bool, bool]]:
    """Each user, whether two-factor login is on, and whether protected persons are shown."""
    mine = User.objects.filter(organisations=organisation).order_by("username")
    with_app = set(
        Authenticator.objects.filter(user__in=mine, type=Authenticator.Type.TOTP).values_list("user_id", flat=True)
    )
    return [(user, user.pk in with_app, Reader(user, organisation).sees_protected) for user in mine]
