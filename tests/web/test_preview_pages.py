"""Förhandsgranska: asking for it, what it says, and going on from it."""

import io
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation, User
from provsluss.register.models import Group, Import, Membership, Person
from provsluss.transfers.models import Accepted, Plan, PlannedObject, PlanState, Purpose, TestActivity, Transfer
from provsluss.transfers.plan.store import fail_plan, forget_old_plans, make_plan
from provsluss.transfers.protection_markings import mark_protected
from provsluss.transfers.test_activities import activities
from tests.transfers.accepted_by_hand import accept_everything
from tests.transfers.small_school import civic_number, make_group
from tests.web.reading import text_of
from tests.web.transfers_made_by_hand import TEST, School, make_school, make_worker

HTMX = {"HX-Request": "true"}
NEUTRAL = "Begränsade uppgifter"


@pytest.fixture
def school(organisation: Organisation) -> Iterator[School]:
    school = make_school(organisation)
    with scope(organisation=organisation):
        for number, person in enumerate([*school.pupils, school.teacher.person, school.head.person]):
            # With right check digits, which the rules look at.
            person.civic_number = civic_number(number, year=2014 if person.role == Person.Role.PUPIL else 1980)
            Person.objects.filter(pk=person.pk).update(civic_number=person.civic_number)
        yield school


@pytest.fixture
def test_activity(organisation: Organisation, school: School) -> TestActivity:
    return activities.create(organisation, name="", national_test=TEST, groups=[school.group])


@pytest.fixture
def settled(organisation: Organisation, test_activity: TestActivity) -> TestActivity:
    """Everything is at Skolverket as the register has it."""
    accept_everything(organisation, test_activity)
    return test_activity


def _move_to_another_test(school: School, *pupils: Person) -> None:
    """Who takes no test at all stays in the group until it is removed; these go at once."""
    group = make_group(school.organisation, "6A svenska", Group.Type.TEACHING, list(pupils))
    activities.create(school.organisation, name="", national_test="GRGRSVE01_6", groups=[group])
    Membership.objects.filter(group=school.group, person__in=pupils).delete()


def _planned(test_activity: TestActivity, everything: bool = False) -> Plan:
    plan = Plan.objects.create(
        organisation=test_activity.organisation,
        environment=test_activity.organisation.environment,
        everything=everything,
    )
    plan.test_activities.add(test_activity)
    make_plan(plan.pk)
    plan.refresh_from_db()
    assert plan.state == PlanState.READY
    return plan


def _sheet(client: Client, name: str, *args: object, **query: str) -> list[list[object]]:
    answer = client.get(reverse(name, args=args), query)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    return [[cell.value for cell in row] for row in sheet.rows]


def _row(plan: Plan, person: Person) -> PlannedObject:
    return PlannedObject.objects.get(plan=plan, object_id=person.pk)


def test_before_the_first_preview_the_tab_says_what_it_is_for(logged_in_client: Client, settled: TestActivity) -> None:
    for text in (
        text_of(logged_in_client, "test_activity_preview", settled.pk),
        text_of(logged_in_client, "preview_all"),
    ):
        assert "Inget är förhandsgranskat än" in text
        assert "Ingenting skickas." in text


def test_the_button_lets_a_worker_work_it_out_and_asking_twice_asks_once(
    logged_in_client: Client, settled: TestActivity, user: User
) -> None:
    make_worker()
    address = reverse("test_activity_preview", args=[settled.pk])
    first, again = logged_in_client.post(address), logged_in_client.post(address)
    plan = Plan.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == reverse("plan", args=[plan.pk])
    assert (plan.created_by, plan.everything, plan.state) == (user, False, PlanState.WORKING)

    text = text_of(logged_in_client, "plan", plan.pk)
    assert "räknas ut" in text
    assert reverse("plan_progress", args=[plan.pk]) in text
    assert logged_in_client.get(reverse("plan_progress", args=[plan.pk]), headers=HTMX).status_code == 200
    make_plan(plan.pk)
    refresh = logged_in_client.get(reverse("plan_progress", args=[plan.pk]), headers=HTMX)
    assert refresh.headers["HX-Refresh"] == "true"
    assert (
        text_of(logged_in_client, "test_activity_preview", settled.pk).count(
            "Förhandsgranskningen har inte skickat något."
        )
        == 1
    )


def test_the_tab_remembers_its_preview_however_many_others_there_are(
    logged_in_client: Client, organisation: Organisation, settled: TestActivity
) -> None:
    mine = _planned(settled)
    other, paused = (
        TestActivity.objects.create(organisation=organisation, name=name, national_test=TEST, state=state)
        for name, state in (("Den andra", "active"), ("Den pausade", "paused"))
    )
    for chosen in [[other]] * 21 + [[settled, other], [settled, paused], []]:
        plan = Plan.objects.create(organisation=organisation, environment=organisation.environment, state="ready")
        plan.test_activities.set(chosen)
    both = Plan.objects.filter(test_activities=settled).filter(test_activities=other).get()

    tab = logged_in_client.get(reverse("test_activity_preview", args=[settled.pk]))
    assert tab.context["plan"] == mine
    assert logged_in_client.get(reverse("preview_all")).context["plan"] == both


def test_without_a_worker_the_page_says_so(logged_in_client: Client, settled: TestActivity) -> None:
    logged_in_client.post(reverse("preview_all"))
    assert "Ingenting räknas ut just nu." in text_of(logged_in_client, "plan", Plan.objects.get().pk)


def test_without_a_test_activity_nothing_is_worked_out(logged_in_client: Client, organisation: Organisation) -> None:
    answer = logged_in_client.post(reverse("preview_all"), follow=True)
    assert "Det finns ingen aktiv provaktivitet." in answer.content.decode()
    with scope(organisation=organisation):
        assert not Plan.objects.exists()


def test_what_would_be_sent_is_counted_and_listed(logged_in_client: Client, test_activity: TestActivity) -> None:
    text = text_of(logged_in_client, "plan", _planned(test_activity).pk)
    assert "Förhandsgranskningen har inte skickat något." in text
    assert re.search(r"Om du skickar nu blir det \d+ nya uppgifter", text)
    assert "Alva Åström" in text
    assert "Skicka till Skolverket" in text


def test_when_all_is_sent_the_page_says_so_plainly(logged_in_client: Client, settled: TestActivity) -> None:
    text = text_of(logged_in_client, "plan", _planned(settled).pk)
    assert "Allt är redan skickat – inget skulle skickas nu." in text
    assert reverse("plan_send", args=[Plan.objects.get().pk]) not in text, "there is nothing to send"


def test_a_change_is_told_before_and_after(logged_in_client: Client, settled: TestActivity, school: School) -> None:
    alva, hugo, _ = school.pupils
    other_number = civic_number(7)
    Person.objects.filter(pk=alva.pk).update(given_name="Alfa", civic_number=other_number)
    _move_to_another_test(school, hugo)
    plan = _planned(settled)

    person = text_of(logged_in_client, "planned_object", _row(plan, alva).pk)
    assert "Förnamn" in person
    assert "Alva" in person
    assert "Alfa" in person
    assert f"{alva.civic_number[:8]}-****" in person
    assert "(andra slutsiffror)" in person
    group = text_of(logged_in_client, "planned_object", PlannedObject.objects.get(plan=plan, name="6A matematik").pk)
    assert "3 elever" in group
    assert "2 elever" in group
    assert "Inte kvar: Hugo Sjögren" in group
    stored = str(list(PlannedObject.objects.values_list("changes", "findings", "name")))
    assert alva.civic_number not in stored
    assert other_number not in stored


def test_an_object_sent_again_says_why_instead_of_what(
    logged_in_client: Client, settled: TestActivity, school: School
) -> None:
    alva = school.pupils[0]
    Accepted.objects.filter(object_id=alva.pk).update(payload_hash="")
    Accepted.objects.filter(object_id=school.group.pk).update(with_warning=True)
    plan = _planned(settled)
    assert (plan.counts["persons"]["changed"], plan.counts["persons"]["again"]) == (1, 1)
    text = text_of(logged_in_client, "plan", plan.pk)
    assert text.count("Skickas igen") >= 2
    assert "inte säkert vad Skolverket har" in text_of(logged_in_client, "planned_object", _row(plan, alva).pk)
    group = PlannedObject.objects.get(plan=plan, kind="groups")
    assert "med en varning förra gången" in text_of(logged_in_client, "planned_object", group.pk)


def test_what_is_held_back_names_the_cause_and_who_mends_it(
    logged_in_client: Client, test_activity: TestActivity, school: School
) -> None:
    hugo = school.pupils[1]
    Person.objects.filter(pk=hugo.pk).update(eppn="")
    plan = _planned(test_activity)
    assert "1 person hålls inne." in text_of(logged_in_client, "plan", plan.pk)
    text = text_of(logged_in_client, "planned_object", _row(plan, hugo).pk)
    assert "Inloggningsnamn (EPPN) saknas." in text
    assert "IT-avdelningen" in text


def test_what_nobody_wants_would_be_removed(logged_in_client: Client, settled: TestActivity, school: School) -> None:
    activities.set_state(settled, "archived")
    other = activities.create(settled.organisation, name="", national_test="GRGRSVE01_6", groups=[school.klass])
    plan = _planned(other)
    assert plan.counts["activities"]["removed"] == 1
    text = text_of(logged_in_client, "plan", plan.pk, vad="removed")
    assert "Tas bort" in text
    assert "6A matematik" in text
    removed = PlannedObject.objects.get(plan=plan, fate="removed", kind="activities")
    assert "behövde uppgiften" in text_of(logged_in_client, "planned_object", removed.pk)


def test_a_protected_person_is_neutral_everywhere(
    logged_in_client: Client, organisation: Organisation, test_activity: TestActivity, school: School
) -> None:
    plan, iris, hugo = _planned(test_activity), school.pupils[2], school.pupils[1]
    accept_everything(organisation, test_activity)
    _move_to_another_test(school, hugo, iris)
    after = _planned(test_activity)
    group = PlannedObject.objects.get(plan=after, name="6A matematik")
    # Protected only after the preview was made: protection reaches back.
    Person.objects.filter(pk=hugo.pk).update(security_marking="Skyddad folkbokföring")
    mark_protected(organisation)

    shown = [
        text_of(logged_in_client, "plan", plan.pk),
        text_of(logged_in_client, "plan", plan.pk, sok="Öberg"),
        text_of(logged_in_client, "planned_object", group.pk),
        str(_sheet(logged_in_client, "plan_export", plan.pk)),
        str(_sheet(logged_in_client, "plan_export", after.pk)),
    ]
    for row in (_row(plan, iris), _row(plan, hugo)):
        assert logged_in_client.get(reverse("planned_object", args=[row.pk])).status_code == 404
    for text in shown:
        assert "Iris" not in text
        assert "Sjögren" not in text
    assert NEUTRAL in shown[0]
    assert "2 utan namn här" in shown[2]
    assert NEUTRAL in shown[3]


def test_the_list_is_filtered_and_searched(
    logged_in_client: Client, test_activity: TestActivity, school: School
) -> None:
    plan = _planned(test_activity)
    found = {
        name: [row[2] for row in _sheet(logged_in_client, "plan_export", plan.pk, **query)[1:]]
        for name, query in {
            "groups": {"slag": "groups"},
            "changed": {"vad": "changed"},
            "named": {"sok": "åström"},
            "elsewhere": {"skolenhet": "12345678"},
            "by_name": {"slag": "duties", "sortera": "-namn"},
        }.items()
    }
    assert found["groups"] == ["6A", "6A matematik"]
    assert found["changed"] == found["elsewhere"] == []
    assert found["named"] == ["Alva Åström"]
    assert found["by_name"] == ["Mohammed Hassan", "Maja Lindqvist"]


def test_a_personnummer_never_comes_into_the_address(logged_in_client: Client, test_activity: TestActivity) -> None:
    plan = _planned(test_activity)
    address = reverse("plan", args=[plan.pk])
    answer = logged_in_client.post(address, {"slag": "persons", "sok": "20140512-2384"})
    assert answer.headers["Location"] == f"{address}?slag=persons#lista"
    assert "Alva" not in logged_in_client.post(address, {"sok": "Alva"}).headers["Location"]


def test_the_excel_file_has_no_personnummer(
    logged_in_client: Client, test_activity: TestActivity, school: School
) -> None:
    rows = _sheet(logged_in_client, "plan_export", _planned(test_activity).pk)
    assert rows[0][:4] == ["Slag", "Vad som skulle hända", "Namn", "Roll eller typ"]
    assert ["Användare", "Ny", "Alva Åström", "Elev"] in [row[:4] for row in rows]
    assert all(pupil.civic_number not in str(rows) for pupil in school.pupils)


@pytest.mark.parametrize("what", ["import", "test activity", "transfer", "environment"])
def test_an_old_preview_says_what_has_changed_since(
    logged_in_client: Client, organisation: Organisation, settled: TestActivity, what: str
) -> None:
    plan = _planned(settled)
    assert "Något har ändrats sedan" not in text_of(logged_in_client, "plan", plan.pk)
    now = timezone.now() + timedelta(seconds=1)
    if what == "import":
        Import.objects.create(organisation=organisation, source="test", state="done", finished_at=now)
    elif what == "test activity":
        activities.set_state(settled, "paused")
    elif what == "transfer":
        other = Transfer.objects.create(
            organisation=organisation, environment="simulator", state="done", finished_at=now
        )
        other.sync_jobs.create(organisation=organisation, kind="persons", position=0, sent=1)
    else:
        Organisation.objects.filter(pk=organisation.pk).update(environment="verifieringstest")
    assert "Något har ändrats sedan" in text_of(logged_in_client, "plan", plan.pk)


def test_sending_from_the_preview_remembers_it(logged_in_client: Client, test_activity: TestActivity) -> None:
    plan = _planned(test_activity)
    answer = logged_in_client.post(reverse("plan_send", args=[plan.pk]))
    transfer = Transfer.objects.get()
    assert (transfer.plan, transfer.purpose, list(transfer.test_activities.all())) == (
        plan, Purpose.SEND, [test_activity],
    )  # fmt: skip
    assert answer.headers["Location"] == reverse("test_activity", args=[test_activity.pk])
    text = text_of(logged_in_client, "plan", plan.pk)
    assert f"Härifrån startades överföring {transfer.pk}" in text
    assert reverse("plan_outcome", args=[plan.pk]) in text
    # A second press while the first waits.
    logged_in_client.post(reverse("plan_send", args=[plan.pk]))
    assert Transfer.objects.count() == 1


def test_in_produktion_the_user_is_asked_once_more(
    logged_in_client: Client, organisation: Organisation, test_activity: TestActivity
) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(environment="produktion")
    organisation.refresh_from_db()
    test_activity = TestActivity.objects.get(pk=test_activity.pk)
    plan = _planned(test_activity)
    address = reverse("plan_send", args=[plan.pk])
    answer = logged_in_client.post(address)
    assert "Uppgifterna gäller på riktigt" in answer.content.decode()
    assert not Transfer.objects.exists()
    logged_in_client.post(address, {"bekraftat": "ja"})
    assert Transfer.objects.get().plan == plan


def test_everything_again_is_previewed_asked_and_sent(logged_in_client: Client, settled: TestActivity) -> None:
    assert "Skicka allt igen …" in text_of(logged_in_client, "plan", _planned(settled).pk)
    logged_in_client.post(reverse("test_activity_preview", args=[settled.pk]), {"allt": "ja"})
    plan = Plan.objects.get(everything=True)
    make_plan(plan.pk)
    text = text_of(logged_in_client, "plan", plan.pk)
    assert "Skicka allt igen?" in text
    assert "10 uppgifter skickas, i 4 anrop, ungefär 10 sekunder." in text
    assert "när Skolverket har tappat något" in text
    logged_in_client.post(reverse("plan_send", args=[plan.pk]))
    assert Transfer.objects.get(plan=plan).purpose == Purpose.SEND_EVERYTHING


def test_a_preview_that_broke_says_so(logged_in_client: Client, settled: TestActivity) -> None:
    logged_in_client.post(reverse("preview_all"))
    plan = Plan.objects.get()
    fail_plan(plan.pk)
    text = text_of(logged_in_client, "plan", plan.pk)
    assert "Förhandsgranskningen gick inte att räkna ut." in text
    assert "Inget har skickats." in text
    make_plan(plan.pk)
    assert not PlannedObject.objects.filter(plan=plan).exists(), "what has failed stays failed"


def test_earlier_previews_are_listed_with_who_and_when(
    logged_in_client: Client, settled: TestActivity, user: User
) -> None:
    logged_in_client.post(reverse("preview_all"))
    first = Plan.objects.get()
    make_plan(first.pk)
    _planned(settled)
    text = text_of(logged_in_client, "test_activity_preview", settled.pk)
    assert "Sparade förhandsgranskningar (2)" in text
    assert reverse("plan", args=[first.pk]) in text


def test_a_repeated_step_begins_anew(settled: TestActivity, school: School) -> None:
    Person.objects.filter(pk=school.pupils[0].pk).update(given_name="Alfa")
    plan = _planned(settled)
    rows = PlannedObject.objects.filter(plan=plan).count()
    Plan.objects.update(state=PlanState.WORKING)
    PlannedObject.objects.create(plan=plan, organisation=plan.organisation, kind="persons", object_id=uuid.uuid4())
    make_plan(plan.pk)
    assert PlannedObject.objects.filter(plan=plan).count() == rows


def test_old_previews_are_forgotten(settled: TestActivity) -> None:
    old, new = _planned(settled), _planned(settled, everything=True)
    Plan.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert forget_old_plans() == 1
    assert list(Plan.objects.all()) == [new]
    assert forget_old_plans() == 0
