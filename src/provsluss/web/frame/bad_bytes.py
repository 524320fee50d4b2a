"""What a database refuses is refused at the door: a NUL, which nobody writes, and numbers too large for a key."""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, UnreadablePostError

_LARGEST_KEY = 2**63 - 1


class BadBytesMiddleware:
    """Raises BadRequest for a NUL in address, query, cookies or form, and Http404 for a number that no key can be.

    Stands before everything that reads them.

    Other bytes that are no UTF-8 have become the sign for it (U+FFFD) when Django read them, and harm nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _demand_none([request.path_info, *chain(*request.COOKIES.items()), *_texts(request.GET)])
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """The form, which is read before the view in any case: it holds the proof that it is ours."""
        if any(isinstance(one, int) and one > _LARGEST_KEY for one in kwargs.values()):
            raise Http404
        try:
            form = request.POST
        except UnreadablePostError as problem:
            raise BadRequest("The form did not arrive whole.") from problem
        _demand_none(_texts(form))


def _texts(asked: QueryDict) -> Iterable[str]:
    return chain(asked.keys(), *(values for _, values in asked.lists()))


def _demand_none(texts: Iterable[str]) -> None:
    if any("\0" in text for text in texts):
        raise BadRequest("NUL in what was sent.")
