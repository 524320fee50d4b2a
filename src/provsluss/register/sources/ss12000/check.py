"""Tries the connection to a register, link by link: how far it goes, and which parts of SS 12000 are missing in it."""

from collections.abc import Iterator
from typing import Any

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.source import Link, LinkState
from provsluss.register.sources.ss12000.client import RegisterClient, TooLarge
from provsluss.register.sources.ss12000.secrets import warning_of
from provsluss.register.sources.ss12000.settings import Settings
from provsluss.register.sources.ss12000.shapes import NEEDED, SHAPES

_LOOKED_AT = 100
_NAMES = {
    "organisations": "Skolenheter",
    "programmes": "Studievägar",
    "syllabuses": "Ämnen och kurser",
    "persons": "Personer",
    "duties": "Tjänstgöringar",
    "groups": "Klasser och grupper",
    "activities": "Undervisning",
}
_WITHOUT = {
    "programmes": "Studievägskoden måste då stå på varje gymnasieelevs inskrivning.",
    "syllabuses": "Då kan inga förslag på provaktiviteter räknas fram ur ämnena.",
    "activities": "Då går det inte att veta vilka lärare som undervisar i vad.",
}
_UNREADABLE = "Utan den går källan inte att läsa."


def check(settings: Settings) -> list[Link]:
    """The links in their order; what comes after a broken one is not tried."""
    links: list[Link] = []
    if settings.secret_file and (warning := warning_of(settings.secret_file)):
        links.append(Link("Hemligheten", "warning", warning))
    try:
        with RegisterClient(settings, pause=lambda _: None) as client:
            for kind in SHAPES:
                links += _list(client, kind)
            links.append(_deletions(client))
    except SourceRefused as problem:
        links.append(Link("Anslutningen", "error", str(problem)))
    return links


def _worth(kind: str) -> LinkState:
    return "error" if kind in NEEDED else "warning"


def _list(client: RegisterClient, kind: str) -> Iterator[Link]:
    name = _NAMES[kind]
    try:
        answer = client.get(f"/{kind}", {"limit": str(_LOOKED_AT)})
    except TooLarge:
        yield Link(name, "warning", "Svaret är mycket stort. Källan läses med mindre sidor.")
        return
    if answer.status != 200:
        yield Link(name, _worth(kind), f"Källan har inte den delen. {_WITHOUT.get(kind, _UNREADABLE)}")
        return
    content = answer.content
    found = content.get("data") if isinstance(content, dict) else content
    found = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    if not found:
        yield Link(name, _worth(kind), "Delen finns men är tom. Kontrollera vad nyckeln har rätt att läsa.")
        return
    yield Link(name, "ok", "Går att läsa.")
    yield from _missing(kind, found)


def _missing(kind: str, found: list[dict[str, Any]]) -> Iterator[Link]:
    """What of the first objects is nowhere, though it is needed: a right that is missing looks like missing data."""
    if kind == "persons":
        pupils = [one for one in found if one.get("enrolments")]
        for missing, text in (
            (not pupils, "Bland de första personerna finns ingen elev (inskrivning)."),
            (not any(one.get("civicNo") for one in found), "Ingen av de första personerna har personnummer."),
            (
                not any(one.get("eduPersonPrincipalNames") for one in found),
                "Ingen av de första personerna har EPPN. Lägg till dem som kompletteringar.",
            ),
            (
                not any(one.get("securityMarking") for one in found),
                "Ingen av de första personerna har uppgift om sekretessmarkering.",
            ),
        ):
            if missing:
                yield Link("Personer", "warning", text)
    if kind == "organisations" and not any(one.get("schoolUnitCode") for one in found):
        yield Link("Skolenheter", "warning", "Ingen av de första har skolenhetskod.")
    if kind == "activities" and not any(one.get("syllabus") for one in found):
        yield Link("Undervisning", "warning", "Inget av de första säger sitt ämne, så förslag kan inte räknas fram.")


def _deletions(client: RegisterClient) -> Link:
    name = "Borttaget"
    try:
        answer = client.get("/deletedEntities", {"after": "2000-01-01T00:00:00Z", "limit": "1"})
    except TooLarge:
        return Link(name, "ok", "Källan säger vad som tagits bort.")
    if answer.status == 200:
        return Link(name, "ok", "Källan säger vad som tagits bort, så bara ändringar behöver läsas.")
    return Link(name, "warning", "Källan säger inte vad som tagits bort, så allt läses varje gång.")
