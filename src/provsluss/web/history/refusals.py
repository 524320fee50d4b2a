"""What Skolverket said of a whole call, for somebody who may not see every person in it.

A refusal concerns all objects of a call at once, and its texts may quote any of them (rules.md section 2, LogEntry).
"""

import json
from collections.abc import Collection, Iterable

from provsluss.organisations.reader import Reader
from provsluss.provtjanst.answers import log_entries
from provsluss.ss12000.log_filter import without_secrets
from provsluss.transfers.models import Batch, ObjectResult
from provsluss.transfers.quoted_persons import AN_ID, without_ids, without_values
from provsluss.web.frame.protected import hidden_ids
from provsluss.web.history.call_content import id_of, pretty, sent_data

REPLY_IS_HIDDEN = "Svaret visas inte, eftersom det kan innehålla uppgifter om skyddade personer."


def hidden_in(batch: Batch, reader: Reader) -> list[ObjectResult]:
    """The restricted objects of the call that `reader` may not see; of the whole job once the payload is purged."""
    if reader.sees_protected:
        return []
    # By sync job and not by call: an object that was sent again has moved on to a later call.
    restricted = list(ObjectResult.objects.filter(sync_job=batch.sync_job_id, restricted=True))
    sent = sent_data(batch) if restricted else None
    if sent is None:
        return restricted
    ids = {id_of(entry) for entry in sent}
    return [result for result in restricted if str(result.object_id) in ids]


def shown_reply(batch: Batch, hidden: Collection[ObjectResult], ids: Collection[str]) -> str:
    """The reply to the call: whole, or its codes and messages alone where it may quote one of `hidden`.

    None of `ids` (web/frame/protected.py) stands in it.
    """
    if not hidden or not batch.reply:
        return without_secrets(str(without_ids(batch.reply, ids)))
    try:
        entries = log_entries(json.loads(batch.reply))
    except ValueError:
        return REPLY_IS_HIDDEN
    said = [{"id": entry.code, "message": without_values(entry.message, hidden, ids)} for entry in entries]
    return pretty(said) if said else REPLY_IS_HIDDEN


def hidden_ids_in(results: Iterable[ObjectResult], reader: Reader) -> frozenset[str]:
    """The ids that `reader` may not see, asked for only where Skolverket's messages about `results` quote any id."""
    texts = (str(message.get("message") or "") for result in results for message in result.messages)
    return hidden_ids(reader) if any(AN_ID.search(text) for text in texts) else frozenset()
