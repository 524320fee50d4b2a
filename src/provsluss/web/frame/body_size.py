"""What is too large is refused by its head, before any of it has been read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from provsluss.web.frame.error_pages import too_large

MOST_FOR_ANYBODY = 64 * 1024
"""Bytes that a form of somebody who is not logged in may have: a password and a code. The server (cli/patient_worker)
waits for so many itself, so that no thread of the web does."""
_MOST_DIGITS = 16
_ROUND_A_WORKBOOK = 1_000_000
"""What a form with a file holds besides."""


class BodySizeMiddleware:
    """Answers 413 where more has been announced than may come. Stands before everything that reads forms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = _announced(request)
        if announced > MOST_FOR_ANYBODY and not request.user.is_authenticated:
            return too_large(request)
        if announced > settings.MAX_WORKBOOK_BYTES + _ROUND_A_WORKBOOK:
            return too_large(request)
        return self.get_response(request)


def _announced(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        return 0  # nor does anybody read such a body
    return int(length[:_MOST_DIGITS])
