"""A whole transfer: four sync jobs in order, results object by object, and what is remembered of it."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from provsluss.organisations.models import Organisation
from provsluss.register.models import Person
from provsluss.transfers.models import Accepted, ObjectResult, ObjectState, TransferState, UnknownCode
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.small_school import make_school


def test_everything_arrives(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    transfer = run(new_transfer(make_school(scoped)))
    assert transfer.state == TransferState.DONE, transfer.message
    assert counts(transfer, "persons") == {"wanted": 7, "sent": 7, "success": 7}
    assert counts(transfer, "duties") == {"wanted": 2, "sent": 2, "success": 2}
    assert counts(transfer, "groups") == {"wanted": 2, "sent": 2, "success": 2}
    assert counts(transfer, "activities") == {"wanted": 1, "sent": 1, "success": 1}
    assert Accepted.objects.count() == 12


def test_the_second_time_nothing_is_sent(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    activity = make_school(scoped)
    run(new_transfer(activity))
    again = run(new_transfer(activity))
    assert again.state == TransferState.DONE
    assert counts(again, "persons") == {"wanted": 7, "unchanged": 7}
    assert ObjectResult.objects.filter(sync_job__transfer=again).count() == 0


def test_one_changed_name_sends_one_person(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    activity = make_school(scoped)
    run(new_transfer(activity))
    Person.objects.filter(family_name="Nummer00002").update(given_name="Ny")
    again = run(new_transfer(activity))
    assert counts(again, "persons") == {"wanted": 7, "unchanged": 6, "sent": 1, "success": 1}
    assert counts(again, "groups") == {"wanted": 2, "unchanged": 2}


def test_what_depends_on_a_refused_person_is_settled_object_by_object(
    scoped: Organisation, skolverket: Callable[..., str]
) -> None:
    activity = make_school(scoped)
    refused = Person.objects.filter(Q(given_name="Lovisa") | Q(family_name="Nummer00003"))
    skolverket(*(part for person in refused for part in ("--refused-ids", person.pk)))
    transfer = run(new_transfer(activity))
    assert transfer.state == TransferState.DONE_WITH_ERRORS
    assert counts(transfer, "persons") == {"wanted": 7, "sent": 7, "success": 5, "error": 2}
    assert counts(transfer, "duties") == {"wanted": 2, "sent": 1, "success": 1, "withheld": 1}
    assert counts(transfer, "groups") == {"wanted": 2, "sent": 2, "warning": 2}
    assert counts(transfer, "activities") == {"wanted": 1, "sent": 1, "warning": 1}

    withheld = ObjectResult.objects.get(sync_job__transfer=transfer, state=ObjectState.WITHHELD)
    assert withheld.findings[0]["code"] == "person_missing"
    group = ObjectResult.objects.filter(sync_job__transfer=transfer, sync_job__kind="groups").first()
    assert group is not None
    assert group.member_count == 4
    assert group.findings[0]["sentence"] == "1 elev saknas i gruppen hos Skolverket."
    answers = ObjectResult.objects.filter(sync_job__transfer=transfer, state=ObjectState.ERROR)
    assert {answer.object_id for answer in answers} == {person.pk for person in refused}
    assert all(answer.messages[0]["message"] for answer in answers)


def test_what_was_held_back_is_sent_when_the_missing_one_has_arrived(
    scoped: Organisation, skolverket: Callable[..., str]
) -> None:
    skolverket()
    activity = make_school(scoped)
    teacher = Person.objects.get(given_name="Lovisa")
    right = teacher.civic_number
    Person.objects.filter(pk=teacher.pk).update(civic_number="198001010000")
    first = run(new_transfer(activity))
    assert counts(first, "persons") == {"wanted": 7, "sent": 6, "success": 6, "withheld": 1}
    Person.objects.filter(pk=teacher.pk).update(civic_number=right)
    transfer = run(new_transfer(activity))
    assert transfer.state == TransferState.DONE
    assert counts(transfer, "persons") == {"wanted": 7, "unchanged": 6, "sent": 1, "success": 1}
    assert counts(transfer, "duties") == {"wanted": 2, "unchanged": 1, "sent": 1, "success": 1}
    assert counts(transfer, "activities") == {"wanted": 1, "sent": 1, "success": 1}


def test_a_group_that_lacks_a_pupil_stays_a_warning_without_being_sent_again(
    scoped: Organisation, skolverket: Callable[..., str]
) -> None:
    activity = make_school(scoped)
    skolverket("--refused-ids", Person.objects.get(family_name="Nummer00003").pk)
    run(new_transfer(activity))
    again = run(new_transfer(activity))
    assert counts(again, "persons") == {"wanted": 7, "unchanged": 6, "sent": 1, "error": 1}
    assert counts(again, "groups") == {"wanted": 2, "warning": 2}
    assert again.sync_jobs.get(kind="groups").state == TransferState.DONE_WITH_WARNINGS
    group = ObjectResult.objects.filter(sync_job__transfer=again, sync_job__kind="groups").first()
    assert group is not None
    assert group.findings[0]["code"] == "members_missing"


def test_a_person_without_eppn_is_held_back_and_named(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    activity = make_school(scoped)
    Person.objects.filter(family_name="Nummer00001").update(eppn="")
    transfer = run(new_transfer(activity))
    assert counts(transfer, "persons") == {"wanted": 7, "sent": 6, "success": 6, "withheld": 1}
    held = ObjectResult.objects.get(sync_job__transfer=transfer, state=ObjectState.WITHHELD)
    assert held.name == "Elev Nummer00001"
    assert held.findings


def test_many_batches_keep_every_object_once(
    scoped: Organisation, skolverket: Callable[..., str], settings: Any
) -> None:
    settings.MAX_PAYLOAD_BYTES, settings.TRANSFER_RATE = 8000, 0
    skolverket()
    transfer = run(new_transfer(make_school(scoped, pupils=100)))
    assert transfer.state == TransferState.DONE
    persons = transfer.sync_jobs.get(kind="persons")
    assert counts(transfer, "persons") == {"wanted": 102, "sent": 102, "success": 102}
    assert persons.batches.count() > 3
    assert all(batch.byte_size <= 8000 for batch in persons.batches.all())
    assert persons.results.count() == 102


def test_an_object_too_large_for_any_call_is_held_back(
    scoped: Organisation, skolverket: Callable[..., str], settings: Any
) -> None:
    settings.MAX_PAYLOAD_BYTES = 2000
    skolverket()
    transfer = run(new_transfer(make_school(scoped, pupils=40)))
    assert counts(transfer, "persons")["success"] == 42
    assert counts(transfer, "groups") == {"wanted": 2, "withheld": 2}
    assert counts(transfer, "activities") == {"wanted": 1, "withheld": 1}


def test_codes_that_nobody_has_explained_are_counted(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    activity = make_school(scoped)
    pupil = Person.objects.get(family_name="Nummer00001")
    # Another huvudman's pupil: Skolverket refuses with codes of its own, which are in no public list.
    Person.objects.filter(pk=pupil.pk).update(civic_number="201401172380")
    skolverket()
    for expected in (1, 2):
        run(new_transfer(activity))
        counted = list(UnknownCode.objects.values_list("kind", "count"))
        assert counted
        assert set(counted) == {("persons", expected)}
    assert not UnknownCode.objects.filter(message__contains="201401172380").exists()
