"""The plain way to send, for comparison: post a call, ask every second until its job has ended, fetch the answer."""

import time
import zlib

from benchmarks.simulator import simulator
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.limits import CallLimits
from provsluss.provtjanst.tokens import TokenSource
from provsluss.ss12000.code_lists import Kind

QUESTION_EVERY = 1.0


def plain_loop(batches: list[tuple[Kind, bytes]], *switches: object) -> float:
    """Seconds that it takes to send these calls (kind, compressed body) to a simulator of their own, so started."""
    with simulator(*switches) as address:
        base = f"{address}/provisioning/v1"
        tokens = TokenSource(f"{address}/transaction", "urn:plain-loop", None, base)
        client = ProvisioningClient(base, tokens, CallLimits())
        started = time.monotonic()
        for kind, body in batches:
            job_id = client.post_bulk(kind, zlib.decompress(body)).job_id
            while not client.is_completed(kind, job_id):
                time.sleep(QUESTION_EVERY)
            client.job(kind, job_id)
        return time.monotonic() - started
