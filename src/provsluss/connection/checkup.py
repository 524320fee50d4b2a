"""What is right and what is wrong with an installation: the checks behind `provsluss doctor`."""

from collections.abc import Iterator

from django.utils import timezone

from provsluss.catalogue.models import Fetch
from provsluss.connection.certificate_checkup import check_certificate
from provsluss.connection.check import Check, right, wrong
from provsluss.connection.skolverket_checkup import check_skolverket
from provsluss.organisations.models import Organisation


def check_connection(organisation: Organisation) -> Iterator[Check]:
    """The way to Skolverket for one organisation: certificate, token and service, and the catalogue's age."""
    local = list(check_certificate(organisation))
    yield from local
    yield from check_skolverket(organisation, local)
    yield _catalogue(organisation)


def _catalogue(organisation: Organisation) -> Check:
    title = "Öppna data"
    fetch = Fetch.objects.filter(environment=organisation.environment, succeeded=True).first()
    if fetch is None or fetch.finished_at is None:
        return wrong(title, "Skolverkets öppna data har inte hämtats.", "Kör: provsluss catalogue refresh")
    return right(title, f"Skolverkets öppna data hämtades {timezone.localtime(fetch.finished_at):%Y-%m-%d %H:%M}.")
