"""An EPPN that Skolverket has under another id: that one is removed first, and the new one waits for it (P8)."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.register.models import Group, Membership, Person
from provsluss.transfers.actions import send
from provsluss.transfers.models import ObjectResult, SyncJob, TestActivity, Transfer, TransferState
from provsluss.transfers.removal import review
from tests.transfers.fates import new_plan, planned_fates, real_fates
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.small_school import make_pupil, make_school, make_staff


@pytest.fixture
def sent(scoped: Organisation, skolverket: Callable[..., str]) -> TestActivity:
    """A school that Skolverket has."""
    skolverket("--delay", "0", "--transfer-rate", "0")
    activity = make_school(scoped, pupils=5)
    assert run(new_transfer(activity)).state == TransferState.DONE
    return activity


def _follow(old: Person, number: int, **changes: object) -> Person:
    """Somebody with the EPPN of `old`, which has left, comes into its groups."""
    groups = list(Group.objects.filter(memberships__person=old))
    eppn = old.eppn
    Person.objects.filter(pk=old.pk).update(ended_at=timezone.now(), eppn=f"slutat-{old.eppn}")
    new = make_pupil(old.organisation, number, eppn=eppn.upper(), **changes)
    Membership.objects.bulk_create([Membership(group=group, person=new) for group in groups])
    return new


def _run_as_planned(activity: TestActivity) -> Transfer:
    transfer = new_transfer(activity)
    plan = new_plan(transfer)
    run(transfer)
    assert planned_fates(plan) == real_fates(transfer)
    return transfer


def _why(transfer: Transfer, person: Person) -> list[str]:
    result = ObjectResult.objects.get(sync_job__transfer=transfer, sync_job__action="send", object_id=person.pk)
    assert result.state == "withheld"
    return [finding["sentence"] for finding in result.findings]


def test_the_old_id_of_the_same_human_is_removed_before_the_new_one_is_sent(sent: TestActivity) -> None:
    old = Person.objects.filter(role="pupil").first()
    assert old
    new = _follow(old, 100, civic_number=old.civic_number)

    first = _run_as_planned(sent)

    assert _why(first, new) == [
        "Personen finns kvar hos Skolverket under ett annat id, och kan skickas först när det är borttaget där."
    ]
    assert counts(first, "persons", "remove") == {"wanted": 1, "sent": 1, "removed": 1}
    assert not SyncJob.objects.filter(transfer=first, error__gt=0).exists(), "Skolverket had nothing to refuse"

    second = _run_as_planned(sent)

    assert second.state == TransferState.DONE
    assert counts(second, "persons") == {"wanted": 7, "unchanged": 6, "sent": 1, "success": 1}


def test_where_the_guard_holds_the_removal_the_new_one_waits_too(sent: TestActivity, settings: object) -> None:
    settings.REMOVAL_COUNT = settings.REMOVAL_PERCENT = 0  # type: ignore[attr-defined]
    old = Person.objects.filter(role="pupil").first()
    assert old
    new = _follow(old, 100, civic_number=old.civic_number)

    first = run(new_transfer(sent))
    assert first.state == TransferState.NEEDS_REVIEW
    second = run(new_transfer(sent))
    assert _why(second, new)
    review.refuse(second, None)
    third = run(new_transfer(sent))
    assert third.state == TransferState.DONE_WITH_ERRORS
    assert _why(third, new), "it stays there by decision"

    review.release_kept(sent.organisation, "simulator", "persons", [old.pk])
    fourth = run(new_transfer(sent))
    send.approve_removal(fourth, None)
    fourth.refresh_from_db()
    run(fourth)
    assert run(new_transfer(sent)).state == TransferState.DONE


def test_another_humans_login_name_is_held_back_until_that_one_is_removed(sent: TestActivity) -> None:
    old = Person.objects.filter(role="pupil").first()
    assert old
    new = _follow(old, 100)
    first = _run_as_planned(sent)
    assert _why(first, new) == [
        "Inloggningsnamnet (EPPN) finns hos Skolverket på ett annat id, och kan användas först när det id:t är "
        "borttaget där eller har fått ett annat inloggningsnamn."
    ]
    assert _run_as_planned(sent).state == TransferState.DONE


def test_two_who_change_login_names_with_each_other_are_held_back(sent: TestActivity) -> None:
    one, two = Person.objects.filter(role="pupil")[:2]
    Person.objects.filter(pk=one.pk).update(eppn=f"x{two.eppn}")
    Person.objects.filter(pk=two.pk).update(eppn=one.eppn)
    Person.objects.filter(pk=one.pk).update(eppn=two.eppn)
    transfer = _run_as_planned(sent)
    assert counts(transfer, "persons")["withheld"] == 2
    assert "ett annat id" in _why(transfer, one)[0]


def test_a_human_with_two_wanted_ids_is_not_promised_a_removal(sent: TestActivity) -> None:
    pupil = Person.objects.filter(role="pupil").first()
    assert pupil
    duty = make_staff(sent.organisation, "Vikarie", "Rektor", eppn=f"v-{pupil.eppn}", civic_number=pupil.civic_number)
    Person.objects.filter(pk=pupil.pk).update(eppn=f"annat-{pupil.eppn}")
    Person.objects.filter(pk=duty.person_id).update(eppn=pupil.eppn)
    transfer = run(new_transfer(sent))
    assert "fått ett annat inloggningsnamn" in _why(transfer, duty.person)[0]
    assert run(new_transfer(sent)).state == TransferState.DONE
