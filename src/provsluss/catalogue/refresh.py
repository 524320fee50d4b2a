"""The catalogue brought up to date from Skolverket's open data, part by part.

All of a part is read before any of it is stored, and it is stored in one short transaction: half a failure changes
nothing of that part, and nobody waits for the database while Skolverket is thinking.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from provsluss.catalogue import storing
from provsluss.catalogue.models import Fetch
from provsluss.organisations.environments import addresses
from provsluss.provtjanst.errors import ProvtjanstError, TemporaryTrouble
from provsluss.provtjanst.limits import shared_limits
from provsluss.provtjanst.open_data import OpenDataClient
from provsluss.provtjanst.open_data_shapes import SchoolUnit
from provsluss.ss12000.ids import skolverket_id

_KEPT = "Det som inte kunde hämtas är kvar som det var."


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """How the refresh of one part went, in Swedish and for the page: what came, or why `part` did not."""

    succeeded: bool
    message: str
    part: str = ""
    is_away: bool = False
    """Whether it was temporary trouble, which waiting did not help against."""


def refresh(environment: str, codes: Iterable[str] = (), organisation_number: str | None = None) -> Fetch:
    """Refresh national tests, programmes, the organisation's school units and those with `codes`, and record it.

    Never raises for trouble at Skolverket: the Fetch row says what could not be read. Raises ValueError for an unknown
    environment.
    """
    addresses(environment)
    fetch = Fetch.objects.create(
        environment=environment, organisation_number=organisation_number or "", started_at=timezone.now()
    )
    results = [refresh_national_tests(environment)]
    # Whoever waits at the command line has waited once for a Skolverket that is away; the rest is asked for once each.
    patient = not results[0].is_away
    results.append(refresh_programmes(environment, patient))
    wanted = set(codes)
    if organisation_number:
        started_at = fetch.started_at
        results.append(refresh_organisation(environment, organisation_number, patient))
        wanted -= storing.codes_fetched_since(environment, started_at)
    if wanted:
        results.append(refresh_school_units(environment, wanted, patient))
    fetch.succeeded = all(result.succeeded for result in results)
    fetch.message = _told(results)
    fetch.finished_at = timezone.now()
    fetch.save()
    return fetch


def refresh_national_tests(environment: str) -> RefreshResult:
    """Fetch the list of national tests; what it no longer holds is marked with `gone_at`."""

    def fetched(client: OpenDataClient) -> str:
        tests = client.national_tests()
        if not tests:
            raise NothingListed
        changes = storing.store_national_tests(environment, tests)
        odd = _odd_ids((test.display_name, test.id == skolverket_id(test.display_name)) for test in tests)
        return f"{len(tests)} nationella prov och bedömningsstöd{changes}.{odd}"

    return _part(environment, "Nationella prov", fetched)


def refresh_programmes(environment: str, patient: bool = True) -> RefreshResult:
    """Fetch the list of programmes; what it no longer holds is marked with `gone_at`."""

    def fetched(client: OpenDataClient) -> str:
        programmes = client.programmes()
        if not programmes:
            raise NothingListed
        changes = storing.store_programmes(environment, programmes)
        odd = _odd_ids((each.education_code, each.id == skolverket_id(each.education_code)) for each in programmes)
        return f"{len(programmes)} studievägar{changes}.{odd}"

    return _part(environment, "Studievägar", fetched, patient)


def refresh_school_units(environment: str, codes: Iterable[str], patient: bool = True) -> RefreshResult:
    """Fetch these school units one by one, within the reading limit. Those Skolverket does not know are noted as such.

    A code that is not eight digits is left alone.
    """
    wanted = sorted(askable(codes))

    def fetched(client: OpenDataClient) -> str:
        answers = {code: client.school_unit_by_code(code) for code in wanted}
        # The answer to a question about one code is kept under that code, whatever else it says.
        units = {code: unit for code, unit in answers.items() if unit is not None}
        unknown = [code for code in wanted if code not in units]
        storing.store_school_units(environment, units)
        storing.store_unknown_school_units(environment, unknown)
        note = f", varav {len(unknown)} inte finns hos Skolverket" if unknown else ""
        return f"{len(wanted)} skolenheter{note}.{_odd_unit_ids(units)}"

    return _part(environment, "Skolenheter", fetched, patient)


def askable(codes: Iterable[str]) -> set[str]:
    """The codes that Skolverket can be asked about: those of eight digits."""
    return {code for code in codes if len(code) == 8 and code.isdecimal() and code.isascii()}


def refresh_organisation(environment: str, organisation_number: str, patient: bool = True) -> RefreshResult:
    """Fetch all school units of an organisation in one call."""

    def fetched(client: OpenDataClient) -> str:
        organisation = client.organisation_by_code(organisation_number, expand_school_units=True)
        if organisation is None:
            return "Huvudmannen finns inte i Skolverkets öppna data."
        units = {unit.school_unit_code: unit for unit in organisation.school_units}
        storing.store_school_units(environment, units, organisation_number)
        odd = _odd_ids([("huvudmannen", organisation.id == skolverket_id(organisation_number))])
        return f"{len(units)} skolenheter hos huvudmannen.{odd}{_odd_unit_ids(units)}"

    return _part(environment, "Huvudmannens skolenheter", fetched, patient)


class NothingListed(Exception):
    """An empty list: taken for trouble at Skolverket, because it would make everything we know of gone."""


def _part(environment: str, name: str, fetched: Callable[[OpenDataClient], str], patient: bool = True) -> RefreshResult:
    """Run one part and turn Skolverket's trouble into a result; without `patient` nothing is tried again."""
    try:
        with _open_data(environment, patient) as client:
            return RefreshResult(True, fetched(client))
    except NothingListed:
        return RefreshResult(False, "Skolverkets lista var tom.", name)
    except ProvtjanstError as problem:
        return RefreshResult(False, str(problem), name, isinstance(problem, TemporaryTrouble))


def _told(results: Iterable[RefreshResult]) -> str:
    """What came, and each cause of what did not, once: when Skolverket is away, every part has the same."""
    came: list[str] = []
    missing: dict[str, list[str]] = {}
    for result in results:
        if result.succeeded:
            came.append(result.message)
        else:
            missing.setdefault(result.message, []).append(result.part)
    told = [f"{_listed(parts)} kunde inte hämtas: {cause}" for cause, parts in missing.items()]
    return " ".join([*came, *told, *([_KEPT] if missing else [])])


def _listed(parts: list[str]) -> str:
    listed = " och ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])).lower()
    return listed[0].upper() + listed[1:]


@contextmanager
def _open_data(environment: str, patient: bool) -> Iterator[OpenDataClient]:
    where = addresses(environment)
    limits = shared_limits(where.provisioning, settings.TRANSFER_RATE, settings.READ_RATE)
    client = OpenDataClient(where.open_data, limits, patient=patient)
    try:
        yield client
    finally:
        client.close()


def _odd_unit_ids(units: dict[str, SchoolUnit]) -> str:
    return _odd_ids((code, unit.id == skolverket_id(code)) for code, unit in units.items())


def _odd_ids(checked: Iterable[tuple[str, bool]]) -> str:
    """A sentence about the codes whose id is not the one that rules.md 3.1 lets us derive; empty when all are."""
    odd = sorted(code for code, as_derived in checked if not as_derived)
    if not odd:
        return ""
    listed = ", ".join(odd[:5]) + (" …" if len(odd) > 5 else "")
    return (
        f" Obs: Skolverket har ett annat id än det som Provsluss räknar fram och skickar för {listed}, så det som hör "
        "dit kan nekas. Kontakta den som utvecklar Provsluss innan du för över."
    )
