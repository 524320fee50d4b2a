"""What every page's frame shows: the organisation, its environment, the menu, light or dark."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from provsluss.operations.queue_pause import current_pause
from provsluss.organisations.environments import Environment
from provsluss.organisations.models import Organisation

COLOR_SCHEME_COOKIE = "utseende"
COLOR_SCHEMES = ("auto", "light", "dark")

ENVIRONMENT_SAYS = {
    Environment.PRODUCTION: "Det du skickar gäller på riktigt",
    Environment.VERIFICATION: "Det du skickar hamnar i Skolverkets testmiljö",
    Environment.SIMULATOR: "Det du skickar stannar här i datorn",
}


_FOR_OPERATORS = {"operations"}


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the menu."""

    title: str
    url: str
    is_here: bool
    is_exact: bool
    icon: str = ""
    below: list["MenuItem"] = field(default_factory=list)


_MENU: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    ("Översikt", "overview", "overview", ()),
    (
        "Register",
        "imports",
        "register",
        (
            ("Inläsningar", "imports"),
            ("Källor", "sources"),
            ("Personer", "persons"),
            ("Grupper", "groups"),
            ("Åtkomst", "access"),
        ),
    ),
    ("Provaktiviteter", "test_activities", "test", ()),
    ("Kontroll", "control", "control", ()),
    ("Historik", "history", "history", ()),
    ("Drift", "operations", "operations", ()),
    (
        "Inställningar",
        "settings",
        "settings",
        (
            ("Huvudman", "settings"),
            ("Anslutning", "connection"),
            ("Skolenheter", "catalogue"),
            ("Nationella prov", "national_tests"),
            ("Skyddsgräns", "removal_limits"),
            ("Svarskoder", "unknown_codes"),
            ("Användare", "users"),
            ("Ändringar", "decisions"),
        ),
    ),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for base.html: the organisation in use, those to choose from, the menu and the colours."""
    organisation: Organisation | None = getattr(request, "organisation", None)
    user = getattr(request, "user", None)
    mine = list(Organisation.objects.filter(users=user)) if user and user.is_authenticated else []
    scheme = request.COOKIES.get(COLOR_SCHEME_COOKIE, "")
    return {
        "organisation": organisation,
        "my_organisations": mine,
        "environment_says": ENVIRONMENT_SAYS[Environment(organisation.environment)] if organisation else "",
        "menu": _menu(request.path, request.reader.is_operator) if organisation else [],  # type: ignore[attr-defined]
        "queue_pause": current_pause() if organisation else None,
        "color_scheme": scheme if scheme in COLOR_SCHEMES else COLOR_SCHEMES[0],
    }


def _menu(path: str, for_operator: bool) -> list[MenuItem]:
    return [
        _item(path, title, name, icon, [_item(path, below_title, below_name) for below_title, below_name in below])
        for title, name, icon, below in _MENU
        if for_operator or name not in _FOR_OPERATORS
    ]


def _item(path: str, title: str, name: str, icon: str = "", below: list[MenuItem] | None = None) -> MenuItem:
    """One line: lit up on its own page and on those under it (/personer/<id>/), and where one below it is."""
    url = reverse(name)
    below = below or []
    if name == "settings" and not below:  # its address begins those of its neighbours too
        is_here = path in {url, reverse("environment")}
    else:
        is_here = path == url or (url != "/" and path.startswith(url))
    return MenuItem(title, url, is_here or any(one.is_here for one in below), path == url, icon, below)
