"""What Skolverket said of a whole call, for somebody who may not see every person in it.

A refusal concerns all objects of a call at once, and its texts may quote any of them (rules.md section 2, LogEntry).
"""

import json
import re
from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser

from provsluss.organisations.models import User
from provsluss.organisations.permissions import sees_protected
from provsluss.provtjanst.answers import log_entries
from provsluss.ss12000.log_filter import without_secrets
from provsluss.transfers.models import Batch, ObjectResult
from provsluss.web.history.call_content import id_of, pretty, sent_data

REPLY_IS_HIDDEN = "Svaret visas inte, eftersom det kan innehålla uppgifter om skyddade personer."
_RESTRICTED = "(begränsad uppgift)"


def hidden_in(batch: Batch, user: User | AnonymousUser) -> list[ObjectResult]:
    """The restricted objects of the call that `user` may not see; those of the whole job once the payload is purged."""
    if sees_protected(user):
        return []
    # By sync job and not by call: an object that was sent again has moved on to a later call.
    restricted = list(ObjectResult.objects.filter(sync_job=batch.sync_job_id, restricted=True))
    sent = sent_data(batch) if restricted else None
    if sent is None:
        return restricted
    ids = {id_of(entry) for entry in sent}
    return [result for result in restricted if str(result.object_id) in ids]


def shown_reply(batch: Batch, hidden: Collection[ObjectResult]) -> str:
    """The reply to the call: whole, or its codes and messages alone where it may quote one of `hidden`."""
    if not hidden or not batch.reply:
        return without_secrets(batch.reply)
    try:
        entries = log_entries(json.loads(batch.reply))
    except ValueError:
        return REPLY_IS_HIDDEN
    said = [{"id": entry.code, "message": without_values(entry.message, hidden)} for entry in entries]
    return pretty(said) if said else REPLY_IS_HIDDEN


def without_values(text: str, hidden: Collection[ObjectResult]) -> str:
    """`text` without secrets and without the names, EPPN and personnummer of `hidden`."""
    values = {value for result in hidden for value in _values(result)}
    if values:
        alternatives = "|".join(re.escape(value) for value in sorted(values, key=len, reverse=True))
        text = re.sub(rf"(?<!\w)(?:{alternatives})(?!\w)", _RESTRICTED, text, flags=re.IGNORECASE)
    return without_secrets(text)


def _values(result: ObjectResult) -> set[str]:
    number = result.civic_number
    spellings = {number, number[2:], f"{number[:8]}-{number[8:]}", f"{number[2:8]}-{number[8:]}"} if number else set()
    return {value for value in {result.name, *result.name.split(), result.eppn, *spellings} if value}
