"""What is said in a terminal before something is sent: who is left behind, and a file that nobody has decided about."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from provsluss.organisations.models import Organisation
    from provsluss.transfers.models import TestActivity


def tell_before_sending(organisation: "Organisation", test_activities: "Iterable[TestActivity] | None") -> None:
    """On standard error: what sending `test_activities` (None: all active) leaves out. Needs the scope."""
    from provsluss.register.models import Import, ImportState
    from provsluss.transfers.desired.unprepared import unprepared_for
    from provsluss.transfers.models import TestActivity, TestActivityState

    if test_activities is None:
        test_activities = TestActivity.objects.filter(state=TestActivityState.ACTIVE)
    waiting = Import.objects.filter(state=ImportState.PREVIEW).order_by("-created_at", "-pk").first()
    if waiting:
        file = waiting.file_name or "en fil"
        typer.echo(f"Obs: {file} är läst men väntar på beslut. Det som skickas är registret utan den.", err=True)
    if missing := unprepared_for(organisation, test_activities):
        names = " ".join(f"--confirm {what.value}" for what in missing)
        typer.echo(
            "Obs: personer med skyddade personuppgifter skickas inte än. När det är förberett, bekräfta med: "
            f"provsluss organisation protection {organisation.number} {names}",
            err=True,
        )
