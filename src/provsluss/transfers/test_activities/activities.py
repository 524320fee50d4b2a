"""Provaktiviteter: made by hand or by the register, changed, paused, archived."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from provsluss.catalogue.lookup import test_title
from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Group
from provsluss.ss12000.ids import stable_id
from provsluss.transfers.models import TestActivity, TestActivityGroup, TestActivityState


@dataclass(frozen=True, slots=True)
class Followed:
    """What `follow_register` did: made, changed the groups of, and left without any group."""

    created: list[TestActivity] = field(default_factory=list)
    changed: list[TestActivity] = field(default_factory=list)
    emptied: list[TestActivity] = field(default_factory=list)


def create(
    organisation: Organisation,
    *,
    name: str,
    national_test: str,
    groups: Iterable[Group],
    all_staff: bool = False,
    test_date: date | None = None,
    extra_duties: Iterable[Duty] = (),
) -> TestActivity:
    """A test activity made by hand. An empty `name` becomes the national test's title. Needs an active scope.

    `extra_duties` are staff besides the teachers and leaders (design.md section 3.2).
    """
    with transaction.atomic():
        test_activity = TestActivity.objects.create(
            organisation=organisation,
            name=name.strip() or test_title(national_test),
            national_test=national_test,
            all_staff=all_staff,
            test_date=test_date,
        )
        _set_groups(test_activity, {group.pk for group in groups})
        test_activity.extra_duties.set(extra_duties)
    return test_activity


def change(
    test_activity: TestActivity,
    *,
    name: str,
    groups: Iterable[Group],
    all_staff: bool,
    follows_register: bool = False,
    test_date: date | None = None,
    extra_duties: Iterable[Duty] | None = None,
) -> TestActivity:
    """Give it another name, day, other groups or another staff choice. The national test is what it is, and stays.

    `follows_register` says that the register shall go on choosing its groups; `groups` then count for nothing. It can
    only be true for a test activity that the register made. With `extra_duties` None the staff named besides stays.
    """
    with transaction.atomic():
        test_activity.name = name.strip() or test_title(test_activity.national_test)
        test_activity.all_staff = all_staff
        test_activity.test_date = test_date
        test_activity.follows_register = follows_register and is_the_registers(test_activity)
        test_activity.changed_at = timezone.now()
        test_activity.save()
        wanted = _named_groups(test_activity.national_test) if test_activity.follows_register else groups
        _set_groups(test_activity, {group.pk for group in wanted})
        if extra_duties is not None:
            test_activity.extra_duties.set(extra_duties)
    return test_activity


def set_state(test_activity: TestActivity, state: str) -> None:
    """Make it active, paused or archived. Raises ValueError for any other word."""
    test_activity.state = TestActivityState(state)
    test_activity.changed_at = timezone.now()
    test_activity.save(update_fields=["state", "changed_at"])


def is_the_registers(test_activity: TestActivity) -> bool:
    """Whether the register made it (its id says so), also after a user has taken over the choice of groups."""
    return test_activity.pk == _register_id(test_activity.organisation_id, test_activity.national_test)


def follow_register(organisation: Organisation) -> Followed:
    """Make and update, after an import, the test activities that the register's groups name.

    One for each national test, with exactly the groups that name it and all staff of their school units, because
    Skolverket's workbook lists only staff that is meant (design.md section 3.2). Those made by hand are never touched,
    nor those whose groups a user has taken over; an archived or paused one keeps its state, a renamed one its name.
    """
    followed = Followed()
    with scope(organisation=organisation), transaction.atomic():
        named = _groups_by_national_test()
        registers = {
            test_activity.pk: test_activity
            for test_activity in TestActivity.objects.filter(
                pk__in=[_register_id(organisation.pk, national_test) for national_test in named]
            )
        }
        registers |= TestActivity.objects.filter(follows_register=True).in_bulk()
        for national_test, group_ids in sorted(named.items()):
            test_activity = registers.pop(_register_id(organisation.pk, national_test), None)
            if test_activity is None:
                followed.created.append(_made_by_register(organisation, national_test, group_ids))
            elif test_activity.follows_register and _set_groups(test_activity, group_ids):
                followed.changed.append(test_activity)
        for test_activity in registers.values():
            if _set_groups(test_activity, set()):
                followed.emptied.append(test_activity)
    return followed


def _register_id(organisation_id: uuid.UUID, national_test: str) -> uuid.UUID:
    return stable_id(organisation_id, "test_activity", national_test)


def _named_groups(national_test: str) -> Iterable[Group]:
    return Group.objects.filter(national_test=national_test, ended_at=None)


def _groups_by_national_test() -> dict[str, set[uuid.UUID]]:
    named: dict[str, set[uuid.UUID]] = defaultdict(set)
    active = Group.objects.filter(ended_at=None).exclude(national_test="").order_by()
    for group_id, national_test in active.values_list("pk", "national_test"):
        named[national_test].add(group_id)
    return named


def _made_by_register(organisation: Organisation, national_test: str, group_ids: set[uuid.UUID]) -> TestActivity:
    test_activity = TestActivity.objects.create(
        pk=_register_id(organisation.pk, national_test),
        organisation=organisation,
        name=test_title(national_test),
        national_test=national_test,
        follows_register=True,
        all_staff=True,
    )
    _set_groups(test_activity, group_ids)
    return test_activity


def _set_groups(test_activity: TestActivity, wanted: set[uuid.UUID]) -> bool:
    """Link exactly the `wanted` groups. True if anything changed."""
    links = TestActivityGroup.objects.filter(test_activity=test_activity)
    linked = set(links.values_list("group_id", flat=True))
    if gone := linked - wanted:
        links.filter(group_id__in=gone).delete()
    new = [TestActivityGroup(test_activity=test_activity, group_id=group_id) for group_id in sorted(wanted - linked)]
    TestActivityGroup.objects.bulk_create(new, batch_size=500)
    if changed := linked != wanted:
        test_activity.changed_at = timezone.now()
        test_activity.save(update_fields=["changed_at"])
    return changed
