"""A school unit that is filtered, sorted or counted by does not tell who of the neutral rows belongs there."""

import io
import uuid

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import Organisation, OrganisationAccess, User
from provsluss.preflight.run import make_at_once
from provsluss.register.models import Duty, DutyAssignment, Enrolment, Person, Reveal
from provsluss.transfers.models import ControlFinding, ObjectResult, Plan, PlannedObject
from provsluss.transfers.plan.store import make_plan
from provsluss.transfers.test_activities import activities
from tests.transfers.accepted_by_hand import accept_everything
from tests.transfers.small_school import civic_number
from tests.web.removals_made_by_hand import make_removal
from tests.web.transfers_made_by_hand import (
    PROTECTED_NUMBER,
    TEST,
    UNIT,
    School,
    make_preview,
    make_school,
    make_transfer,
)

NEUTRAL = "Begränsade uppgifter"


@pytest.fixture
def school(scoped: Organisation) -> School:
    return make_school(scoped)


def _trust(user: User) -> None:
    OrganisationAccess.objects.filter(user=user).update(sees_protected=True)


def _list(client: Client, name: str, *args: object, **query: str) -> str:
    text = client.get(reverse(name, args=args), query).content.decode()
    return text.split('id="lista"')[1]


def _sheet(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    return str([[cell.value for cell in row] for row in sheet.rows])


def test_what_is_to_be_removed(
    logged_in_client: Client, organisation: Organisation, user: User, school: School
) -> None:
    pk = make_removal(organisation, "needs_review", school).transfer.pk

    assert NEUTRAL in _list(logged_in_client, "removal_review", pk)
    assert NEUTRAL not in _list(logged_in_client, "removal_review", pk, skolenhet=UNIT)
    assert NEUTRAL not in _sheet(logged_in_client, "removal_review_export", pk, skolenhet=UNIT)
    # Their place in the order of school units would tell as much.
    ObjectResult.objects.filter(restricted=True).update(school_unit_code="00000000")
    for order in ("skolenhet", "-skolenhet", "namn", "-slag"):
        text = _list(logged_in_client, "removal_review", pk, sortera=order)
        assert text.index(NEUTRAL) > max(text.index("Alva"), text.index("Hugo"), text.index(f"6A matematik {TEST}"))
    ObjectResult.objects.filter(restricted=True).update(school_unit_code=UNIT)
    _trust(user)
    assert "Öberg" in _list(logged_in_client, "removal_review", pk, skolenhet=UNIT)


def _numbers(text: str) -> list[list[int]]:
    """The numbers of each row of the table Per skolenhet."""
    table = text.split('id="lista"')[0].split("Per skolenhet")[-1].split("<tbody>")[1].split("</table>")[0]
    return [
        [int(cell.split(">")[1].split("<")[0]) for cell in row.split('class="number"')[1:]]
        for row in table.split("<tr>")[1:]
    ]


def test_the_numbers_of_what_is_to_be_removed(
    logged_in_client: Client, organisation: Organisation, user: User, school: School
) -> None:
    pk = make_removal(organisation, "needs_review", school).transfer.pk

    def text() -> str:
        return logged_in_client.get(reverse("removal_review", args=[pk])).content.decode()

    # Alva and an activity at one school unit, Hugo at another, Iris (protected) at the first; and the sums.
    assert _numbers(text()) == [[1, 0, 0, 0, 1], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [3, 0, 0, 0, 1]]
    assert f"({2})</option>" in text()
    assert f"({3})</option>" not in text()
    ObjectResult.objects.filter(restricted=True).update(school_unit_code="12345678")
    assert "12345678" not in text(), "a school unit where only protected persons are is not named, not even as emptied"
    _trust(user)
    assert "12345678" in text()
    ObjectResult.objects.filter(restricted=True).update(school_unit_code=UNIT)
    assert _numbers(text()) == [[2, 0, 0, 0, 1], [1, 0, 0, 0, 0], [3, 0, 0, 0, 1]]


def test_the_numbers_of_a_preview(
    logged_in_client: Client, organisation: Organisation, user: User, school: School
) -> None:
    test_activity = activities.create(organisation, name="", national_test=TEST, groups=[school.group])
    alva, hugo, _ = school.pupils
    for number, person in enumerate([*school.pupils, school.teacher.person, school.head.person]):
        year = 2014 if person.role == Person.Role.PUPIL else 1980  # with right check digits, or they are held back
        Person.objects.filter(pk=person.pk).update(civic_number=civic_number(number, year=year))
    elsewhere = Enrolment.objects.get(person=hugo)
    Enrolment.objects.filter(pk=elsewhere.pk).update(school_unit_code="31279296")

    def rows() -> list[list[int]]:
        plan = Plan.objects.create(organisation=organisation, environment=organisation.environment)
        plan.test_activities.add(test_activity)
        make_plan(plan.pk)
        return _numbers(logged_in_client.get(reverse("plan", args=[plan.pk])).content.decode())

    new = rows()
    assert len(new) == 3
    assert new[-1][0] == 1, "Iris alone"
    accept_everything(organisation, test_activity)
    unchanged = rows()
    assert [row[2] for row in unchanged] == [row[0] for row in new], "what was new is unchanged, the protected apart"
    Person.objects.filter(pk=alva.pk).update(security_marking="Sekretessmarkering")
    assert rows()[-1][1:3] == [1, 1], "Alva has changed, Iris has not"
    _trust(user)
    assert len(rows()) == 2
    assert sum(map(sum, rows())) == sum(map(sum, unchanged))


def test_what_a_preview_holds(logged_in_client: Client, organisation: Organisation, user: User, school: School) -> None:
    make_preview(make_transfer(organisation, school))
    pk = Plan.objects.get().pk
    assert PlannedObject.objects.filter(restricted=True, school_unit_code=UNIT).exists()

    assert NEUTRAL in _list(logged_in_client, "plan", pk)
    assert NEUTRAL not in _list(logged_in_client, "plan", pk, skolenhet=UNIT)
    assert NEUTRAL not in _sheet(logged_in_client, "plan_export", pk, skolenhet=UNIT)
    _trust(user)
    assert "Öberg" in _list(logged_in_client, "plan", pk, skolenhet=UNIT)


def test_the_board_counts_what_the_list_of_the_unit_shows(
    logged_in_client: Client, organisation: Organisation, user: User, school: School
) -> None:
    test_activity = activities.create(organisation, name="", national_test=TEST, groups=[school.group])
    Person.objects.filter(pk=school.pupils[2].pk).update(eppn="")
    make_at_once(organisation)

    def counts() -> tuple[int, int]:
        (row,) = logged_in_client.get(reverse("control")).context["board"].object_list
        (cell,) = row.cells
        return row.urgent, cell.urgent

    hidden = counts()
    assert logged_in_client.get(reverse("test_activity_control", args=[test_activity.pk])).status_code == 200
    _trust(user)
    of_hers = ControlFinding.objects.filter(restricted=True, cause__urgent=True, follows=False).count()
    assert of_hers
    assert counts() == (hidden[0] + of_hers, hidden[1] + 1)  # a cell counts objects


def test_a_protected_teacher_stands_last(logged_in_client: Client, organisation: Organisation, school: School) -> None:
    person = Person.objects.create(
        id=uuid.uuid4(), organisation=organisation, source="test", source_id="a", role="staff", given_name="Anna",
        family_name="Abel",
        civic_number="198001012384", eppn="a@exempel.se", security_marking="Sekretessmarkering",
    )  # fmt: skip
    duty = Duty.objects.create(
        id=uuid.uuid4(), organisation=organisation, source="test", source_id="a", person=person, school_unit_code=UNIT,
        duty_role="Lärare",
    )  # fmt: skip
    DutyAssignment.objects.create(group=school.group, duty=duty)

    text = logged_in_client.get(reverse("group", args=[school.group.pk])).content.decode()
    staff = next(part for part in text.split("<tbody>") if "Lindqvist" in part)
    assert staff.index("Lindqvist") < staff.index(NEUTRAL)


def test_their_personnummer_are_never_written_to_a_file(
    logged_in_client: Client, organisation: Organisation, user: User, school: School
) -> None:
    _trust(user)
    answer = logged_in_client.post(reverse("persons_export"), {"personnummer": "on"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    rows = str([[cell.value for cell in row] for row in sheet.rows])

    assert "Öberg" in rows
    assert PROTECTED_NUMBER not in rows
    assert list(Reveal.objects.filter(person_id=school.pupils[2].pk).values_list("what", flat=True)) == [
        "namn i Excel, personer"
    ]
    assert Reveal.objects.filter(person_id=school.pupils[0].pk).exists()
