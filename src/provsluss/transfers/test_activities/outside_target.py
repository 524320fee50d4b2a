"""Pupils in a group whose test is not meant for them (rules.md A6), counted by the database.

One answer for the page of a test activity and for the control, so that they never say different numbers.
"""

import uuid
from typing import Protocol

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from provsluss.register.models import Enrolment, Membership


class Test(Protocol):
    """What there is to know of a national test."""

    @property
    def school_type(self) -> str: ...
    @property
    def school_year(self) -> int | None: ...


def pupils_outside_target(memberships: "QuerySet[Membership]", test: Test) -> dict[uuid.UUID, int]:
    """How many pupils of each group in `memberships` have no standing enrolment that `test` is meant for.

    A pupil at two schools is in the right place if one of them is. Says the same as rules.activities.is_meant_for.
    """
    # Sameskolan takes the tests of grundskolan, årskurs 6 (rules.md A6).
    school_types = ["GR", "SAM"] if test.school_type == "GR" else [test.school_type]
    meant = Q(person=OuterRef("person"), school_type__in=school_types, cancelled=False)
    if test.school_year is not None:
        meant &= Q(school_year=test.school_year)
    outside_target = memberships.filter(person__ended_at=None).exclude(Exists(Enrolment._base_manager.filter(meant)))
    return dict(outside_target.order_by().values("group").annotate(number=Count("pk")).values_list("group", "number"))
