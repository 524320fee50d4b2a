"""The pages of a large installation: the 95th percentile of many requests to each, in milliseconds.

Everything has been imported and sent once. The pages are made in this process, so what is measured is Provsluss and its
database, not a web server. Each page is asked for once before, as by somebody who came earlier.

`python -m benchmarks.pages [--pupils PUPILS] [--data-dir FOLDER]`; the folder is an installation to look at instead.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.one_transfer import NO_LIMITS, example_school, import_school, installation, send_all

if TYPE_CHECKING:
    from django.http import HttpResponseBase
    from django.test import Client

REQUESTS = 20
SLOW = 500
"""Milliseconds; a page that takes longer is pointed out."""


def main() -> None:
    """Make the installation, unless one is given, and measure its pages."""
    wanted = _arguments()
    if wanted.data_dir:
        _measure(wanted.data_dir)
        return
    with installation("--delay", 0, "--transfer-rate", 0, "--read-rate", 0) as here:
        import_school(here, example_school(here, wanted.pupils))
        send_all(here, NO_LIMITS)
        _measure(here.data_dir)


def _measure(data_dir: Path) -> None:
    os.environ["PROVSLUSS_DATA_DIR"] = str(data_dir)
    os.environ["DJANGO_SETTINGS_MODULE"] = "provsluss.settings"
    import django

    django.setup()
    from django_scopes import scopes_disabled

    with scopes_disabled():
        client, pages = _client(), _pages()
    for title, address in pages.items():
        _tell(title, partial(client.get, address))
    _tell("search by name", lambda: client.post("/register/personer/", {"sokning": "andersson anna"}, follow=True))
    _tell("search in the head", lambda: client.post("/register/personer/sok/", {"sokning": "andersson"}, follow=True))
    _tell("search by number", lambda: client.post("/register/personer/", {"sokning": "20140101-1234"}, follow=True))


def _tell(title: str, ask: "Callable[[], HttpResponseBase]") -> None:
    times = []
    for _ in range(REQUESTS + 1):
        started, processor = time.perf_counter(), time.process_time()
        answer = ask()
        times.append(((time.perf_counter() - started) * 1000, (time.process_time() - processor) * 1000))
        if answer.status_code != 200:
            raise SystemExit(f"{title}: status {answer.status_code}")
    walls, processors = zip(*times[1:], strict=True)
    worst = statistics.quantiles(walls, n=20)[-1]
    print(
        f"{title:26} first {times[0][0]:7.0f}   median {statistics.median(walls):7.1f}   p95 {worst:7.1f} ms   "
        f"processor {statistics.median(processors):7.1f} ms {'SLOW' if statistics.median(processors) > SLOW else ''}",
        flush=True,
    )


def _client() -> "Client":
    """Somebody logged in who sees the organisation."""
    from django.test import Client

    from provsluss.organisations.models import Organisation, OrganisationAccess, User

    user, _ = User.objects.get_or_create(username="bench")
    OrganisationAccess.objects.get_or_create(user=user, organisation=Organisation.objects.get())
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def _pages() -> dict[str, str]:
    """The addresses that are measured, by what they show."""
    from django.db.models import Count

    from provsluss.register.models import Enrolment, Group, Person
    from provsluss.transfers.models import SyncJob, TestActivity

    job = f"/historik/synkjobb/{SyncJob.objects.filter(kind='persons', action='send').earliest('pk').pk}/"
    test = TestActivity.objects.annotate(size=Count("groups")).order_by("-size")[0]
    activity = f"/provaktiviteter/{test.pk}"
    unit = Enrolment.objects.earliest("pk").school_unit_code
    persons = "/register/personer/"
    pupil = Person.objects.filter(role=Person.Role.PUPIL).order_by("pk")[1000]
    return {
        "overview": "/",
        "persons": persons,
        "persons, page 2000": f"{persons}?sida=2000",
        "persons of a school unit": f"{persons}?skolenhet={unit}",
        "persons of a school year": f"{persons}?arskurs=6",
        "one person": f"{persons}{pupil.pk}/",
        "groups": "/register/grupper/",
        "one group": f"/register/grupper/{Group.objects.earliest('pk').pk}/",
        "test activities": "/provaktiviteter/",
        "one test activity": f"{activity}/",
        "its groups": f"{activity}/grupper",
        "its control": f"{activity}/kontroll",
        "its history": f"{activity}/historik",
        "control": "/kontroll/",
        "history": "/historik/",
        "one sync job": job,
        "one sync job, page 2000": f"{job}?sida=2000",
        "one sync job, by name": f"{job}?sortera=namn",
        "one sync job, errors": f"{job}?status=error",
        "one sync job, search": f"{job}?sok=Andersson",
        "imports": "/register/inlasningar/",
        "settings": "/installningar/",
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The pages of a large installation.")
    parser.add_argument("--pupils", type=int, default=140_000)
    parser.add_argument("--data-dir", type=Path, help="an installation to look at, instead of a new one")
    return parser.parse_args()


if __name__ == "__main__":
    main()
