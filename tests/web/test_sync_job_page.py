"""The page of one sync job: what it says, what its rows open to, and what it never shows."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation, User
from provsluss.register.models import Reveal
from provsluss.transfers.models import Batch, ObjectResult, SyncJob
from tests.web.reading import text_of
from tests.web.transfers_made_by_hand import (
    CIVIC_NUMBER,
    PROTECTED_NUMBER,
    MadeTransfer,
    make_running,
    make_worker,
)

HTMX = {"HX-Request": "true"}


def test_it_says_how_it_went(logged_in_client: Client, made: MadeTransfer) -> None:
    text = text_of(logged_in_client, "sync_job", made.jobs["persons"].pk)

    assert "Ett eller flera fel inträffade." in text
    assert "4 av 6 kom fram" in text
    assert "2026-03-22 18:13:19" in text
    assert 'hx-trigger="every' not in text


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("persons", ["Status", "Namn", "Roll", "Personnummer", "EPPN", "Årskurs", "Skolform", "Skolenhet"]),
        ("duties", ["Status", "Namn", "Personalkategori", "Skolenhet"]),
        ("groups", ["Status", "Namn", "Typ", "Skolform", "Skolenhet", "Elever"]),
        ("activities", ["Status", "Namn", "Nationellt prov", "Grupp", "Lärare", "Skolenhet"]),
    ],
)
def test_each_kind_has_its_columns(logged_in_client: Client, made: MadeTransfer, kind: str, columns: list[str]) -> None:
    text = text_of(logged_in_client, "sync_job", made.jobs[kind].pk)

    table = text[text.index('class="ds-table results"') :].partition("</thead>")[0]
    assert re.findall(r'<th scope="col"[^>]*>(?:<a class="sort" href="[^"]*">)?([^<]+)<', table) == columns


def test_the_worst_comes_first(logged_in_client: Client, made: MadeTransfer) -> None:
    text = text_of(logged_in_client, "sync_job", made.jobs["persons"].pk)

    names = [text.index(f'scope="row" class="wrap">{name}') for name in ("Alva", "Nils", "Hugo", "Maja", "Mohammed")]
    assert names == sorted(names)


def test_a_page_never_holds_a_whole_personnummer(logged_in_client: Client, made: MadeTransfer) -> None:
    pages = [
        text_of(logged_in_client, "sync_job", made.jobs["persons"].pk),
        text_of(logged_in_client, "sync_job_object", made.refused.pk),
        text_of(logged_in_client, "call", made.batch.pk),
    ]

    for text in pages:
        assert CIVIC_NUMBER not in text
        assert CIVIC_NUMBER[8:] not in re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", text)
        assert "20140512-****" in text


def test_a_row_opens_to_explanation_message_and_both_sides(logged_in_client: Client, made: MadeTransfer) -> None:
    answer = logged_in_client.get(reverse("sync_job_object", args=[made.refused.pk]), headers=HTMX)

    text = answer.content.decode()
    assert "<html" not in text
    assert "Åtgärdas av" in text
    assert "”Ogiltigt värde på &lt;enroledAt&gt;.”" in text
    assert "Kod 4005" in text
    assert "&quot;givenName&quot;: &quot;Alva&quot;" in text
    assert "&quot;status&quot;: &quot;Error&quot;" in text
    assert reverse("call", args=[made.batch.pk]) in text
    assert reverse("person", args=[made.refused.object_id]) in text


def test_missing_pupils_are_named_and_linked(logged_in_client: Client, made: MadeTransfer) -> None:
    text = text_of(logged_in_client, "sync_job_object", made.group_result.pk)

    assert "2 elever saknas i gruppen" in text
    assert f'href="{reverse("sync_job_object", args=[made.refused.pk])}">Alva Åström' in text
    assert "Begränsade uppgifter" in text
    assert "Iris" not in text


def test_a_purged_call_is_told_of(logged_in_client: Client, made: MadeTransfer) -> None:
    Batch.objects.update(payload=None, answer=None)

    assert "gallrade" in text_of(logged_in_client, "sync_job_object", made.refused.pk)
    assert "gallrat" in text_of(logged_in_client, "call", made.batch.pk)


def test_revealing_a_personnummer_is_logged(logged_in_client: Client, made: MadeTransfer, user: User) -> None:
    address = reverse("sync_job_object_civic_number", args=[made.refused.pk])
    assert logged_in_client.get(address).status_code == 405

    answer = logged_in_client.post(address)

    assert "20140512-2384" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    reveal = Reveal.objects.get()
    assert (reveal.user, reveal.person_id) == (user, made.refused.object_id)
    assert CIVIC_NUMBER not in reveal.what


def test_revealing_a_call_is_logged_person_by_person(logged_in_client: Client, made: MadeTransfer) -> None:
    text = logged_in_client.post(reverse("call_unmasked", args=[made.batch.pk])).content.decode()

    assert CIVIC_NUMBER in text
    assert PROTECTED_NUMBER not in text
    looked_at = set(Reveal.objects.values_list("person_id", flat=True))
    assert looked_at == set(
        ObjectResult.objects.filter(batch=made.batch, restricted=False).values_list("object_id", flat=True)
    )


def test_a_protected_person_is_a_neutral_row(logged_in_client: Client, made: MadeTransfer) -> None:
    job = made.jobs["persons"]
    pages = [
        text_of(logged_in_client, "sync_job", job.pk),
        text_of(logged_in_client, "call", made.batch.pk),
        logged_in_client.post(reverse("call_unmasked", args=[made.batch.pk])).content.decode(),
    ]

    for text in pages:
        assert "Iris" not in text
        assert "20140101" not in text
        assert made.protected.eppn not in text
        assert "egränsa" in text
    assert logged_in_client.post(reverse("sync_job_object_civic_number", args=[made.protected.pk])).status_code == 404
    assert logged_in_client.get(reverse("sync_job_object", args=[made.protected.pk])).status_code == 404


def test_a_protected_person_cannot_be_searched_for(logged_in_client: Client, made: MadeTransfer) -> None:
    address = reverse("sync_job", args=[made.jobs["persons"].pk])

    assert "Ingen träff" in logged_in_client.post(address, {"sok": PROTECTED_NUMBER}).content.decode()
    assert "Ingen träff" in logged_in_client.get(address, {"sok": "Iris"}).content.decode()


def test_who_may_sees_the_protected_person(protected_client: Client, made: MadeTransfer) -> None:
    assert "Iris Öberg" in text_of(protected_client, "sync_job", made.jobs["persons"].pk)
    assert "Iris" in text_of(protected_client, "call", made.batch.pk)


@pytest.mark.parametrize("number", [CIVIC_NUMBER, "20140512-2384", "140512-2384", "1405122384", "20140512"])
def test_a_personnummer_in_the_search_stays_out_of_the_address(
    logged_in_client: Client, made: MadeTransfer, number: str
) -> None:
    answer = logged_in_client.post(reverse("sync_job", args=[made.jobs["persons"].pk]), {"sok": number})

    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Alva Åström" in text
    assert "Hugo Sjögren" not in text
    assert number not in text.replace("20140512-****", "")


@pytest.mark.parametrize(("search", "found"), [("åström", "Alva"), ("HUGO", "Hugo"), ("Sjög", "Hugo")])
def test_a_name_is_searched_for(logged_in_client: Client, made: MadeTransfer, search: str, found: str) -> None:
    address = reverse("sync_job", args=[made.jobs["persons"].pk])

    answer = logged_in_client.post(address, {"sok": search, "status": ""}, follow=True)

    assert search not in answer.redirect_chain[0][0]
    text = answer.content.decode()
    assert f"visa mer om {found}" in text
    assert "visa mer om Maja" not in text


def test_filter_by_state_and_by_what_is_to_mend(logged_in_client: Client, made: MadeTransfer) -> None:
    job = made.jobs["persons"].pk

    assert "visa mer om Hugo" not in text_of(logged_in_client, "sync_job", job, status="error")
    to_mend = text_of(logged_in_client, "sync_job", job, status="att_atgarda")
    assert "visa mer om Alva" in to_mend
    assert "visa mer om Nils" in to_mend
    assert "visa mer om Hugo" not in to_mend
    assert "visa mer om Hugo" in text_of(logged_in_client, "sync_job", job, status="warning")


def test_pages_of_fifty(logged_in_client: Client, made: MadeTransfer) -> None:
    job = made.jobs["duties"]
    ObjectResult.objects.bulk_create(
        ObjectResult(
            sync_job=job, organisation_id=job.organisation_id, object_id=f"00000000-0000-4000-8000-{number:012}",
            name=f"Person {number:03}", state="received", restricted=number % 10 == 0,
        )
        for number in range(120)
    )  # fmt: skip

    seen: list[str] = []
    for page in ("1", "2", "3"):
        text = text_of(logged_in_client, "sync_job", job.pk, sida=page)
        seen += re.findall(r"visa mer om (Person \d+)", text)
    assert seen == [f"Person {number:03}" for number in range(120) if number % 10]
    backwards = text_of(logged_in_client, "sync_job", job.pk, sortera="-namn")
    assert re.findall(r"visa mer om (Person \d+)", backwards)[0] == "Person 119"


def test_a_running_job_moves_by_itself_and_says_how_far(logged_in_client: Client, organisation: Organisation) -> None:
    make_worker()
    job = make_running(organisation)
    text = text_of(logged_in_client, "sync_job", job.pk)
    assert "312 av 400 besvarade" in text
    (address,) = re.findall(r'hx-get="([^"]*lage[^"]*)"', text)

    assert logged_in_client.get(address, headers=HTMX).status_code == 204

    with scope(organisation=organisation):
        SyncJob.objects.filter(pk=job.pk).update(state="done", success=400)
    answer = logged_in_client.get(address, headers=HTMX)
    text = answer.content.decode()
    assert "Allt som skickades togs emot" in text
    assert "every" not in text
    assert 'id="lage-sagt"' in text


def test_the_user_can_stop_the_moving(logged_in_client: Client, organisation: Organisation) -> None:
    job = make_running(organisation)

    text = text_of(logged_in_client, "sync_job", job.pk, uppdatera="nej")

    assert "every" not in text
    assert "Uppdatera av sig själv" in text


def test_a_call_tells_of_request_and_answer_without_the_token(logged_in_client: Client, made: MadeTransfer) -> None:
    text = text_of(logged_in_client, "call", made.batch.pk)

    for part in (made.batch.job_id, "POST http://127.0.0.1:8100/", "Bearer (visas aldrig)", ">202<", "18:13:24"):
        assert part in text
