"""What every page's frame shows."""

from typing import Any

from django.http import HttpRequest

from provsluss.organisations.models import Organisation


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for base.html: the organisation in use, those to choose from, and which room of the menu is current."""
    organisation = getattr(request, "organisation", None)
    mine = (
        Organisation.objects.filter(users=request.user)
        if request.user.is_authenticated
        else Organisation.objects.none()
    )
    return {"organisation": organisation, "my_organisations": mine}
