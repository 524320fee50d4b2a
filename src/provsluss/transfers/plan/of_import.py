"""What a change of school year means at Skolverket, worked out before anything is stored or sent.

The import is stored, looked at by the same code that previews a transfer, and taken back (on the embedded database it
is a copy of it that this is done to): so what the page says is what would happen.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from provsluss.register.imports.database_copy import NoRoom
from provsluss.register.imports.what_if import as_if_stored
from provsluss.register.ingest.school_year_change import SCHOOL_YEAR_CHANGE, school_year_change
from provsluss.register.models import Import, ImportState
from provsluss.register.sources.refusal import SourceRefused
from provsluss.transfers.models import TestActivity, TestActivityState
from provsluss.transfers.plan.planning import Planning
from provsluss.transfers.test_activities.activities import follow_register

log = logging.getLogger(__name__)

AT_SKOLVERKET = "at_skolverket"
_FATES = ("new", "changed", "unchanged", "withheld", "removed")


@dataclass(frozen=True, slots=True)
class TestActivityChange:
    """How many groups a provaktivitet has now, how many of them end, and how many it would have."""

    __test__ = False  # not a test case, whatever the name makes pytest think

    name: str
    groups: int
    ending: int
    groups_after: int
    state: str = TestActivityState.ACTIVE
    """Only an active one is sent."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What the next transfer would do by kind and by school unit, and what becomes of the provaktiviteter."""

    environment: str
    kinds: dict[str, dict[str, Any]]
    units: dict[str, dict[str, int]]
    test_activities: list[TestActivityChange]

    @property
    def needs_review(self) -> bool:
        """Whether a removal would wait for somebody's decision."""
        return any(kind["needs_review"] for kind in self.kinds.values())


def effect_of(import_run: Import) -> Effect | None:
    """What has been worked out for `import_run`; None before that, and where it could not be."""
    stored = (import_run.counts.get(SCHOOL_YEAR_CHANGE) or {}).get(AT_SKOLVERKET)
    if not stored:
        return None
    activities = [TestActivityChange(**one) for one in stored["test_activities"]]
    return Effect(stored["environment"], stored["kinds"], stored["units"], activities)


def is_still_worked_out(import_run: Import) -> bool:
    """Whether it may come yet: nobody has worked it out, or failed to."""
    return AT_SKOLVERKET not in (import_run.counts.get(SCHOOL_YEAR_CHANGE) or {})


def work_out_effect(import_id: int) -> None:
    """Work out and keep what a previewed import means at Skolverket, if it is a change of school year.

    Takes as long as storing it. Harmless to repeat; nothing but the import's own row is changed.
    """
    with scopes_disabled():
        import_run = Import.objects.select_related("organisation").get(pk=import_id)
    if import_run.state != ImportState.PREVIEW or school_year_change(import_run) is None:
        return
    with scope(organisation=import_run.organisation):
        found: dict[str, Any] = {}
        try:
            found = _try_out(import_run)
        except (SourceRefused, NoRoom) as gone:  # stored or thrown away meanwhile, or a disk that is full
            log.info("import %s: no look ahead: %s", import_id, gone)
        finally:  # whatever went wrong, nobody is to wait for it any more
            _keep(import_id, found)


def _try_out(import_run: Import) -> dict[str, Any]:

    organisation = import_run.organisation
    before, ended_before = (_group_counts(TestActivity.objects.all(), ended) for ended in (False, True))
    with as_if_stored(import_run):
        ending = _group_counts(TestActivity.objects.all(), ended=True)
        follow_register(organisation)
        active = list(TestActivity.objects.filter(state=TestActivityState.ACTIVE))
        after = _group_counts(TestActivity.objects.all())
        planning = Planning(organisation, active, organisation.environment)
        for _ in planning.pieces():
            pass
        names = {pk: (name, state) for pk, name, state in TestActivity.objects.values_list("pk", "name", "state")}
    return {
        "environment": organisation.environment,
        "at": timezone.now().isoformat(),
        "kinds": {
            kind: {fate: getattr(one, fate) for fate in _FATES}
            | {"needs_review": one.needs_review, "beyond_limit": one.beyond_limit}
            for kind, one in planning.kinds.items()
        },
        "units": {code: dict(fates) for code, fates in planning.units.items()},
        "test_activities": [
            {
                "name": name,
                "groups": before.get(pk, 0),
                "ending": ending.get(pk, 0) - ended_before.get(pk, 0),
                "groups_after": after.get(pk, 0),
                "state": state,
            }
            for pk, (name, state) in sorted(names.items(), key=lambda one: one[1])
            if before.get(pk) or after.get(pk)
        ],
    }


def _group_counts(test_activities: Iterable[TestActivity], ended: bool = False) -> dict[Any, int]:
    """How many of its groups each has that go on, or that have ended."""
    which = Q(groups__isnull=False, groups__ended_at__isnull=not ended)
    found = TestActivity.objects.filter(pk__in=[one.pk for one in test_activities]).order_by()
    return dict(found.values_list("pk").annotate(number=Count("groups", filter=which)))


def _keep(import_id: int, found: dict[str, Any]) -> None:
    with transaction.atomic():
        import_run = Import.objects.select_for_update().filter(pk=import_id, state=ImportState.PREVIEW).first()
        if import_run is not None:
            import_run.counts[SCHOOL_YEAR_CHANGE][AT_SKOLVERKET] = found
            import_run.save(update_fields=["counts"])
