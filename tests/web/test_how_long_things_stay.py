"""What a page says of things that are to be removed: until when they stay, and what makes them wait."""

import uuid

from django.test import Client
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import Accepted, ObjectResult, Plan, PlannedObject, SyncJob, TestActivity, Transfer
from provsluss.transfers.plan.comparison import differences
from provsluss.transfers.removal.guard import set_limit
from provsluss.transfers.test_activities import activities
from provsluss.visibility.report import Access
from tests.transfers.small_school import make_school
from tests.visibility.at_skolverket import accept_all
from tests.web.reading import text_of
from tests.web.removals_made_by_hand import make_removal
from tests.web.transfers_made_by_hand import TEST, MadeTransfer, School


def _accept(activity: TestActivity) -> None:
    organisation = activity.organisation
    wanted = Selection(organisation, [activity])
    Accepted.objects.bulk_create(
        Accepted(
            organisation=organisation, environment=organisation.environment, kind=kind, object_id=one, payload="{}"
        )
        for kind in KINDS
        for one in wanted.ids(kind)
    )


def _awaits_review(organisation: Organisation, kind: str, object_id: uuid.UUID) -> None:
    transfer = Transfer.objects.create(
        organisation=organisation, environment=organisation.environment, state="needs_review"
    )
    job = SyncJob.objects.create(
        organisation=organisation, transfer=transfer, kind=kind, action="remove", position=4, state="needs_review"
    )
    ObjectResult.objects.create(sync_job=job, organisation_id=organisation.pk, object_id=object_id, state="waiting")


def _flags(organisation: Organisation) -> set[str]:
    staff = Access(organisation, organisation.environment).staff.values()
    return {flag.text for one in staff for flag in one.flags}


def test_what_waits_for_review_is_not_said_to_stay_whatever_happens(
    logged_in_client: Client, organisation: Organisation
) -> None:
    made = make_removal(organisation, "needs_review")

    text = text_of(logged_in_client, "removal_review", made.transfer.pk)

    assert "Gör du ingenting ligger allt kvar" not in text
    assert "tills någon har beslutat, eller till nästa överföring" in text


def test_who_is_still_seen_is_so_until_the_removal_is_reviewed(scoped: Organisation) -> None:
    activity = make_school(scoped)
    accept_all(scoped, activity)
    head = Duty.objects.get(duty_role="Rektor")
    Duty.objects.filter(pk=head.pk).update(ended_at=timezone.now())
    (flag,) = _flags(scoped)
    assert flag.endswith("hos Skolverket tills nästa överföring.")

    _awaits_review(scoped, "duties", head.pk)
    (flag,) = _flags(scoped)
    assert flag.endswith("hos Skolverket tills någon har granskat borttagningen.")


def test_a_person_whose_removal_waits_goes_when_somebody_has_looked(
    logged_in_client: Client, school: School, scoped: Organisation
) -> None:
    pupil = school.pupils[0]
    Accepted.objects.create(
        organisation=scoped, environment=scoped.environment, kind="persons", object_id=pupil.pk, payload="{}"
    )
    assert "Det görs nästa gång du skickar." in text_of(logged_in_client, "person", pupil.pk)

    _awaits_review(scoped, "persons", pupil.pk)
    text = text_of(logged_in_client, "person", pupil.pk)
    assert "Det görs nästa gång du skickar." not in text
    assert "Det görs först när någon har granskat borttagningen." in text


def test_only_what_is_beyond_its_limit_is_blamed(
    logged_in_client: Client, school: School, scoped: Organisation
) -> None:
    activity = activities.create(scoped, name="Matematik", national_test=TEST, groups=[school.group])
    _accept(activity)
    set_limit(scoped, "persons", 10, 2)

    text = text_of(logged_in_client, "test_activity_archive", activity.pk)

    assert "Det är mer än skyddsgränsen, så någon får granska det först." in text


def test_a_limit_that_others_pass_is_not_this_ones(
    logged_in_client: Client, school: School, scoped: Organisation
) -> None:
    """Two provaktiviteter want the same persons; those whom nobody wants are beyond the limit already."""
    activity = activities.create(scoped, name="Matematik", national_test=TEST, groups=[school.group])
    _accept(activity)
    activities.create(scoped, name="Svenska", national_test="GRGRSVE01_6", groups=[school.group])
    Accepted.objects.bulk_create(
        Accepted(organisation=scoped, environment=scoped.environment, kind="persons", object_id=one, payload="{}")
        for one in Selection(scoped, [activity]).ids("groups")
    )
    set_limit(scoped, "persons", 10, 1)

    text = text_of(logged_in_client, "test_activity_archive", activity.pk)

    assert "Annat som ska tas bort är mer än skyddsgränsen, så någon får granska alltihop först." in text
    assert "Det är mer än skyddsgränsen" not in text


def test_what_another_transfer_sent_meanwhile_was_sent(made: MadeTransfer, scoped: Organisation) -> None:
    """A preview of everything; Skicka nu took one of them; the transfer had nothing left to do with that one."""
    pupil = made.school.pupils[0]
    plan = Plan.objects.create(organisation=scoped, environment=scoped.environment, state="ready", seconds=1.0)
    PlannedObject.objects.create(
        plan=plan, organisation_id=scoped.pk, kind="persons", object_id=pupil.pk, fate="new", name=pupil.full_name
    )
    ObjectResult.objects.filter(object_id=pupil.pk).update(state="received", finished_at=timezone.now(), messages=[])
    later = Transfer.objects.create(
        organisation=scoped, environment=scoped.environment, state="done", plan=plan, started_at=timezone.now(),
        finished_at=timezone.now(),
    )  # fmt: skip
    SyncJob.objects.create(
        organisation=scoped, transfer=later, kind="persons", position=0, state="done", wanted=1, unchanged=1,
        started_at=timezone.now(), finished_at=timezone.now(),
    )  # fmt: skip

    (one,) = differences(plan, later)

    assert one.sentence.endswith(f"Hade redan då tagits emot i överföring {made.transfer.pk}.")


def test_what_nobody_sent_was_not_sent(made: MadeTransfer, scoped: Organisation) -> None:
    pupil = made.school.pupils[0]
    plan = Plan.objects.create(organisation=scoped, environment=scoped.environment, state="ready", seconds=1.0)
    PlannedObject.objects.create(
        plan=plan, organisation_id=scoped.pk, kind="persons", object_id=pupil.pk, fate="new", name=pupil.full_name
    )
    later = Transfer.objects.create(organisation=scoped, environment=scoped.environment, state="done", plan=plan)

    (one,) = differences(plan, later)

    assert "överföring" not in one.sentence
