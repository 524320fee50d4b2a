"""Which of one's organisations to work with."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from provsluss.organisations.models import Organisation
from provsluss.web.frame.organisation_scope import SESSION_KEY
from provsluss.web.frame.request import Request


@require_POST
def switch_organisation(request: Request) -> HttpResponse:
    """Works with the organisation whose id is posted from now on. 404 for one that is not the user's."""
    chosen = Organisation.objects.filter(users=request.user.pk)
    wanted = request.POST.get("organisation", "")
    organisation = next((one for one in chosen if str(one.pk) == wanted), None)
    if organisation is None:
        raise Http404
    request.session[SESSION_KEY] = str(organisation.pk)
    return redirect("overview")
