"""One selection for everybody in a process who wants the same of the same register: a control and a transfer.

That of 140 000 pupils takes 50 MB. It is held by those who use it, and gone when the last of them lets go.
"""

from collections.abc import Iterable
from threading import Lock
from weakref import WeakValueDictionary

from provsluss.organisations.models import Organisation
from provsluss.transfers.desired.inputs_version import register_state
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import TestActivity

_in_use: "WeakValueDictionary[object, Selection]" = WeakValueDictionary()
_one_at_a_time = Lock()


def shared_selection(organisation: Organisation, test_activities: Iterable[TestActivity]) -> Selection:
    """What `test_activities` want, as Selection says; the same one for all who ask while nothing has changed.

    What it depends on changes by imports and by changes of test activities, and `register_state` sees both. Needs the
    organisation's scope throughout.
    """
    ids = frozenset(one.pk for one in test_activities)
    key = (organisation.pk, ids, register_state(organisation))
    with _one_at_a_time:
        selection = _in_use.get(key)
        if selection is None:
            # Read after the state was: the caller's own may be older than it.
            selection = _in_use[key] = Selection(organisation, TestActivity.objects.filter(pk__in=ids))
        return selection
