"""The head of every page about one provaktivitet."""

from typing import Any

from provsluss.transfers.models import TestActivity
from provsluss.transfers.test_activities import activities
from provsluss.web.frame.request import Request
from provsluss.web.test_activities.before_sending import before_sending
from provsluss.web.test_activities.latest_transfer import ongoing_transfer
from provsluss.web.test_activities.pages import rows_of


def frame_of(request: Request, test_activity: TestActivity) -> dict[str, Any]:
    """What the head and the tabs of every page about `test_activity` show."""
    organisation = request.organisation
    environment = organisation.environment
    return before_sending(organisation, [test_activity]) | {
        "test_activity": test_activity,
        "facts": rows_of([test_activity], environment)[0],
        "ongoing": ongoing_transfer(test_activity, environment),
        "is_the_registers": activities.is_the_registers(test_activity),
    }
