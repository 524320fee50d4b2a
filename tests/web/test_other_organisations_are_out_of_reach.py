"""The ids of another organisation's objects lead nowhere: 404, the same as for ids that do not exist."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django_scopes import scope, scopes_disabled

from provsluss.organisations.models import Organisation, OrganisationAccess, User
from provsluss.preflight.run import make_control
from provsluss.preflight.status import new_control
from provsluss.register.models import Import, ImportProblem, Reveal, Source
from provsluss.transfers.models import ControlCause, TestActivity, Transfer
from tests.web.sources_made_by_hand import make_source
from tests.web.transfers_made_by_hand import School, make_preview, make_school, make_transfer

HTMX = {"HX-Request": "true"}


@pytest.fixture
def stranger(organisation: Organisation) -> Organisation:
    return Organisation.objects.create(number="5560360793", name="Friskolan Norrsken", environment="simulator")


@pytest.fixture
def strange_school(stranger: Organisation) -> School:
    return make_school(stranger)


@pytest.fixture
def strange_import(stranger: Organisation) -> Iterator[Import]:
    with scope(organisation=stranger):
        run = Import.objects.create(
            organisation=stranger, source="skolverket_workbook", file_name="hemlig.xlsx", state="preview",
            counts={"school_year_change": {"units": {}}},
        )  # fmt: skip
        ImportProblem.objects.create(import_run=run, sheet="Klasser", row=3, reason="Hemlig orsak")
    yield run


@pytest.fixture
def ids(strange_school: School, strange_import: Import, stranger: Organisation) -> dict[str, object]:
    """What stands for the id in each address that has one. A new page must be added here."""
    made = make_transfer(stranger, strange_school)
    with scope(organisation=stranger):
        control, _ = new_control(stranger)
        make_control(control.pk)
        cause = ControlCause.objects.all()[0]
    pupil, test_activity, transfer = strange_school.pupils[0].pk, made.test_activity.pk, made.transfer.pk
    job, result, call, import_run = made.jobs["persons"].pk, made.refused.pk, made.batch.pk, strange_import.pk
    planned = make_preview(made)
    plan = planned.plan_id
    source = make_source(stranger, "Hemlig källa").pk
    return {
        "plan": plan,
        "plan_progress": plan,
        "plan_export": plan,
        "plan_send": plan,
        "plan_outcome": plan,
        "plan_outcome_export": plan,
        "planned_object": planned.pk,
        "test_activity_preview": test_activity,
        "person": pupil,
        "person_civic_number": pupil,
        "person_send": pupil,
        "person_steps": pupil,
        "person_lookup": pupil,
        "person_mark_missing": pupil,
        "person_timeline_export": pupil,
        "group": strange_school.group.pk,
        "user_sees_protected": stranger.users.create(username="deras").pk,
        "person_access": pupil,
        "group_access": strange_school.group.pk,
        "test_activity_access": test_activity,
        "test_activity_access_export": test_activity,
        "import": import_run,
        "import_progress": import_run,
        "import_changes": import_run,
        "import_changes_export": import_run,
        "calls_export": job,
        "import_problems_export": import_run,
        "school_year_change": import_run,
        "school_year_change_export": import_run,
        "import_store": import_run,
        "import_read_again": import_run,
        "import_discard": import_run,
        "source": source,
        "source_fetch": source,
        "source_test": source,
        "source_change": source,
        "source_pause": source,
        "source_remove": source,
        "history_transfer": transfer,
        "transfer_run_again": transfer,
        "removal_review": transfer,
        "removal_review_export": transfer,
        "removal_decide": transfer,
        "removal_undo": transfer,
        "sync_job": job,
        "sync_job_progress": job,
        "sync_job_list": job,
        "sync_job_export": job,
        "sync_job_object": result,
        "sync_job_object_civic_number": result,
        "call": call,
        "call_unmasked": call,
        "test_activity": test_activity,
        "test_activity_groups": test_activity,
        "test_activity_groups_export": test_activity,
        "test_activity_history": test_activity,
        "test_activity_control": test_activity,
        "control_cause": cause.pk,
        "test_activity_change": test_activity,
        "test_activity_archive": test_activity,
        "test_activity_state": test_activity,
        "test_activity_send": test_activity,
        "test_activity_steps": test_activity,
        "transfer_cancel": transfer,
        "transfer_resume": transfer,
    }


def _with_an_id(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            assert not pattern.pattern.converters, f"{pattern} takes an id for all its pages"
            yield from _with_an_id(pattern.url_patterns)
        elif pattern.pattern.converters or pattern.pattern.regex.groups:
            yield str(pattern.name)


WITH_AN_ID = sorted(_with_an_id(get_resolver().url_patterns))


def test_every_address_with_an_id_is_walked(ids: dict[str, object]) -> None:
    assert set(WITH_AN_ID) == set(ids)


@pytest.mark.parametrize("name", WITH_AN_ID)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_another_organisations_id_is_not_found(
    logged_in_client: Client, ids: dict[str, object], name: str, headers: dict[str, str]
) -> None:
    address = reverse(name, args=[ids[name]])
    form = {"lage": "archived", "gor": "spara", "bekraftat": "ja", "personnummer": "ja", "sok": "Alva"}

    statuses = {
        logged_in_client.get(address, headers=headers).status_code,
        # A search is kept and redirects to the address itself, which is not there.
        logged_in_client.post(address, form, headers=headers, follow=True).status_code,
    }

    assert 404 in statuses
    assert statuses <= {404, 405}
    with scopes_disabled():
        assert not Reveal.objects.exists()
        assert Import.objects.get().state == "preview"
        assert Source.objects.get().state == "active"
        assert TestActivity.objects.get().state == "active"
        assert Transfer.objects.get().state == "done_with_errors"


@pytest.mark.parametrize("name", WITH_AN_ID)
def test_the_owner_does_find_it(client: Client, ids: dict[str, object], stranger: Organisation, name: str) -> None:
    """Otherwise the test above could not fail."""
    client.force_login(stranger.users.create(username="granne"))
    address = reverse(name, args=[ids[name]])

    assert 404 not in {client.get(address).status_code, client.post(address).status_code}


@pytest.mark.parametrize(
    "name", ["overview", "control", "persons", "groups", "imports", "sources", "users", "catalogue"]
)
def test_lists_hold_only_ones_own(
    logged_in_client: Client, strange_school: School, strange_import: Import, stranger: Organisation, name: str
) -> None:
    other = User.objects.create_user("främling", password="x")
    OrganisationAccess.objects.create(user=other, organisation=stranger)

    text = logged_in_client.get(reverse(name)).content.decode()

    for word in ("Åström", "6A matematik", "hemlig.xlsx", "Hemlig källa", "främling", "31279295"):
        assert word not in text


def test_one_cannot_switch_to_another_organisation(logged_in_client: Client, stranger: Organisation) -> None:
    answer = logged_in_client.post(reverse("switch_organisation"), {"organisation": str(stranger.pk)})

    assert answer.status_code == 404
    assert "Friskolan" not in logged_in_client.get(reverse("overview")).content.decode()
