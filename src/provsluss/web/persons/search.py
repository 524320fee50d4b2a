"""The search field in every page's head: straight to the person where there is one hit, otherwise to the list.

What is searched for may be a personnummer, so it is posted, and never stands in an address or a log.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from provsluss.organisations.permissions import sees_protected
from provsluss.web.frame.school_units import ENDED
from provsluss.web.frame.tables import read_choice
from provsluss.web.persons.list import FILTERS, SORTS, found_persons
from provsluss.web.persons.pages import persons, searched_text


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """To the only person that fits (an ended one where nobody else does), otherwise the list of those who do."""
    text = searched_text(request)
    if request.method != "POST" or not text:
        return redirect("persons")
    for shown in ("", ENDED):
        choice = read_choice({"visa": shown}, filters=FILTERS, sorts=SORTS)
        # Two are enough to know that there is a choice.
        hits = found_persons(choice, text, sees_protected(request.user)).order_by("pk").values_list("pk", flat=True)[:2]
        if len(hits) == 1:
            return redirect("person", pk=hits[0])
        if hits:
            return persons(request, shown)
    return persons(request)
