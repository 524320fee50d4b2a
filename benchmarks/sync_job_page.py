"""The page of a sync job with 100 000 results: the 95th percentile of many requests, in milliseconds.

`python -m benchmarks.sync_job_page [RESULTS]`
"""

import os
import statistics
import sys
import tempfile
import time
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provsluss.organisations.models import User

REQUESTS = 60


def main(results: int) -> None:
    """Make a finished sync job in an empty database and ask for its page in several ways."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PROVSLUSS_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "provsluss.settings"
        import django

        django.setup()
        _measure(results)


def _measure(results: int) -> None:
    from django.core.management import call_command
    from django.test import Client
    from django_scopes import scopes_disabled

    call_command("migrate", verbosity=0)
    with scopes_disabled():
        job_id, user = _made_by_hand(results)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    base = f"/historik/synkjobb/{job_id}/"
    for title, query in (
        ("first page", ""),
        ("page 700", "?sida=700"),
        ("errors only", "?status=error"),
        ("search", "?sok=Nummer09"),
        ("by name", "?sortera=namn"),
    ):
        times = []
        for _ in range(REQUESTS):
            started = time.perf_counter()
            answer = client.get(base + query)
            times.append((time.perf_counter() - started) * 1000)
            assert answer.status_code == 200, answer.status_code
        worst = statistics.quantiles(times, n=20)[-1]
        print(f"{title:12} median {statistics.median(times):6.1f} ms   p95 {worst:6.1f} ms")


def _made_by_hand(results: int) -> "tuple[int, User]":
    from django.utils import timezone

    from provsluss.organisations.models import Organisation, OrganisationAccess, User
    from provsluss.transfers.models import ObjectResult, ObjectState, SyncJob, Transfer, TransferState

    organisation = Organisation.objects.create(number="2120009945", name="Exempelkommunen", environment="simulator")
    user = User.objects.create_user("bench")
    OrganisationAccess.objects.create(user=user, organisation=organisation)
    now = timezone.now()
    transfer = Transfer.objects.create(
        organisation=organisation,
        environment="simulator",
        state=TransferState.DONE_WITH_ERRORS,
        started_at=now,
        finished_at=now,
    )
    errors = results // 1000
    job = SyncJob.objects.create(
        transfer=transfer,
        organisation=organisation,
        kind="persons",
        position=0,
        state=TransferState.DONE_WITH_ERRORS,
        wanted=results,
        sent=results,
        success=results - errors,
        error=errors,
        started_at=now,
        finished_at=now,
    )
    rows = (
        ObjectResult(
            sync_job=job,
            organisation=organisation,
            object_id=uuid.uuid4(),
            state=ObjectState.ERROR if number < errors else ObjectState.RECEIVED,
            name=f"Elev Nummer{number * 7919 % results:06d}",
            role="Elev",
            civic_number="201401011234",
            eppn=f"{uuid.uuid4()}@elev.exempel.se",
            school_unit_code="90000011",
            school_type="GR",
            school_year=6,
        )
        for number in range(results)
    )
    ObjectResult.objects.bulk_create(rows, batch_size=2000)
    return job.pk, user


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
