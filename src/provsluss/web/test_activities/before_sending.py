"""What there is to know before pressing the button: who is left behind, and a file that nobody has decided about."""

from collections.abc import Iterable
from typing import Any

from provsluss.organisations.models import Organisation
from provsluss.register.models import Import, ImportState
from provsluss.transfers.desired.unprepared import unprepared_for
from provsluss.transfers.models import TestActivity


def before_sending(organisation: Organisation, test_activities: Iterable[TestActivity]) -> dict[str, Any]:
    """The context of test_activities/_before_sending.html and of the button. Needs the organisation's scope."""
    return {
        "unprepared": [what.label for what in unprepared_for(organisation, test_activities)],
        "waiting_import": Import.objects.filter(state=ImportState.PREVIEW).order_by("-created_at", "-pk").first(),
    }
