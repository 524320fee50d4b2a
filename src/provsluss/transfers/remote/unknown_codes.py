"""Count the codes that Skolverket's public texts do not explain, so that somebody can learn what they mean."""

from collections import Counter
from collections.abc import Collection, Iterable

from django.db.models import F
from django.utils import timezone

from provsluss.provtjanst.answers import LogEntry
from provsluss.rules.explanations import explain
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.models import ObjectResult, Transfer, UnknownCode
from provsluss.transfers.quoted_persons import without_anybody


def count_unknown_codes(
    transfer: Transfer, kind: Kind, entries: Iterable[LogEntry], about: Collection[ObjectResult]
) -> None:
    """Add the codes among `entries` that we cannot explain to the organisation's counts, with their latest text.

    `about` are the objects of the call. The text is read by all who work with the organisation, so nobody is in it.
    Needs the organisation's scope.
    """
    persons = about if kind in ("persons", "duties") else ()
    counted: Counter[tuple[str, str]] = Counter()
    texts: dict[tuple[str, str], str] = {}
    for entry in entries:
        if not explain(entry.code, entry.message, entry.attribute, entry.message_type, kind).known:
            key = (entry.code[:40], entry.attribute[:100])
            counted[key] += 1
            texts[key] = without_anybody(entry.message, entry.value, persons)[:1000]
    now = timezone.now()
    for (code, attribute), count in counted.items():
        row, _ = UnknownCode.objects.get_or_create(
            organisation_id=transfer.organisation_id,
            environment=transfer.environment,
            code=code,
            kind=kind,
            attribute=attribute,
            defaults={"first_seen_at": now, "last_seen_at": now},
        )
        UnknownCode.objects.filter(pk=row.pk).update(
            count=F("count") + count, message=texts[code, attribute], last_seen_at=now
        )
