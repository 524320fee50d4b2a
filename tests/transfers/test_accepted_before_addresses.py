"""What had been accepted before addresses were kept belongs where its calls went."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tests.fixtures.earlier_tables import migrate_to, tables_at

NAME = "what_is_accepted_belongs_to_an_address"
ORGANISATION = uuid.UUID(int=7)
BESIDE = ("organisations", "0006_login_places_and_logged_decisions")


def _before_and_with() -> tuple[tuple[str, str], tuple[str, str]]:
    """The migration before it and itself, whatever number it has got."""
    graph = MigrationExecutor(connection).loader.graph
    (node,) = [node for node in graph.nodes if node[0] == "transfers" and node[1].endswith(NAME)]
    (before,) = [parent.key for parent in graph.node_map[node].parents if parent.key[0] == "transfers"]
    return before, node


@pytest.mark.django_db(transaction=True)
def test_each_object_belongs_where_its_transfer_went(settings: Any) -> None:
    before, node = _before_and_with()
    with tables_at([before, BESIDE]) as apps:
        organisation = apps.get_model("organisations", "Organisation").objects.create(
            id=ORGANISATION, number="2120009945", name="Exempelkommunen", environment="simulator"
        )
        transfers, jobs, batches, accepted, plans = (
            apps.get_model("transfers", name) for name in ("Transfer", "SyncJob", "Batch", "Accepted", "Plan")
        )

        def sent(url: str, environment: str = "simulator") -> Any:
            """A transfer with one call to `url`, what it brought there, and the preview before it."""
            mine = {"organisation": organisation, "environment": environment}
            plan = plans.objects.create(**mine)
            transfer = transfers.objects.create(**mine, plan=plan)
            job = jobs.objects.create(transfer=transfer, organisation=organisation, kind="persons", position=0)
            for number, called in enumerate(("", url)):
                batches.objects.create(
                    sync_job=job, organisation=organisation, number=number, object_count=1, byte_size=1, url=called
                )
            accepted.objects.create(
                **mine, kind="persons", object_id=uuid.uuid4(), payload_hash="x", payload="{}", transfer=transfer
            )
            return transfer

        went = {
            sent("http://localhost:8123/provisioning/v1/persons/bulk?updateIfExists=true").pk: 8123,
            sent("http://127.0.0.1:8100/provisioning/v1/persons/bulk/delete").pk: 8100,
            sent("").pk: 8100,
        }
        proxy = sent("https://proxy.example/skolverket/v1/persons/bulk?updateIfExists=true", "produktion")
        accepted.objects.create(
            organisation=organisation, environment="simulator", kind="duties", object_id=uuid.uuid4(),
            payload_hash="x", payload="{}", accepted_at=timezone.now(),
        )  # fmt: skip

        apps = migrate_to([node, BESIDE])

        transfers, accepted, plans = (apps.get_model("transfers", name) for name in ("Transfer", "Accepted", "Plan"))
        for pk, port in went.items():
            address = f"http://127.0.0.1:{port}/provisioning/v1"
            assert transfers.objects.get(pk=pk).address == address
            assert accepted.objects.get(transfer=pk).address == address
            assert plans.objects.get(transfers=pk).address == address
        assert accepted.objects.get(transfer=proxy.pk).address == "https://proxy.example/skolverket/v1"
        assert accepted.objects.get(transfer=None).address == "http://127.0.0.1:8100/provisioning/v1"
