"""Without the right, nothing of a protected person is on any page or in any file: no name, number, EPPN or id."""

import io
import json
import uuid
import zipfile
import zlib
from collections.abc import Iterator

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation, OrganisationAccess, User
from provsluss.register.models import Person, Reveal
from provsluss.transfers.models import Accepted, Batch, ObjectResult, PlannedObject
from provsluss.transfers.protection_markings import mark_protected
from tests.web.transfers_made_by_hand import MadeTransfer, make_preview, make_transfer

Addresses = Iterator[tuple[str, str]]


@pytest.fixture
def made(organisation: Organisation) -> MadeTransfer:
    """A transfer and a preview; a pupil was protected all the time, and the teacher is so since the import after it."""
    made = make_transfer(organisation)
    make_preview(made)
    with scope(organisation=organisation):
        for kind in ("duties", "groups", "activities"):
            _call_about(made, kind)
        Person.objects.filter(pk=made.school.teacher.person_id).update(security_marking="Skyddad folkbokföring")
        pupil = made.school.pupils[2]
        names = {"id": str(pupil.pk), "givenName": pupil.given_name, "familyName": pupil.family_name}
        Accepted.objects.create(
            organisation=organisation, environment=organisation.environment, kind="persons", object_id=pupil.pk,
            payload_hash="x", payload=json.dumps(names), kept_at=timezone.now(),
        )  # fmt: skip
    mark_protected(organisation)
    return made


def _call_about(made: MadeTransfer, kind: str) -> None:
    """A call of this kind that names both of them, and an answer that quotes them."""
    job, (pupil, teacher) = made.jobs[kind], (made.school.pupils[2], made.school.teacher)
    result = ObjectResult.objects.filter(sync_job=job).latest("pk")
    about = {
        "id": str(result.object_id),
        "groupMemberships": [{"person": {"id": str(pupil.pk)}}],
        "teachers": [{"duty": {"id": str(teacher.pk).upper()}}],
        "person": {"id": str(teacher.person_id)},
    }
    answer = {
        "id": str(result.object_id),
        "response": {"errors": [{"id": "4001", "message": f"Okänd person {pupil.pk} och {teacher.pk}."}]},
    }
    batch = Batch.objects.create(
        sync_job=job, organisation_id=job.organisation_id, number=1, state="done", object_count=1, byte_size=1,
        payload=zlib.compress(json.dumps({"data": [about]}).encode()), status_code=202,
        answer=zlib.compress(json.dumps({"responses": [answer]}).encode()), reply=f"Togs emot: {pupil.pk}",
    )  # fmt: skip
    messages = [{"code": "4001", "message": f"Okänd person {pupil.pk}.", "severity": "Warning"}]
    ObjectResult.objects.filter(pk=result.pk).update(batch=batch, messages=messages)


def _secrets(made: MadeTransfer) -> set[str]:
    pupil, teacher = made.school.pupils[2], made.school.teacher
    people = (pupil, teacher.person)
    words = {value for one in people for value in (str(one.pk), one.eppn, one.civic_number, one.family_name)}
    return {word.casefold() for word in words | {str(teacher.pk)}}


def _addresses(patterns: list[URLPattern | URLResolver], ids: dict[str, list[object]]) -> Addresses:
    """Every address that can be made of `ids`, whether there is something behind it or not."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, ids)
            continue
        kinds = [type(one).__name__.removesuffix("Converter") for one in pattern.pattern.converters.values()]
        assert pattern.name and len(kinds) <= 1
        for pk in ids.get(kinds[0], []) if kinds else [None]:
            yield pattern.name, reverse(pattern.name, args=[] if pk is None else [pk])


def _ids(made: MadeTransfer) -> dict[str, list[object]]:
    tables: list[QuerySet[ObjectResult] | QuerySet[Batch] | QuerySet[PlannedObject]] = [
        ObjectResult.objects.all(), Batch.objects.all(), PlannedObject.objects.all(),
    ]  # fmt: skip
    numbers: set[object] = {pk for table in tables for pk in table.values_list("pk", flat=True)}
    school = made.school
    uuids: list[uuid.UUID] = [
        made.test_activity.pk, school.klass.pk, school.group.pk, school.pupils[0].pk, school.pupils[2].pk,
        school.head.person_id, school.teacher.person_id, school.teacher.pk,
    ]  # fmt: skip
    return {"Int": sorted(numbers, key=str), "UUID": [*uuids]}


def _texts(content: bytes) -> str:
    """What a page, or the sheets of a workbook, say."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return " ".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


def test_no_address_tells_anything(logged_in_client: Client, organisation: Organisation, made: MadeTransfer) -> None:
    with scope(organisation=organisation):
        addresses = list(_addresses(get_resolver().url_patterns, _ids(made)))
    secrets, seen = _secrets(made), set[str]()
    for name, address in addresses:
        for answer in (logged_in_client.get(address), logged_in_client.get(address, headers={"HX-Request": "true"})):
            if answer.status_code != 200:
                continue
            content = b"".join(answer) if answer.streaming else answer.content
            told = {secret for secret in secrets if secret in _texts(content).casefold()}
            # An address that is asked for is known to whoever asks; what it leads to must not be there.
            assert not told, f"{name} ({address}) tells {told}"
            seen.add(name)
    assert seen >= {"persons", "group", "sync_job", "sync_job_object", "call", "plan", "planned_object", "history"}
    assert seen >= {"access", "group_access", "sync_job_export", "plan_export", "kept_objects", "access_export"}


def test_their_own_addresses_are_not_there(
    logged_in_client: Client, organisation: Organisation, made: MadeTransfer
) -> None:
    with scope(organisation=organisation):
        hidden = list(ObjectResult.objects.filter(restricted=True).values_list("pk", flat=True))
        planned = PlannedObject.objects.filter(restricted=True).values_list("pk", flat=True)[0]
    pages = [reverse("person", args=[made.school.pupils[2].pk]), reverse("planned_object", args=[planned])]
    pages += [reverse("person_access", args=[made.school.teacher.person_id])]
    pages += [reverse("sync_job_object", args=[pk]) for pk in hidden]
    assert [logged_in_client.get(page).status_code for page in pages] == [404] * len(pages)
    posted = [reverse(name, args=[made.school.pupils[2].pk]) for name in ("person_send", "person_lookup")]
    posted += [reverse("sync_job_object_civic_number", args=[made.protected.pk])]
    assert [logged_in_client.post(address).status_code for address in posted] == [404] * len(posted)


@pytest.mark.parametrize("name", ["persons_export", "sync_job_export", "plan_export", "access_export"])
def test_whoever_takes_them_into_a_file_is_noted(
    user: User, organisation: Organisation, made: MadeTransfer, name: str
) -> None:
    OrganisationAccess.objects.filter(user=user).update(sees_protected=True)
    client = Client()
    client.force_login(user)
    with scope(organisation=organisation):
        plan = PlannedObject.objects.latest("pk").plan_id
    arguments = {"sync_job_export": [made.jobs["persons"].pk], "plan_export": [plan]}.get(name, [])
    answer = (client.post if name == "persons_export" else client.get)(reverse(name, args=arguments))
    text = _texts(b"".join(answer)).casefold()
    with scope(organisation=organisation):
        noted = set(Reveal.objects.filter(user=user).values_list("person_id", flat=True))
        protected = Person.objects.exclude(security_marking="Ingen")
        assert noted == {one.pk for one in protected if one.family_name.casefold() in text}
    assert noted
