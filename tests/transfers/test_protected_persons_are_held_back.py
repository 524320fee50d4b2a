"""Nobody protected is sent before the huvudman is prepared for it (rules.md P19), and nobody loses a place for that."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from provsluss.connection.clients import client_for
from provsluss.organisations.models import Organisation, Preparation
from provsluss.organisations.protection import missing_preparations
from provsluss.register.models import Group, Person
from provsluss.transfers.actions import send
from provsluss.transfers.actions.send import CannotSend
from provsluss.transfers.actions.send_person import send_person
from provsluss.transfers.desired.unprepared import unprepared_for
from provsluss.transfers.models import ObjectResult, TestActivity, TransferState
from provsluss.transfers.person_status.status import person_status_of
from provsluss.transfers.person_status.why_not_sent import why_not_sent
from provsluss.transfers.plan.staleness import what_has_changed
from provsluss.transfers.removal.obsolete import to_remove
from tests.transfers.at_skolverket import members
from tests.transfers.fates import new_plan, planned_fates, real_fates
from tests.transfers.prepared import prepare, take_back
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.small_school import make_school

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def school(scoped: Organisation) -> TestActivity:
    """Five pupils and a teacher, one pupil and the teacher protected."""
    activity = make_school(scoped)
    Person.objects.filter(family_name="Nummer00001").update(security_marking="Sekretessmarkering")
    Person.objects.filter(given_name="Lovisa").update(security_marking="Skyddad folkbokföring")
    return activity


def _pupil() -> Person:
    return Person.objects.get(family_name="Nummer00001")


def _teacher() -> Person:
    return Person.objects.get(given_name="Lovisa")


def _are_at_skolverket() -> list[bool]:
    client = client_for(_pupil().organisation, "simulator")
    return [bool(client.lookup("persons", [one.pk])) for one in (_pupil(), _teacher())]


def test_they_wait_and_all_others_go(school: TestActivity, skolverket: Callable[..., str]) -> None:
    skolverket()
    transfer = new_transfer(school)
    plan = new_plan(transfer)
    run(transfer)
    assert transfer.state == TransferState.DONE_WITH_ERRORS
    assert planned_fates(plan) == real_fates(transfer)
    assert counts(transfer, "persons") == {"wanted": 7, "withheld": 2, "sent": 5, "success": 5}
    assert counts(transfer, "duties") == {"wanted": 2, "withheld": 1, "sent": 1, "success": 1}
    assert _are_at_skolverket() == [False, False]
    held = ObjectResult.objects.get(sync_job__transfer=transfer, object_id=_pupil().pk)
    assert held.restricted
    assert "skickas inte än" in held.findings[0]["sentence"]

    prepare(school.organisation)
    assert "skyddade personuppgifter" in " ".join(what_has_changed(plan))
    later = run(new_transfer(school))
    assert later.state == TransferState.DONE
    assert _are_at_skolverket() == [True, True]
    assert _pupil().pk in members(school.organisation)[Group.objects.get(name="Ma6A").pk]


@pytest.mark.parametrize("missing", Preparation.values)
def test_each_of_the_three_is_needed(school: TestActivity, missing: str) -> None:
    prepare(school.organisation, missing)
    assert missing_preparations(school.organisation) == [missing]
    assert unprepared_for(school.organisation, [school]) == [missing]
    assert new_plan(new_transfer(school)).counts["persons"]["withheld"] == 2
    with pytest.raises(CannotSend, match=r"hålls inne\. .*Bekräfta förberedelserna under Inställningar, Huvudman"):
        send_person(school.organisation, None, _pupil())
    said = " ".join(why_not_sent(person_status_of(school.organisation, _pupil())).sentences)
    assert Preparation(missing).label in said
    assert "Rätta i källan" not in said


def test_where_nobody_is_protected_nothing_is_said(scoped: Organisation) -> None:
    assert unprepared_for(scoped, [make_school(scoped)]) == []


def test_who_is_there_already_keeps_every_place(school: TestActivity, skolverket: Callable[..., str]) -> None:
    skolverket()
    prepare(school.organisation)
    run(new_transfer(school))
    before = members(school.organisation)
    take_back(school.organisation)
    Person.objects.filter(pk=_pupil().pk).update(given_name="Ny")
    Person.objects.filter(family_name="Nummer00002").update(given_name="Ny")

    transfer = run(new_transfer(school))
    assert counts(transfer, "persons") == {"wanted": 7, "unchanged": 4, "withheld": 2, "sent": 1, "success": 1}
    assert not any(to_remove(school.organisation, "simulator").values())
    assert _are_at_skolverket() == [True, True]
    assert members(school.organisation) == before
    (there,) = client_for(school.organisation, "simulator").lookup("persons", [_pupil().pk])
    assert there["givenName"] == "Elev", "what is new of them waits"


def test_an_undone_removal_sends_no_protected_person_unprepared(
    school: TestActivity, skolverket: Callable[..., str]
) -> None:
    skolverket()
    prepare(school.organisation)
    run(new_transfer(school))
    Person.objects.filter(pk__in=[_pupil().pk, _teacher().pk]).update(ended_at=timezone.now())
    removal = run(new_transfer(school))
    take_back(school.organisation)
    back = run(send.undo_removal(removal, None))
    assert counts(back, "persons") == {"wanted": 2, "withheld": 2}
    assert counts(back, "duties") == {"wanted": 1, "withheld": 1}
    assert counts(back, "groups").get("error", 0) == 0
    assert _are_at_skolverket() == [False, False]
