"""Which test activities a command is about, by the names that are typed."""

from typing import TYPE_CHECKING, Annotated

import typer

from provsluss.cli.errors import CannotBeDone

if TYPE_CHECKING:
    from provsluss.transfers.models import TestActivity

TestActivityOption = Annotated[
    list[str] | None,
    typer.Option("--test-activity", help="Provaktivitetens namn, till exempel GRGRMAT01_6. Utelämnat: alla aktiva."),
]


def named_test_activities(names: list[str] | None) -> "list[TestActivity] | None":
    """Those with these names or national tests; None when no name is given. Raises CannotBeDone for an unknown name.

    Django must be ready and the organisation's scope active.
    """
    from django.db.models import Q

    from provsluss.transfers.models import TestActivity, TestActivityState

    if not names:
        return None
    found: list[TestActivity] = []
    for name in names:
        matches = list(TestActivity.objects.filter(Q(name__iexact=name) | Q(national_test__iexact=name)))
        # An archived one of the same test must not stand in the way of the one that is meant.
        matches = [match for match in matches if match.state == TestActivityState.ACTIVE] or matches
        if not matches:
            known = ", ".join(sorted(TestActivity.objects.values_list("name", flat=True))) or "inga"
            raise CannotBeDone(f"Provaktiviteten {name} finns inte. De som finns: {known}.")
        found.extend(match for match in matches if match not in found)
    return found
