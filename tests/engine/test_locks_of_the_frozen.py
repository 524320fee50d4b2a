"""A process that stands still in the middle of a transaction is made to let go of its locks; others go on."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from provsluss.installation.database_url import django_database
from tests.engine.installation import ORGANISATION, Installation
from tests.engine.wholeness import assert_whole, is_ended, shown
from tests.engine.workers import nest_of, wait
from tests.fixtures.processes import Start

IN_THREE_SECONDS = "-c%20idle_in_transaction_session_timeout%3D3s"
FREEZES_WITH_THE_LOCK = """
import os, signal
import django
django.setup()
from django.db import transaction
from django_scopes import scopes_disabled
from provsluss.transfers.models import Transfer

with scopes_disabled(), transaction.atomic():
    Transfer.objects.select_for_update().get()
    print("has the lock", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
"""


def test_a_connection_lets_go_after_five_minutes_unless_the_address_says_otherwise() -> None:
    usual, own = (
        django_database(f"postgresql://a@b/c{rest}")["OPTIONS"] for rest in ("?sslmode=require", "?options=x")
    )
    within = {"connect_timeout": "10"}
    assert usual == {"options": "-c idle_in_transaction_session_timeout=5min", "sslmode": "require"} | within
    assert own == {"options": "x"} | within


@pytest.mark.postgresql
@pytest.mark.timeout(120)
def test_a_transfer_goes_on_when_the_one_who_held_it_is_frozen(
    tmp_path: Path, postgresql_url: str, start_simulator: Callable[..., str], start_process: Start
) -> None:
    here = Installation(tmp_path / "data", start_simulator("--delay", "0.1", "--transfer-rate", "0"), postgresql_url)
    with nest_of(here) as nest:
        nest.ask("school", ORGANISATION, 1, 5, 0)
        transfer = nest.ask("send", ORGANISATION)
        soon = {**here.environment, "PROVSLUSS_DATABASE_URL": f"{postgresql_url}?options={IN_THREE_SECONDS}"}
        frozen = start_process("-c", FREEZES_WITH_THE_LOCK, environment=soon)
        frozen.wait_until_prints("has the lock")
        nest.start_worker()
        wait(lambda: is_ended(here, transfer), 60, lambda: (shown(here, transfer), nest.output()))
        frozen.end(signal.SIGKILL)
    assert_whole(here, transfer, {"persons": 7, "duties": 2, "groups": 2, "activities": 1})
