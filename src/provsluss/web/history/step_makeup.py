"""What a step's number is made of: pupils and staff, classes and teaching groups."""

from django.db.models import Count

from provsluss.transfers.models import Action, ObjectResult, SyncJob, Transfer
from provsluss.wording.counting import counted


def makeup_of(transfer: Transfer) -> dict[str, str]:
    """`178 elever + 32 i personalen` for the ended steps of persons and of groups, by kind.

    Unchanged objects leave no row behind, so a step with unchanged ones has no such line.
    """
    whole = {
        job.pk: job
        for job in transfer.sync_jobs.all()
        if job.is_ended
        and job.action == Action.SEND
        and job.kind in ("persons", "groups")
        and job.wanted
        and not job.unchanged
    }
    counts = (
        ObjectResult.objects.filter(sync_job__in=whole)
        .order_by()
        .values_list("sync_job", "role", "group_type")
        .annotate(number=Count("pk"))
    )
    found: dict[int, dict[bool, int]] = {pk: {True: 0, False: 0} for pk in whole}
    for pk, role, group_type, number in counts:
        first = role == "Elev" if whole[pk].kind == "persons" else group_type == "Klass"
        found[pk][first] += number
    return {whole[pk].kind: _words(whole[pk], parts[True], parts[False]) for pk, parts in found.items()}


def _words(job: SyncJob, first: int, second: int) -> str:
    if job.kind == "persons":
        words = (counted(first, "elev", "elever"), counted(second, "i personalen", "i personalen"))
    else:
        words = (
            counted(first, "klass", "klasser"),
            counted(second, "undervisningsgrupp", "undervisningsgrupper"),
        )
    return " + ".join(word for word, number in zip(words, (first, second), strict=True) if number)
