"""What Skolverket refused stands in the control like any finding, until it has arrived."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.preflight.queries import findings_of, holds_back, refused_by_kind, to_mend
from provsluss.preflight.refresh import renew_after
from provsluss.preflight.run import make_at_once
from provsluss.preflight.status import control_status
from provsluss.register.models import Duty, Group, Person
from provsluss.transfers.models import (
    Accepted,
    Control,
    ControlCause,
    ControlCell,
    ControlFinding,
    ObjectResult,
    Purpose,
    TestActivity,
    Transfer,
)
from tests.transfers.small_school import fetch_list_of_tests, make_school

UNKNOWN_UNIT = {
    "code": "4005", "message": "Ogiltigt värde på <enroledAt>.", "message_type": "Ogiltigt värde",
    "attribute": "Enrolment.enroledAt", "value": "90000011", "severity": "Error", "status_code": 400,
}  # fmt: skip
ELSEWHERE = {"code": "3999", "message": "Personen finns hos en annan huvudman.", "severity": "Error"}
LIKE_THE_NAME = {"code": "3047", "message": "Bristfälligt värde.", "attribute": "eppn", "severity": "Warning"}


@pytest.fixture
def school(scoped: Organisation) -> TestActivity:
    fetch_list_of_tests(scoped)
    activity = make_school(scoped)
    for model in (Person, Duty, Group):
        model._base_manager.update(changed_at=timezone.now() - timedelta(days=2))
    return activity


def _transfer(school: TestActivity, purpose: str = Purpose.SEND, state: str = "done_with_errors") -> Transfer:
    organisation = school.organisation
    transfer = Transfer.objects.create(
        organisation=organisation, environment=organisation.environment, state=state, purpose=purpose
    )
    if purpose == Purpose.SEND:
        transfer.test_activities.add(school)
    return transfer


def _refuse(transfer: Transfer, person: Person | Duty | Group, *messages: dict[str, Any], **columns: Any) -> None:
    kind = {Person: "persons", Duty: "duties", Group: "groups"}[type(person)]
    job, _ = transfer.sync_jobs.get_or_create(
        organisation=transfer.organisation, kind=kind, defaults={"position": 0, "state": "done_with_errors"}
    )
    job.error += 1
    job.save(update_fields=["error"])
    ObjectResult.objects.create(
        organisation=transfer.organisation, sync_job=job, object_id=person.pk, state="error",
        messages=list(messages), finished_at=timezone.now(), **({"name": "Elev Nummer00001", "role": "Elev"} | columns),
    )  # fmt: skip


def _arrive(transfer: Transfer, person: Person) -> None:
    job = transfer.sync_jobs.create(
        organisation=transfer.organisation, kind="persons", position=0, state="done", success=1
    )
    ObjectResult.objects.create(
        organisation=transfer.organisation, sync_job=job, object_id=person.pk, name="X", state="received"
    )


def _pupil(number: int = 1) -> Person:
    return Person.objects.get(family_name=f"Nummer{number:05d}")


def _causes(organisation: Organisation) -> list[tuple[str, str, str, int]]:
    """(who, code, sentence, objects)"""
    control = make_at_once(organisation)
    return [
        (one.who, one.code, one.sentence, findings_of(control).filter(cause=one, follows=False).count())
        for one in ControlCause.objects.filter(control=control)
    ]


def test_it_is_told_in_our_words_with_skolverkets_own_under(scoped: Organisation, school: TestActivity) -> None:
    transfer = _transfer(school)
    _refuse(transfer, _pupil(1), UNKNOWN_UNIT)
    _refuse(transfer, _pupil(2), UNKNOWN_UNIT, LIKE_THE_NAME, ELSEWHERE)

    assert sorted(_causes(scoped)) == [
        ("elevregistret", "4005", "Skolverket hittar inte elevens skolenhet.", 2),
        ("skolan", "3999", "Personen finns kvar hos en annan huvudman.", 1),
    ]
    cause = ControlCause.objects.get(code="4005")
    assert (cause.refused, cause.urgent, cause.severity) == (True, True, "error")
    assert cause.skolverket_says == "Ogiltigt värde på <enroledAt>. (4005)"
    assert cause.meaning.startswith("Uppgiften leder inte till något som finns hos Skolverket.")
    assert cause.sync_job_id == transfer.sync_jobs.get().pk
    control = cause.control
    assert (to_mend(control), to_mend(control, school)) == (3, 3)
    assert refused_by_kind(findings_of(control)) == {"persons": 2}
    assert not holds_back(control)


def test_codes_with_the_same_explanation_are_one_cause(scoped: Organisation, school: TestActivity) -> None:
    _refuse(_transfer(school), _pupil(), ELSEWHERE, ELSEWHERE | {"code": "3998"})
    assert [number for _, _, _, number in _causes(scoped)] == [1]
    assert ControlCause.objects.get().skolverket_says.splitlines() == [
        "Personen finns hos en annan huvudman. (3999)", "Personen finns hos en annan huvudman. (3998)"
    ]  # fmt: skip


def test_what_waits_for_it_follows_and_each_object_counts_once_on_the_board(
    scoped: Organisation, school: TestActivity
) -> None:
    _refuse(_transfer(school), _pupil(), UNKNOWN_UNIT, ELSEWHERE)
    control = make_at_once(scoped)
    follows = ControlFinding.objects.filter(follows=True).values_list("name", flat=True)
    assert set(follows) == {"6A", "Ma6A"}
    (cell,) = ControlCell.objects.filter(control=control)
    assert (cell.urgent, cell.following) == (1, 2)


def test_nothing_waits_for_one_whom_skolverket_has_from_before(scoped: Organisation, school: TestActivity) -> None:
    pupil = _pupil()
    Accepted.objects.create(
        organisation=scoped, environment=scoped.environment, kind="persons", object_id=pupil.pk, payload_hash="x"
    )
    _refuse(_transfer(school), pupil, UNKNOWN_UNIT)
    make_at_once(scoped)
    assert not ControlFinding.objects.filter(follows=True).exists()


def test_what_a_rule_says_of_the_same_attribute_is_said_once(scoped: Organisation, school: TestActivity) -> None:
    about_login = {"code": "3999", "message": "Ogiltigt värde.", "attribute": "eduPersonPrincipalNames"}
    _refuse(_transfer(school), _pupil(), about_login, UNKNOWN_UNIT)
    Person.objects.filter(pk=_pupil().pk).update(eppn="")
    assert sorted(code for _, code, _, _ in _causes(scoped)) == ["4005", "P3"]


def test_what_has_been_changed_since_is_to_be_sent(scoped: Organisation, school: TestActivity) -> None:
    _refuse(_transfer(school), _pupil(), UNKNOWN_UNIT)
    Person.objects.filter(pk=_pupil().pk).update(changed_at=timezone.now() + timedelta(seconds=1))
    assert _causes(scoped) == [
        ("skolan", "4005", "Ändrat men inte skickat igen. Skolverket hittar inte elevens skolenhet.", 1)
    ]


@pytest.mark.parametrize(
    ("messages", "findings", "sentence"),
    [
        ([], [], "Skolverket nekade utan att säga varför."),
        ([], [{"code": "x", "sentence": "Skolverket tappade bort anropet.", "object_ids": []}],
         "Skolverket tappade bort anropet."),
        ([{"code": "TemporaryError", "message": ""}], [], None),
        ([{"code": "", "message": "Något", "severity": "Error"}], [], None),
    ],
)  # fmt: skip
def test_a_refusal_without_a_reason_is_to_be_sent_again(
    scoped: Organisation, school: TestActivity, messages: list[Any], findings: list[Any], sentence: str | None
) -> None:
    _refuse(_transfer(school), _pupil(), *messages, findings=findings)
    ((who, _, told, number),) = _causes(scoped)
    assert (who, number) == ("skolan", 1)
    assert told == sentence or (sentence is None and told)


def test_a_message_names_nobody(scoped: Organisation, school: TestActivity) -> None:
    pupil = _pupil()
    text = (
        f"Elev Nummer00001 ({pupil.civic_number}, {pupil.eppn}, {pupil.pk}) har värdet hemligt i fältet "
        f"eppn, elevens  namn."
    )
    _refuse(_transfer(school), pupil, {"code": "3999", "message": text, "attribute": "eppn", "value": "hemligt"})
    make_at_once(scoped)
    told = str(list(ControlCause.objects.values_list("skolverket_says", "meaning", "sentence")))
    for secret in ("Nummer00001", pupil.civic_number, pupil.civic_number[-4:], pupil.eppn, str(pupil.pk), "hemligt"):
        assert secret not in told
    assert "i fältet eppn, elevens namn." in told


def test_different_messages_under_the_same_sentence_are_a_few(scoped: Organisation, school: TestActivity) -> None:
    transfer = _transfer(school)
    for number in range(5):
        _refuse(transfer, _pupil(number), UNKNOWN_UNIT | {"message": f"Skolenhet {number} finns inte."})
    make_at_once(scoped)
    assert ControlCause.objects.get().skolverket_says.splitlines() == [
        f"Skolenhet {number} finns inte. (4005)" for number in range(3)
    ]


def test_what_is_no_longer_wanted_is_not_told(scoped: Organisation, school: TestActivity) -> None:
    _refuse(_transfer(school), _pupil(), UNKNOWN_UNIT)
    Person.objects.filter(pk=_pupil().pk).update(ended_at=timezone.now())
    assert _causes(scoped) == []


def test_a_later_transfer_that_brought_it_there_ends_it_and_makes_the_control_old(
    scoped: Organisation, school: TestActivity
) -> None:
    _refuse(_transfer(school), _pupil(), UNKNOWN_UNIT)
    make_at_once(scoped)
    assert not control_status(scoped).is_old
    later = _transfer(school, Purpose.ONE_PERSON, "done")
    _arrive(later, _pupil())
    assert control_status(scoped).is_old
    assert _causes(scoped) == []


def test_the_newest_refusal_counts_also_one_persons(scoped: Organisation, school: TestActivity) -> None:
    _refuse(_transfer(school), _pupil(), UNKNOWN_UNIT)
    _refuse(_transfer(school, Purpose.ONE_PERSON), _pupil(), ELSEWHERE)
    assert [code for _, code, _, _ in _causes(scoped)] == ["3999"]


def test_one_that_was_broken_off_hides_nothing(scoped: Organisation, school: TestActivity) -> None:
    _refuse(_transfer(school), _pupil(1), UNKNOWN_UNIT)
    _refuse(_transfer(school, state="cancelled"), _pupil(2), UNKNOWN_UNIT)
    assert [number for _, _, _, number in _causes(scoped)] == [2]
    _transfer(school, state="done")  # a whole one in which nothing was refused
    assert _causes(scoped) == []


def test_while_its_removals_are_reviewed_its_refusals_are_told(scoped: Organisation, school: TestActivity) -> None:
    _refuse(_transfer(school, state="needs_review"), _pupil(), UNKNOWN_UNIT)
    assert len(_causes(scoped)) == 1


def test_a_transfer_that_changes_what_is_told_makes_it_anew(scoped: Organisation, school: TestActivity) -> None:
    first = _transfer(school)
    _refuse(first, _pupil(), UNKNOWN_UNIT)
    renew_after(first)
    assert not Control.objects.exists()  # nobody has asked for one

    make_at_once(scoped)
    second = _transfer(school)
    _refuse(second, _pupil(2), UNKNOWN_UNIT)
    assert control_status(scoped).is_old
    renew_after(second)
    assert not control_status(scoped).is_old
    assert refused_by_kind(findings_of(Control.objects.get())) == {"persons": 1}


@pytest.mark.parametrize(("purpose", "state"), [(Purpose.ONE_PERSON, "done"), (Purpose.SEND, "running")])
def test_one_person_and_what_is_under_way_make_nothing_anew(
    scoped: Organisation, school: TestActivity, purpose: str, state: str
) -> None:
    _refuse(_transfer(school), _pupil(), UNKNOWN_UNIT)
    control = make_at_once(scoped)
    later = _transfer(school, purpose, state)
    _arrive(later, _pupil())
    renew_after(later)
    assert Control.objects.get() == control


def test_a_transfer_without_refusals_leaves_the_control_as_it_is(scoped: Organisation, school: TestActivity) -> None:
    control = make_at_once(scoped)
    later = _transfer(school, state="done")
    _arrive(later, _pupil())
    assert not control_status(scoped).is_old
    assert renew_after(later) is None
    assert Control.objects.get() == control
