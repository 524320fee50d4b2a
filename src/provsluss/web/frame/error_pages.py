"""What is shown when a page cannot be: in our frame, in Swedish, with a way on. Never a traceback."""

import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from provsluss.installation.trouble import trouble_sentence

RETRY_AFTER = 300
"""Seconds after which somebody who tried too many times may try again; errors/429.html says so in minutes."""

_log = logging.getLogger(__name__)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent something that cannot be understood."""
    return render(request, "errors/400.html", status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the page is there, but not for this user."""
    return render(request, "errors/403.html", status=403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing here, or it belongs to another organisation; the two look the same on purpose."""
    return render(request, "errors/404.html", status=404)


@requires_csrf_token
def too_large(request: HttpRequest) -> HttpResponse:
    """413: more was sent than is taken, by somebody who is not logged in, or by anybody."""
    return render(request, "errors/413.html", status=413)


@requires_csrf_token
def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too many tries. allauth comes here too, by the name handler429."""
    answer = render(request, "errors/429.html", status=429)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; 503: the database or the disk is away. Made without them, since they may be what failed."""
    problem = sys.exc_info()[1]  # Django asks for the page where it has caught what went wrong
    if problem and trouble_sentence(problem):
        return HttpResponse(render_to_string("errors/503.html"), status=503, headers={"Retry-After": "30"})
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 because the form was too old, or came from somewhere else (CSRF_FAILURE_VIEW)."""
    _log.info("A form was refused: %s", reason)
    return render(request, "errors/csrf.html", status=403)
