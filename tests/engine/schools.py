"""Puts huvudmän with schools of some sizes straight into an installation's tables.

`-m tests.engine.schools ORGNR=PUPILS …`, or `ORGNR=CLASSESxPUPILS` for several classes: quicker than an import, for
tests that are about something else.
"""

import sys

import django

django.setup()

from django.db import transaction  # noqa: E402
from django_scopes import scope  # noqa: E402

from provsluss.organisations.environments import Environment  # noqa: E402
from provsluss.organisations.models import Organisation  # noqa: E402
from tests.transfers.small_school import make_classes, make_school  # noqa: E402

if __name__ == "__main__":
    for position, argument in enumerate(sys.argv[1:]):
        number, pupils = argument.split("=")
        organisation = Organisation.objects.create(
            number=number, name=f"Huvudman {number}", environment=Environment.SIMULATOR
        )
        with scope(organisation=organisation), transaction.atomic():
            if "x" in pupils:
                classes, in_each = map(int, pupils.split("x"))
                make_classes(organisation, classes, in_each, first=1000 * position)
            else:
                make_school(organisation, int(pupils), first=1000 * position)
    print("made", flush=True)
