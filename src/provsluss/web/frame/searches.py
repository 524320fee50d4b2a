"""What somebody searches for stays out of addresses: they are kept in browsers' histories and in logs, and passed on.

A page with a search field is a `search_page`, and its file a `search_export`; both find the text with `kept_search`.
The form is posted, the text goes into the session (which is sealed), and in the address stands a word for it, under
WORD. So order, pages, filters and files keep the search.

What may be a personnummer is kept nowhere: the page is the answer to the form, and holds the text sealed, under SEALED,
in a form that its buttons for order, pages and files post again.
"""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from provsluss.organisations.sealing import CannotUnseal, seal, unseal
from provsluss.web.frame.request import Request
from provsluss.web.frame.tables import LONGEST_FILTER, PAGE, SIZE, SORT

WORD, SEALED = "sokning", "sokt"
FORM = "sok-i-listan"
"""The id of the form of a page whose search is kept nowhere."""

_NUMBER_IN_TEXT = re.compile(r"\d{6,8}[-+ ]?(?:\d{4}|TF\d{2})", re.IGNORECASE)
_BIRTH_DATE = re.compile(r"(?:19|20)\d{6}-?")
_DIGITS_OF_A_DATE = 6
_SEARCHES = "searches"
_SEARCHES_KEPT = 20

Page = Callable[Concatenate[Request, ...], HttpResponseBase]


class SearchForgotten(Exception):
    """The session does not know the word in the address: it is another session's, or an old one."""


@dataclass(frozen=True, slots=True)
class PassingSearch:
    """A search that is kept nowhere."""

    text: str
    sealed: str


def search_page(
    field: str, names: Sequence[str], *, anchor: str = "", only_names: bool = False
) -> Callable[[Page], Page]:
    """Makes a view a page whose filter form is posted to it: `field` is what is searched for, `names` the other fields.

    The view itself reads request.GET, however it was asked. `anchor` is where on the page the list stands. With
    `only_names` a personnummer is not searched for, and the page says where it can be.
    """

    def decorated(view: Page) -> Page:
        @wraps(view)
        def page(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            is_form = request.method == "POST"
            asked = request.POST if is_form else request.GET
            text = _text(asked, field)
            if only_names and holds_number(text):
                text = ""
                messages.info(request, "Här söker du på namn. Ett personnummer söker du på under Personer.")
            rest = {name: asked.get(name, "") for name in (*names, SORT, SIZE) if name != field}
            if may_be_a_number(text):
                let_pass(request, text, rest | {PAGE: asked.get(PAGE, "")})
            elif is_form:
                return to_search(request, request.path, text, rest, anchor)
            elif asked.get(field):  # an address from before, or made by hand: no link on the page is like it
                request.GET = _query(rest | {PAGE: asked.get(PAGE, ""), WORD: _keep(request, text)})
            return view(request, *args, **kwargs)

        return require_http_methods(["GET", "HEAD", "POST"])(page)

    return decorated


def search_export(field: str) -> Callable[[Page], Page]:
    """Makes a view the file of a search page: in the filter of the address, and of a search that is posted with it."""

    def decorated(view: Page) -> Page:
        @wraps(view)
        def export(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if text := _text(request.POST, field) or _text(request.GET, field):
                request.passing_search = PassingSearch(text, "")  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return export

    return decorated


def to_search(
    request: HttpRequest, address: str, text: str, rest: Mapping[str, str], anchor: str = ""
) -> HttpResponseRedirect:
    """To the page at `address`, with `text` kept as what is searched for, and `rest` in the address beside it."""
    query = _query(dict(rest) | ({WORD: _keep(request, text)} if text else {}))
    return HttpResponseRedirect(address + (f"?{query.urlencode()}" if query else "") + anchor)


def let_pass(request: HttpRequest, text: str, rest: Mapping[str, str]) -> None:
    """The answer to this request is a page with a search for `text` that is kept nowhere, and `rest` beside it."""
    request.GET = _query(rest)
    request.passing_search = PassingSearch(text, seal(text))  # type: ignore[attr-defined]


def kept_search(request: HttpRequest) -> str:
    """What is searched for, empty for nothing.

    Raises SearchForgotten for a file or a fragment; on a page a message says that it is forgotten.
    """
    if passing := passing_search(request):
        return passing.text
    word = request.GET.get(WORD, "")
    kept: dict[str, str] = request.session.get(_SEARCHES, {})
    if not word or word in kept:
        return kept[word] if word else ""
    if request.htmx or _is_file(request):  # type: ignore[attr-defined]
        raise SearchForgotten
    _say_forgotten(request)
    request.GET = _query({name: request.GET[name] for name in request.GET if name != WORD})
    return ""


def passing_search(request: HttpRequest) -> PassingSearch | None:
    """The search, if it is one that is kept nowhere."""
    return getattr(request, "passing_search", None)


class ForgottenSearchMiddleware:
    """A forgotten search never leads to a file with everything in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """A fragment loads its page anew, and a file (`groups_export`) leads to its page (`groups`), which say so."""
        if not isinstance(problem, SearchForgotten) or (match := request.resolver_match) is None:
            return None
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRefresh()
        _say_forgotten(request)
        return HttpResponseRedirect(
            reverse(match.view_name.removesuffix("_export"), args=match.args, kwargs=match.kwargs)
        )


def holds_number(text: str) -> bool:
    """Whether `text` holds a personnummer, or the date that one begins with."""
    return bool(_NUMBER_IN_TEXT.search(text) or is_birth_date(text))


def is_birth_date(text: str) -> bool:
    """Whether `text` is the first eight digits of a personnummer."""
    return bool(_BIRTH_DATE.fullmatch(text.strip()))


def may_be_a_number(text: str) -> bool:
    """Whether `text` may hold a personnummer, or the beginning of one."""
    return sum(letter.isdigit() for letter in text) >= _DIGITS_OF_A_DATE


def holds_name(text: str) -> Q:
    """The name holds the text. SQLite knows upper and lower case in ASCII only, so å, ä and ö are tried in both."""
    spellings = {text} if text.isascii() else {text, text.lower(), text.upper(), text.title()}
    holds = Q()
    for spelling in spellings:
        holds |= Q(name__icontains=spelling)
    return holds


def _text(asked: QueryDict, field: str) -> str:
    """What was written, otherwise what was searched for before and is kept nowhere else."""
    if text := asked.get(field, "").strip():
        return text[:LONGEST_FILTER]
    sealed = asked.get(SEALED)
    try:
        return unseal(sealed) if sealed else ""
    except CannotUnseal:
        return ""


def _keep(request: HttpRequest, text: str) -> str:
    """Puts `text` in the session and returns a word for it."""
    kept: dict[str, str] = request.session.get(_SEARCHES, {})
    word = secrets.token_urlsafe(6)
    request.session[_SEARCHES] = dict([*kept.items(), (word, text)][-_SEARCHES_KEPT:])
    return word


def _query(asked: Mapping[str, str]) -> Any:
    """An address's query that has what is not empty in `asked`."""
    return QueryDict(urlencode({name: value for name, value in asked.items() if value}))


def _is_file(request: HttpRequest) -> bool:
    return bool(request.resolver_match and request.resolver_match.view_name.endswith("_export"))


def _say_forgotten(request: HttpRequest) -> None:
    messages.info(request, "Sökningen finns inte kvar, så listan visar allt. Sök igen.")
