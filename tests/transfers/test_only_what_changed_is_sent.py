"""What Skolverket accepted last decides what is sent: counted in the simulator's own log of calls."""

import json
import time
import urllib.request
from collections.abc import Callable

from provsluss.connection.clients import client_for
from provsluss.organisations.models import Organisation
from provsluss.provtjanst.packing import body_of
from provsluss.register.models import Group, Membership, Person
from provsluss.transfers.models import Accepted, PlannedObject, TestActivity, TestActivityGroup, Transfer, TransferState
from provsluss.wording.transfer import transfer_notice
from tests.transfers.fates import new_plan
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.small_school import make_pupil, make_school

Skolverket = Callable[..., str]


def _posts(url: str) -> dict[str, int]:
    """The bulk calls that the simulator has taken, by kind."""
    with urllib.request.urlopen(f"{url}/log", timeout=10) as answer:
        calls = json.load(answer)["calls"]
    return {name.split("/")[-2]: count for name, count in calls.items() if name.startswith("POST") and "/bulk" in name}


def _new(url: str, before: dict[str, int]) -> dict[str, int]:
    return {kind: count - before.get(kind, 0) for kind, count in _posts(url).items() if count != before.get(kind, 0)}


def test_the_same_press_twice_sends_nothing_and_says_so(scoped: Organisation, skolverket: Skolverket) -> None:
    url = skolverket()
    activity = make_school(scoped)
    run(new_transfer(activity))
    before = _posts(url)
    assert before == {"persons": 1, "duties": 1, "groups": 1, "activities": 1}
    again = run(new_transfer(activity))
    assert _new(url, before) == {}
    notice = transfer_notice(again, again.sync_jobs.all())
    assert (notice.color, notice.title) == ("info", "Inget hade ändrats sedan sist, så inget behövde skickas.")


def test_nothing_sent_is_said_plainly_also_where_an_old_warning_stands(
    scoped: Organisation, skolverket: Skolverket
) -> None:
    activity = make_school(scoped)
    skolverket()
    Person.objects.filter(family_name="Nummer00003").update(eppn="")
    run(new_transfer(activity))
    # The pupil who is held back is still held back, so the transfer says that first.
    again = run(new_transfer(activity))
    assert transfer_notice(again, again.sync_jobs.all()).title == "Allt kom inte fram."
    jobs = [job for job in again.sync_jobs.all() if job.kind == "groups"]
    notice = transfer_notice(again, jobs)
    assert (notice.color, notice.title) == ("warning", "Inget hade ändrats sedan sist, så inget behövde skickas.")
    assert "2 uppgifter har fortfarande varningar" in notice.text


def test_one_changed_name_is_one_call_with_one_person(scoped: Organisation, skolverket: Skolverket) -> None:
    url = skolverket()
    activity = make_school(scoped, pupils=30)
    run(new_transfer(activity))
    before = _posts(url)
    Person.objects.filter(family_name="Nummer00002").update(given_name="Ny")
    again = run(new_transfer(activity))
    assert _new(url, before) == {"persons": 1}
    assert again.sync_jobs.get(kind="persons").batches.get().object_count == 1


def test_a_group_with_a_warning_goes_again_by_itself_when_its_pupils_have_been_accepted(
    scoped: Organisation, skolverket: Skolverket
) -> None:
    skolverket()
    activity = make_school(scoped)
    run(new_transfer(activity))
    # Skolverket loses a pupil without our knowing, and then gets the groups with a newcomer.
    lost = Person.objects.get(family_name="Nummer00002")
    client = client_for(scoped, "simulator")
    job = client.delete_bulk("persons", body_of([f'"{lost.pk}"'.encode()]))
    deadline = time.monotonic() + 20
    while not client.is_completed("persons", job.job_id):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    newcomer = make_pupil(scoped, 77)
    Membership.objects.bulk_create([Membership(group=group, person=newcomer) for group in Group.objects.all()])
    second = run(new_transfer(activity))
    assert counts(second, "groups") == {"wanted": 2, "sent": 2, "warning": 2}
    assert Accepted.objects.filter(kind="groups", with_warning=True).count() == 2

    plan = new_plan(second)
    assert plan.counts["groups"]["again"] == 2
    Person.objects.filter(pk=lost.pk).update(given_name="Åter")
    third = run(new_transfer(activity))
    assert counts(third, "persons") == {"wanted": 8, "unchanged": 7, "sent": 1, "success": 1}
    assert counts(third, "groups") == {"wanted": 2, "sent": 2, "success": 2}
    assert third.state == TransferState.DONE
    assert counts(run(new_transfer(activity)), "groups") == {"wanted": 2, "unchanged": 2}


def test_two_test_activities_share_what_skolverket_has(scoped: Organisation, skolverket: Skolverket) -> None:
    url = skolverket()
    first = make_school(scoped)
    second = TestActivity.objects.create(organisation=scoped, name="Svenska", national_test="GRGRSVE01_6")
    TestActivityGroup.objects.create(test_activity=second, group=Group.objects.get(name="Ma6A"))
    run(new_transfer(first))
    before = _posts(url)
    shared = run(new_transfer(second))
    assert counts(shared, "persons") == {"wanted": 7, "unchanged": 7}
    assert counts(shared, "duties") == {"wanted": 2, "unchanged": 2}
    assert counts(shared, "groups") == {"wanted": 2, "unchanged": 2}
    assert counts(shared, "activities") == {"wanted": 1, "sent": 1, "success": 1}
    assert _new(url, before) == {"activities": 1}
    # What the first one wants is not taken away by sending the second alone, and both together have nothing to do.
    before = _posts(url)
    both = run(new_transfer(first, second))
    assert counts(both, "activities") == {"wanted": 2, "unchanged": 2}
    assert _new(url, before) == {}


def test_looking_sends_nothing(scoped: Organisation, skolverket: Skolverket) -> None:
    url = skolverket()
    activity = make_school(scoped)
    before = _all_calls(url)
    transfer = new_transfer(activity)
    plan = new_plan(transfer)
    everything = new_plan(transfer, everything=True)
    assert PlannedObject.objects.filter(plan__in=[plan, everything]).count() == 24
    assert _all_calls(url) == before
    assert not Accepted.objects.exists()
    assert Transfer.objects.filter(started_at__isnull=False).count() == 0


def _all_calls(url: str) -> dict[str, int]:
    """Every call but those for the log itself."""
    with urllib.request.urlopen(f"{url}/log", timeout=10) as answer:
        calls: dict[str, int] = json.load(answer)["calls"]
    return {name: count for name, count in calls.items() if not name.endswith("/log")}
