"""Ties what has been accepted to the address that it was sent to.

The calls of a transfer say where they went; what no call tells of was sent, as far as anybody knows, to the address of
today. Calls of one environment that went to several addresses are so told apart at last.
"""

from typing import Any

from django.db import migrations, models

import provsluss.transfers.models.place
from provsluss.organisations.environments import Environment, place, written_in_one_way


def _where_each_transfer_went(apps: Any, schema_editor: Any) -> None:
    """Fill in `address` of transfers, plans and accepted objects."""
    database = schema_editor.connection.alias
    transfers, plans, accepted, calls = (
        apps.get_model("transfers", name).objects.using(database) for name in ("Transfer", "Plan", "Accepted", "Batch")
    )
    batches = calls.exclude(url="").order_by("-pk")
    went: dict[int, str] = {}
    for transfer, kind, url in batches.values_list("sync_job__transfer", "sync_job__kind", "url").iterator():
        base, found, _ = url.partition(f"/{kind}/bulk")
        if found:
            went[transfer] = written_in_one_way(base)  # in the end that of its first call
    for transfer, address in went.items():
        transfers.filter(pk=transfer).update(address=address)
        accepted.filter(transfer=transfer).update(address=address)
        plans.filter(transfers=transfer, address="").update(address=address)
    for environment in Environment.values:
        for rows in (transfers, plans, accepted):
            rows.filter(environment=environment, address="").update(address=place(environment))


class Migration(migrations.Migration):
    dependencies = [
        ("transfers", "0010_outbox"),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name=model,
                name="address",
                field=provsluss.transfers.models.place.AddressField(
                    blank=True,
                    default="",
                    editable=False,
                    help_text="of the Provisioning API when it was sent; another address is another place",
                    max_length=300,
                ),
                preserve_default=False,
            )
            for model in ("accepted", "plan", "transfer")
        ),
        migrations.RemoveConstraint(model_name="accepted", name="one_accepted_per_object"),
        migrations.AddConstraint(
            model_name="accepted",
            constraint=models.UniqueConstraint(
                fields=("organisation", "environment", "kind", "object_id", "address"),
                name="one_accepted_per_object_and_place",
            ),
        ),
        # Last, because PostgreSQL does not change a table whose rows have just been changed.
        migrations.RunPython(_where_each_transfer_went, migrations.RunPython.noop),
    ]
