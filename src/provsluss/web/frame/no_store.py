"""No page is kept: not by the browser after a logout, and not by a proxy for somebody else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


class NoStoreMiddleware:
    """Adds `Cache-Control: no-store` to every answer: pages, fragments, files, errors and the login.

    Static files, which are the same for everybody, have been answered before it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        add_never_cache_headers(response)
        return response
