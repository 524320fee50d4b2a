"""Översikt: what needs attention, and the way for a newcomer."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.catalogue.models import Fetch, SchoolUnit
from provsluss.organisations.models import Organisation
from provsluss.register.models import Import
from provsluss.transfers.models import SyncJob, TestActivity, Transfer, Worker
from tests.web.transfers_made_by_hand import UNIT, make_running, make_school, make_transfer


def _text(client: Client) -> str:
    return client.get(reverse("overview")).content.decode()


def test_a_newcomer_begins_by_reading_a_file(logged_in_client: Client, organisation: Organisation) -> None:
    text = _text(logged_in_client)

    assert "Kom igång i tre steg" in text
    assert "Läs in en fil" in text
    assert "Gå till kontrollen" not in text


def test_then_comes_the_check(logged_in_client: Client, organisation: Organisation) -> None:
    make_school(organisation)

    text = _text(logged_in_client)

    assert "Gå till kontrollen" in text
    assert "Läs in en fil" not in text
    assert "<dt>Elever</dt><dd>3</dd>" in text


def test_a_transfer_with_errors_leads_to_what_is_wrong(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_transfer(organisation)

    text = _text(logged_in_client)

    assert "Kom igång" not in text
    assert "Allt kom inte fram i den senaste överföringen" in text
    assert reverse("sync_job", args=[made.jobs["persons"].pk]) in text
    assert made.test_activity.name in text


def test_a_cancelled_transfer_of_something_else_hides_no_errors(
    logged_in_client: Client, organisation: Organisation
) -> None:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        other = TestActivity.objects.create(organisation=organisation, name="Svenska", national_test="GRGRSVE01_6")
        cancelled = Transfer.objects.create(organisation=organisation, environment="simulator", state="cancelled")
        cancelled.test_activities.set([other])

    text = _text(logged_in_client)

    assert f"Allt kom inte fram i den senaste överföringen av {made.test_activity.name}" in text
    assert "Överföringen av Svenska är avbruten" in text


def test_what_was_done_in_another_environment_is_not_mentioned(
    logged_in_client: Client, organisation: Organisation
) -> None:
    make_transfer(organisation)
    Organisation.objects.filter(pk=organisation.pk).update(environment="verifieringstest")

    text = _text(logged_in_client)

    assert "Allt kom inte fram" not in text
    assert "Certifikatet är inte på plats" in text


def test_a_running_transfer_can_be_followed(logged_in_client: Client, organisation: Organisation) -> None:
    make_running(organisation)
    Worker.objects.create(name="local", seen_at=timezone.now())

    text = _text(logged_in_client)

    assert "Pågår nu" in text
    assert "Följ överföringen" in text
    assert 'hx-trigger="every 3s"' in text
    assert "besvarade" in text
    assert "Ingenting skickas just nu" not in text


def test_the_bar_of_a_transfer_never_goes_backwards(logged_in_client: Client, organisation: Organisation) -> None:
    """Only a step that has begun knows how many it sends; so each step has its own bar, and says which it is."""
    first = make_running(organisation, answered=312, to_send=400)

    def bar() -> str:
        return " ".join(_text(logged_in_client).split('id="pagar"')[1].split("</section>")[0].split())

    assert 'aria-label="Steg 1 av 4: Användare" value="312" max="400"' in bar()
    assert "<strong>Steg 1 av 4: Användare.</strong> 312 av 400 besvarade" in bar()

    with scope(organisation=organisation):
        first.state = "done"
        first.save()
    assert 'aria-label="Steg 2 av 4: Tjänstgöringar"></progress>' in bar()  # not begun: nothing to reckon from

    with scope(organisation=organisation):
        duties = SyncJob.objects.filter(transfer=first.transfer, kind="duties")
        duties.update(state="running", started_at=timezone.now(), wanted=42, unchanged=2, sent=40, success=10)
    assert 'aria-label="Steg 2 av 4: Tjänstgöringar" value="10" max="40"' in bar()

    with scope(organisation=organisation):
        SyncJob.objects.filter(transfer=first.transfer).update(state="done")
        SyncJob.objects.create(
            organisation=organisation, transfer=first.transfer, kind="groups", action="remove", position=5,
            state="running", started_at=timezone.now(), wanted=8, removed=2,
        )  # fmt: skip
    assert 'aria-label="Ta bort: grupper" value="2" max="8"' in bar()


def test_a_transfer_that_waits_for_its_turn_has_no_bar(logged_in_client: Client, organisation: Organisation) -> None:
    job = make_running(organisation)
    with scope(organisation=organisation):
        SyncJob.objects.filter(pk=job.pk).update(state="queued", started_at=None)

    assert "<progress" not in _text(logged_in_client)


def test_a_worker_that_has_gone_silent_is_missed(logged_in_client: Client, organisation: Organisation) -> None:
    make_running(organisation)

    assert "Ingenting skickas just nu" in _text(logged_in_client)


def test_a_transfer_that_waits_for_approval(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        Transfer.objects.filter(pk=made.transfer.pk).update(state="needs_review", message="Många borttagningar.")

    text = _text(logged_in_client)

    assert "kräver granskning" in text
    assert "Många borttagningar." in text


def test_an_import_that_waits_for_a_decision(logged_in_client: Client, organisation: Organisation) -> None:
    with scope(organisation=organisation):
        run = Import.objects.create(
            organisation=organisation, source="skolverket_workbook", file_name="skola.xlsx", state="preview"
        )

    text = _text(logged_in_client)

    assert "En inläsning väntar på ditt beslut" in text
    assert reverse("import", args=[run.pk]) in text


def test_rows_that_were_not_read_in_are_not_forgotten(logged_in_client: Client, organisation: Organisation) -> None:
    with scope(organisation=organisation):
        counts = {"pupils": {"rows": 3, "good": 1, "bad": 2, "new": 1, "changed": 0, "unchanged": 0, "ended": 0}}
        run = Import.objects.create(
            organisation=organisation,
            source="skolverket_workbook",
            state="done_with_errors",
            counts=counts,
            finished_at=timezone.now(),
        )

    text = _text(logged_in_client)

    assert "2 rader i den senaste inläsningen kom inte in i registret" in text
    assert reverse("import", args=[run.pk]) in text


def test_a_school_unit_that_skolverket_does_not_know(logged_in_client: Client, organisation: Organisation) -> None:
    make_school(organisation)
    SchoolUnit.objects.create(
        environment="simulator", code=UNIT, skolverket_id=organisation.pk, status="Unknown", fetched_at=timezone.now()
    )

    assert "Skolverket tar inte emot alla skolenheter" in _text(logged_in_client)


def test_when_all_is_well_it_says_so(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        Transfer.objects.filter(pk=made.transfer.pk).update(state="done")
    now = timezone.now()
    Fetch.objects.create(environment="simulator", started_at=now, finished_at=now, succeeded=True)

    text = _text(logged_in_client)

    assert "Allt ser bra ut." in text
    assert "Behöver din uppmärksamhet" not in text


def test_the_register_tells_when_it_was_filled_not_when_a_preview_was_made(
    logged_in_client: Client, organisation: Organisation
) -> None:
    make_school(organisation)
    with scope(organisation=organisation):
        stored, _ = (
            Import.objects.create(
                organisation=organisation, source="skolverket_workbook", file_name="skola.xlsx", state=state
            )
            for state in ("done", "preview")
        )

    assert f'href="{reverse("import", args=[stored.pk])}">Senaste inläsning' in _text(logged_in_client)


def test_errors_of_a_transfer_that_waits_for_review_are_told(
    logged_in_client: Client, organisation: Organisation
) -> None:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        Transfer.objects.filter(pk=made.transfer.pk).update(state="needs_review")

    text = _text(logged_in_client)

    assert "kräver granskning" in text
    assert "Allt kom inte fram i den senaste överföringen" in text


def test_errors_of_one_persons_transfer_are_told_for_some_days(
    logged_in_client: Client, organisation: Organisation
) -> None:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        Transfer.objects.filter(pk=made.transfer.pk).update(purpose="one_person", finished_at=timezone.now())
        made.transfer.test_activities.clear()

    assert f"Allt kom inte fram i överföring {made.transfer.pk} av en enda person" in _text(logged_in_client)
    with scope(organisation=organisation):
        Transfer.objects.filter(pk=made.transfer.pk).update(finished_at=timezone.now() - timedelta(days=9))
    assert "Allt kom inte fram" not in _text(logged_in_client)


def test_a_silent_worker_is_missed_between_tries_too_but_not_by_another_environment(
    logged_in_client: Client, organisation: Organisation
) -> None:
    job = make_running(organisation)
    with scope(organisation=organisation):
        Transfer.objects.filter(pk=job.transfer_id).update(state="retrying")

    assert "Ingenting skickas just nu" in _text(logged_in_client)
    with scope(organisation=organisation):
        Transfer.objects.filter(pk=job.transfer_id).update(environment="verifieringstest")
    assert "Ingenting skickas just nu" not in _text(logged_in_client)


def test_a_person_who_has_been_sent_again_is_told_of_once(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_transfer(organisation)
    whose = {"purpose": "one_person", "person_id": made.school.pupils[0].pk}
    with scope(organisation=organisation):
        Transfer.objects.filter(pk=made.transfer.pk).update(finished_at=timezone.now(), **whose)
    assert "av en enda person" in _text(logged_in_client)

    with scope(organisation=organisation):
        Transfer.objects.create(organisation=organisation, environment="simulator", state="done", **whose)

    assert "av en enda person" not in _text(logged_in_client)
