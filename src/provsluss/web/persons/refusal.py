"""Why Skolverket refused a person, who mends it and how: what the card says first, without a click."""

from provsluss.organisations.reader import Reader
from provsluss.register.models import Person
from provsluss.transfers.models import ObjectResult, ObjectState
from provsluss.transfers.quoted_persons import without_values
from provsluss.web.history.refusals import hidden_ids_in, hidden_in
from provsluss.wording.result import ToMend, explanation_of, to_mend


def refusal_of(person: Person, transfer_id: int, reader: Reader) -> ToMend | None:
    """What Skolverket answered about `person` in that transfer, explained. None when the answer has been purged."""
    results = ObjectResult.objects.filter(
        object_id=person.pk, sync_job__transfer_id=transfer_id, sync_job__kind="persons", state=ObjectState.ERROR
    )
    result = results.select_related("sync_job", "batch").last()
    if result is None or not result.messages:
        return None
    hidden = hidden_in(result.batch, reader) if result.batch else []
    ids = hidden_ids_in([result], reader)
    texts = [(message, without_values(str(message.get("message") or ""), hidden, ids)) for message in result.messages]
    return to_mend([explanation_of(message, text, "persons", result.role) for message, text in texts], ())
