"""Ties what has been accepted to the address that it was sent to.

The calls of a transfer say where they went; what no call tells of was sent, as far as anybody knows, to the address of
today. Calls of one environment that went to several addresses are so told apart at last.
"""

from typing import Any

from django.db import migrations, models

import provsluss.transfers.models.place
from provsluss.organisations.environments import Environment, place, written_in_one_way


def _where_each_transfer_went(apps: Any, _schema_editor: Any) -> None:
    """Fill in `address` of transfers, plans and accepted objects."""
    transfers, batches = apps.get_model("transfers", "Transfer"), apps.get_model("transfers", "Batch")
    accepted, plans = apps.get_model("transfers", "Accepted"), apps.get_model("transfers", "Plan")
    for environment in Environment.values:
        for model in (transfers, plans, accepted):
            model.objects.filter(environment=environment).update(address=place(environment))
    called = (
        batches.objects.exclude(url="")
        .order_by("pk")
        .values_list("sync_job__transfer", "sync_job__transfer__address", "sync_job__kind", "url")
    )
    told: set[int] = set()
    for transfer, address, kind, url in called.iterator():
        base, found, _ = url.partition(f"/{kind}/bulk")
        if transfer in told or not found:
            continue
        told.add(transfer)
        if (went := written_in_one_way(base)) != address:
            transfers.objects.filter(pk=transfer).update(address=went)
            accepted.objects.filter(transfer=transfer).update(address=went)
            plans.objects.filter(transfers=transfer).update(address=went)


class Migration(migrations.Migration):
    dependencies = [
        ("transfers", "0009_outcomes"),
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
        migrations.RunPython(_where_each_transfer_went, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="accepted", name="one_accepted_per_object"),
        migrations.AddConstraint(
            model_name="accepted",
            constraint=models.UniqueConstraint(
                fields=("organisation", "environment", "kind", "object_id", "address"),
                name="one_accepted_per_object_and_place",
            ),
        ),
    ]
