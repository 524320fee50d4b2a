"""The search field in every page's head: straight to the person where there is one hit, otherwise to the list.

What is searched for may be a personnummer, so it is posted, and never stands in an address or a log.
"""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from provsluss.web.frame.request import Request
from provsluss.web.frame.school_units import ENDED
from provsluss.web.frame.searches import let_pass, may_be_a_number, to_search
from provsluss.web.frame.tables import read_choice
from provsluss.web.persons.list import FILTERS, SORTS, found_persons
from provsluss.web.persons.pages import list_page


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: Request) -> HttpResponse:
    """To the only person that fits (an ended one where nobody else does), otherwise the list of those who do."""
    text = request.POST.get("text", "")
    for shown in ("", ENDED):
        choice = read_choice({"text": text, "visa": shown}, filters=FILTERS, sorts=SORTS)
        if not choice["text"]:
            break
        # Two are enough to know that there is a choice.
        hits = found_persons(choice, request.reader).order_by("pk").values_list("pk", flat=True)[:2]
        if len(hits) == 1:
            return redirect("person", pk=hits[0])
        if hits:
            return _listed(request, choice["text"], shown)
    return _listed(request, text.strip())


def _listed(request: Request, text: str, shown: str = "") -> HttpResponse:
    if may_be_a_number(text):
        let_pass(request, text, {"visa": shown})
        return list_page(request)
    return to_search(request, reverse("persons"), text, {"visa": shown})
