"""Drift: for operators only; the workers, the queue, the pace, and the brake that every page tells of."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.operations import queue_pause
from provsluss.organisations.models import Organisation, User
from provsluss.transfers.models import PurgeReport, Transfer, Worker
from provsluss.transfers.pipeline.batch_size import learn_from_refusal
from tests.web.transfers_made_by_hand import make_running


@pytest.fixture
def operator_client(logged_in_client: Client, user: User) -> Client:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return logged_in_client


def _text(client: Client, name: str = "operations") -> str:
    return client.get(reverse(name)).content.decode()


def test_others_neither_see_it_nor_reach_the_brake(logged_in_client: Client) -> None:
    assert "Drift" not in _text(logged_in_client, "overview")
    assert logged_in_client.get(reverse("operations")).status_code == 403
    assert logged_in_client.post(reverse("queue_pause")).status_code == 403
    assert queue_pause.current_pause() is None
    queue_pause.pause_queue()
    assert logged_in_client.post(reverse("queue_release")).status_code == 403
    assert queue_pause.current_pause() is not None


def test_workers_alive_and_gone_and_their_pace(operator_client: Client) -> None:
    now = timezone.now()
    Worker.objects.create(
        name="maskin-1", seen_at=now, started_at=now - timedelta(hours=1),
        calls={"minute": {"transfer": 270, "read": 30, "refused": 0},
               "five_minutes": {"transfer": 900, "read": 30, "refused": 2}},
    )  # fmt: skip
    Worker.objects.create(
        name="maskin-2", seen_at=now, started_at=now - timedelta(seconds=10),
        calls={"minute": {"transfer": 3, "read": 0}, "five_minutes": {"transfer": 3, "read": 0}},
    )  # fmt: skip
    Worker.objects.create(
        name="maskin-3", seen_at=now - timedelta(minutes=5), calls={"minute": {"transfer": 999, "read": 999}}
    )

    text = _text(operator_client)

    assert text.count("Igång</") == 2
    assert text.count("Svarar inte</") == 1
    # 270 in a minute, and 3 in the ten seconds that the second has lived; the dead one does not count.
    pace = re.search(r"Skicka och fråga om svar</th>(.*?)</tr>", text)
    assert pace
    assert re.findall(r"\d+,\d", pace[1]) == ["4,8", "3,3", "5,0"]
    assert "2\u00a0gånger" in text


def test_nobody_works(operator_client: Client) -> None:
    text = _text(operator_client)
    assert "Ingen arbetsprocess är igång" in text
    assert "Kön är tom" in text


def test_running_and_waiting_of_all_organisations_without_any_person(
    operator_client: Client, organisation: Organisation
) -> None:
    other = Organisation.objects.create(number="5560360793", name="Friskolan Norrsken", environment="produktion")
    job = make_running(other, answered=312, to_send=400)
    with scope(organisation=other):
        job.next_try_at = timezone.now() + timedelta(minutes=3)
        job.save()
    with scope(organisation=organisation):
        Transfer.objects.create(organisation=organisation, environment="simulator")
        names = set(job.results.values_list("name", flat=True)) if job.organisation_id == organisation.pk else set()
    with scope(organisation=other):
        names |= set(job.results.values_list("name", flat=True))

    text = _text(operator_client)

    assert re.search(r"Friskolan Norrsken.*?Användare.*?312 av 400.*?\d\d:\d\d:\d\d", text, re.DOTALL)
    assert 'hx-trigger="every 3s"' in text
    assert names
    assert not [name for name in names if name in text]


def test_a_paused_queue_is_told_on_every_page(operator_client: Client, user: User) -> None:
    assert "Kön är pausad" not in _text(operator_client, "persons")

    answer = operator_client.post(reverse("queue_pause"), follow=True)

    assert "Släpp på kön" in answer.content.decode()
    for page in ("overview", "persons", "test_activities", "history", "settings", "operations"):
        assert "Kön är pausad sedan" in _text(operator_client, page), page
    pause = queue_pause.current_pause()
    assert pause
    assert pause.paused_by == user
    operator_client.post(reverse("queue_pause"))
    assert queue_pause.current_pause() == pause, "pausing twice changes nothing"

    answer = operator_client.post(reverse("queue_release"), follow=True)
    assert "Kön är släppt" in answer.content.decode()
    assert "Kön är pausad" not in _text(operator_client, "overview")


def test_a_held_transfer_says_so_until_it_goes_on(logged_in_client: Client, organisation: Organisation) -> None:
    job = make_running(organisation)
    with scope(organisation=organisation):
        queue_pause.pause_queue()
        assert queue_pause.held_for(job.transfer_id, 1)
        assert queue_pause.held_for(job.transfer_id, 2) is None, "an earlier attempt is none of ours"
        page = logged_in_client.get(reverse("sync_job", args=[job.pk])).content.decode()
        assert "Pausad." in page
        queue_pause.release_queue()
        assert queue_pause.held_for(job.transfer_id, 1) is None
        page = logged_in_client.get(reverse("sync_job", args=[job.pk])).content.decode()
        assert "Pausad." not in page
        queue_pause.pause_queue()
        Transfer.objects.update(state="cancelled")
        assert queue_pause.held_for(job.transfer_id, 1) is None


def test_what_was_purged_is_told(logged_in_client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    assert "gammalt nog att gallra" in logged_in_client.get(reverse("operations")).content.decode()
    PurgeReport.objects.create(counts={"call_payloads": 1200, "plans": 1})

    text = logged_in_client.get(reverse("operations")).content.decode()

    assert "1\u00a0200\u00a0anrops innehåll, 1\u00a0förhandsgranskning" in text


def test_calls_that_are_packed_smaller_after_a_413_are_told_of(operator_client: Client) -> None:
    assert "Mindre anrop" not in _text(operator_client)
    learn_from_refusal("verifieringstest", 180_000)
    page = _text(operator_client)
    assert "Mindre anrop" in page
    assert "Verifieringstest" in page
    assert "90\xa0000" in page
