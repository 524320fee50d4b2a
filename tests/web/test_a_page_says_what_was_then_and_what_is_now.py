"""A plan tells of when it was made, a comparison of what has had its turn, and a group of results that there are."""

import pytest
from django.test import Client
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.register.models import DutyAssignment, Enrolment
from provsluss.transfers.models import Accepted, Plan, PlannedObject, Transfer
from provsluss.transfers.plan.comparison import compare, differences
from provsluss.transfers.test_activities import activities
from tests.web.reading import text_of
from tests.web.removals_made_by_hand import make_removal
from tests.web.transfers_made_by_hand import TEST, MadeTransfer, School, make_preview


@pytest.fixture
def planned(school: School, scoped: Organisation) -> tuple[Plan, Transfer]:
    """One person was to be sent, and a transfer from there has not come to its turn."""
    pupil = school.pupils[0]
    plan = Plan.objects.create(organisation=scoped, environment=scoped.environment, state="ready", seconds=1.0)
    PlannedObject.objects.create(
        plan=plan, organisation_id=scoped.pk, kind="persons", object_id=pupil.pk, fate="new", name=pupil.full_name
    )
    transfer = Transfer.objects.create(
        organisation=scoped, environment=scoped.environment, state="running", plan=plan, started_at=timezone.now()
    )
    return plan, transfer


def test_what_has_not_had_its_turn_is_as_planned(planned: tuple[Plan, Transfer]) -> None:
    plan, transfer = planned
    assert list(differences(plan, transfer)) == []
    assert not sum(one.differences for one in compare(plan, transfer))

    transfer.state = "done"
    assert [one.sentence for one in differences(plan, transfer)] == ["Skulle skickas som ny. Skickades inte."]


def test_a_plan_that_nobody_sent_from_does_not_say_what_was_sent(
    logged_in_client: Client, made: MadeTransfer, scoped: Organisation
) -> None:
    """The transfer was started elsewhere, so all of it may have been sent."""
    plan = make_preview(made).plan
    Transfer.objects.update(plan=None)

    text = text_of(logged_in_client, "plan", plan.pk)

    assert "Ingen överföring härifrån" in text
    assert "Skickades inte" not in text


@pytest.mark.parametrize(("fate", "now"), [("new", "Finns inte"), ("removed", "Finns hos Skolverket")])
def test_one_object_of_an_old_plan_is_told_of_in_the_past(
    logged_in_client: Client, made: MadeTransfer, scoped: Organisation, fate: str, now: str
) -> None:
    one = make_preview(made)
    PlannedObject.objects.filter(pk=one.pk).update(fate=fate, changes=[])

    text = text_of(logged_in_client, "planned_object", one.pk)

    assert now not in text
    assert "när förhandsgranskningen gjordes" in text


def test_a_class_without_a_test_has_no_results_to_see(
    logged_in_client: Client, school: School, scoped: Organisation
) -> None:
    DutyAssignment.objects.all().delete()
    assert "ser bara rektor" not in text_of(logged_in_client, "group", school.klass.pk)

    activities.create(scoped, name="", national_test=TEST, groups=[school.klass])
    assert "ser bara rektor" in text_of(logged_in_client, "group", school.klass.pk)


def test_who_has_an_account_is_not_said_to_get_none(
    logged_in_client: Client, school: School, scoped: Organisation
) -> None:
    pupil = school.pupils[0]
    Enrolment.objects.filter(person=pupil).delete()
    assert "får personen inget konto" in text_of(logged_in_client, "person", pupil.pk)

    Accepted.objects.create(
        organisation=scoped, environment=scoped.environment, kind="persons", object_id=pupil.pk, payload="{}"
    )
    assert "får personen inget konto" not in text_of(logged_in_client, "person", pupil.pk)


def test_what_is_needed_again_is_not_said_to_be_removed(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_removal(organisation, "needs_review")

    text = text_of(logged_in_client, "removal_review", made.transfer.pk)

    assert "tas bort, utom det som en provaktivitet har börjat behöva igen." in text


def test_a_call_of_a_stopped_transfer_has_no_answer_to_come(logged_in_client: Client, made: MadeTransfer) -> None:
    made.jobs["persons"].state = "cancelled"
    made.jobs["persons"].save()
    made.batch.status_code, made.batch.url = None, ""
    made.batch.save()

    text = text_of(logged_in_client, "call", made.batch.pk)

    assert "Inget svar" in text
    assert "Inget svar än" not in text
    assert "(inte skickat än)" not in text
