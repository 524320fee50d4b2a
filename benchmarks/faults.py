"""One small school through every fault: calls made, seconds, how it ended, and whether the end is that without faults.

The end is what Skolverket has, what we think it has, and the state of every object. Real pauses, small calls (so that
there are many to hit) and no limit of calls a second, so that the seconds tell what the fault itself costs.
`python -m benchmarks.faults [PUPILS]`
"""

import os
import sys
import tempfile
import time
from typing import Any

from benchmarks.simulator import log, simulator

CALL_BYTES = 20_000
USUAL = ("--delay", "0.5", "--transfer-rate", "0", "--read-rate", "0", "--seed", "7")
FAULTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("none", ()),
    ("503 to a fifth of the calls", ("--fail-share", "0.2")),
    ("a fifth of the connections breaks", ("--drop-share", "0.2")),
    ("HTML from a proxy, a fifth", ("--html-share", "0.2")),
    ("429 on everything for 15 s", ("--storm-seconds", "15")),
    ("closed for 60 s", ("--down-seconds", "60")),
    ("a third of the jobs is forgotten", ("--forget-share", "0.3")),
    ("a third of the objects: TemporaryError", ("--temporary-share", "0.3")),
    ("half of the answers lack objects", ("--partial-share", "0.5")),
    ("half of the jobs lose objects", ("--lost-share", "0.5")),
    ("half of the answers say things twice", ("--duplicate-share", "0.5")),
    ("a third of the jobs takes ten times as long", ("--slow-share", "0.3")),
    ("all answers take 0.5 s", ("--answer-delay", "0.5")),
    ("413 over half of our limit", ("--max-bytes", str(CALL_BYTES // 2))),
    ("tokens that live 2 s", ("--token-life", "2")),
    ("3 calls a second instead of any number", ("--transfer-rate", "3")),
    ("a third of the jobs never ends, then sent again", ("--never-share", "0.3")),
)


def main(pupils: int) -> None:
    """Send a school of so many pupils, in classes of 25, through each fault, from nothing each time."""
    with tempfile.TemporaryDirectory(prefix="provsluss-bench-") as folder:
        os.environ |= {
            "PROVSLUSS_DATA_DIR": folder,
            "PROVSLUSS_MAX_PAYLOAD_BYTES": str(CALL_BYTES),
            "PROVSLUSS_TRANSFER_RATE": "0",
            "PROVSLUSS_READ_RATE": "0",
            "PROVSLUSS_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "provsluss.settings",
        }
        import django

        django.setup()
        _measure(pupils)


def _measure(pupils: int) -> None:
    from django.core.management import call_command
    from django.db import transaction
    from django_scopes import scope
    from tests.transfers.small_school import make_classes

    from provsluss.organisations.models import Organisation

    call_command("migrate", verbosity=0)
    organisation = Organisation.objects.create(number="2120009945", name="Exempelkommunen", environment="simulator")
    with scope(organisation=organisation):
        with transaction.atomic():
            activity = make_classes(organisation, classes=pupils // 25, pupils=25)
        print(f"{'fault':48} {'calls':>6} {'posts':>6} {'seconds':>8}  {'state':6} equals fault-free")
        without: dict[str, Any] | None = None
        for title, switches in FAULTS:
            begun = time.monotonic()
            with simulator(*USUAL, *switches) as address:
                state, end = _sent_from_nothing(activity, address, again="--never-share" in switches)
                counted = log(address)
            without = without or end
            posts = sum(n for call, n in counted["calls"].items() if call.startswith("POST") and call.endswith("/bulk"))
            seconds = time.monotonic() - begun
            equals = "yes" if end == without else "NO"
            print(f"{title:48} {counted['total']:6} {posts:6} {seconds:8.1f}  {state:6} {equals}", flush=True)


def _sent_from_nothing(activity: Any, address: str, again: bool) -> tuple[str, dict[str, Any]]:
    """The state that a transfer of everything ends with, and the end it leaves. `again`: with a second press."""
    from django.conf import settings
    from tests.transfers.running import new_transfer, run
    from tests.transfers.simulator_control import digests, switch

    from provsluss.transfers.models import Accepted, CallSize, ObjectResult

    Accepted.objects.all().delete()
    CallSize.objects.all().delete()
    settings.SIMULATOR_URL = address
    settings.JOB_PATIENCE_HOURS = 10 / 3600 if again else 6
    transfer = run(new_transfer(activity), seconds=600)
    results = {_key(result): result.state for result in ObjectResult.objects.filter(sync_job__transfer=transfer)}
    if again:
        switch(address, never_share=0)
        transfer = run(new_transfer(activity), seconds=600)
        results |= {_key(result): result.state for result in ObjectResult.objects.filter(sync_job__transfer=transfer)}
    accepted = Accepted.objects.order_by("kind", "object_id").values_list("kind", "object_id", "payload_hash")
    return transfer.state, {"stored": digests(address), "accepted": list(accepted), "results": results}


def _key(result: Any) -> tuple[str, object]:
    return result.sync_job.kind, result.object_id


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
