"""A fingerprint of everything that decides what is wanted."""

import hashlib

from django.db.models import Count, Max

from provsluss.catalogue.models import Fetch
from provsluss.organisations.environments import place
from provsluss.organisations.models import Organisation
from provsluss.organisations.protection import missing_preparations
from provsluss.register.models import STORED_STATES, Import
from provsluss.transfers.models import TestActivity, TestActivityGroup, TestActivityState


def register_state(organisation: Organisation) -> str:
    """A fingerprint of the register, the test activities and the open data: what is wanted, and the rules for it."""
    number = organisation.number
    fetches = Fetch.objects.filter(environment=organisation.environment, succeeded=True)
    activities = TestActivity.objects.filter(state=TestActivityState.ACTIVE).order_by()
    links = TestActivityGroup.objects.filter(test_activity__state=TestActivityState.ACTIVE)
    imports = Import.objects.filter(state__in=STORED_STATES).order_by()
    return _fingerprint(
        organisation.environment,
        place(organisation.environment),
        missing_preparations(organisation),
        fetches.filter(organisation_number__in=("", number)).aggregate(last=Max("pk"))["last"],
        activities.aggregate(number=Count("pk"), changed=Max("changed_at")),
        links.count(),
        imports.aggregate(last=Max("finished_at"))["last"],
    )


def _fingerprint(*parts: object) -> str:
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()
