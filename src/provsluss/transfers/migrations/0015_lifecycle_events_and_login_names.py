"""The events of transfers and sync jobs, who must act on them, and which EPPN Skolverket has of each person.

The latter is a fingerprint, made here out of what was sent of those who are there already.
"""

import hashlib
import json
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def _fill_in(apps: Any, schema_editor: Any) -> None:
    """As remote/login_names.py does from now on. What has been purged stays without one."""
    accepted = apps.get_model("transfers", "Accepted")._base_manager.using(schema_editor.connection.alias)
    persons = accepted.filter(kind="persons").exclude(payload="").order_by("pk")
    ids = list(persons.values_list("pk", flat=True))
    for start in range(0, len(ids), 500):
        some = list(accepted.filter(pk__in=ids[start : start + 500]))
        for row in some:
            names = json.loads(row.payload).get("eduPersonPrincipalNames") or [""]
            if eppn := names[0].strip().casefold():
                row.login_hash = hashlib.sha256(f"{row.organisation_id} {eppn}".encode()).hexdigest()
        accepted.bulk_update(some, ["login_hash"])


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0007_three_preparations_for_protection"),
        ("transfers", "0014_unknown_codes_of_an_organisation"),
    ]

    operations = [
        migrations.AddField(
            model_name="syncjob",
            name="category",
            field=models.CharField(
                blank=True,
                choices=[
                    ("will_mend_itself", "Rättar sig självt"),
                    ("needs_decision", "Kräver ett beslut"),
                    ("needs_correction", "Kräver en rättelse"),
                    ("needs_operator", "Kräver driften"),
                ],
                help_text="who must act on that",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="category",
            field=models.CharField(
                blank=True,
                choices=[
                    ("will_mend_itself", "Rättar sig självt"),
                    ("needs_decision", "Kräver ett beslut"),
                    ("needs_correction", "Kräver en rättelse"),
                    ("needs_operator", "Kräver driften"),
                ],
                help_text="who must act on that",
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="TransferEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("queued", "Väntar"),
                            ("running", "Pågår"),
                            ("needs_review", "Kräver granskning"),
                            ("done", "Klar"),
                            ("done_with_warnings", "Klar med varningar"),
                            ("done_with_errors", "Klar med fel"),
                            ("retrying", "Tillfälligt fel"),
                            ("cancelled", "Avbruten"),
                        ],
                        help_text="empty: new",
                        max_length=20,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("queued", "Väntar"),
                            ("running", "Pågår"),
                            ("needs_review", "Kräver granskning"),
                            ("done", "Klar"),
                            ("done_with_warnings", "Klar med varningar"),
                            ("done_with_errors", "Klar med fel"),
                            ("retrying", "Tillfälligt fel"),
                            ("cancelled", "Avbruten"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("will_mend_itself", "Rättar sig självt"),
                            ("needs_decision", "Kräver ett beslut"),
                            ("needs_correction", "Kräver en rättelse"),
                            ("needs_operator", "Kräver driften"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("pressed", "Någon startade överföringen"),
                            ("started", "Det blev dess tur"),
                            ("trouble", "Skolverket svarade inte som det skulle"),
                            ("trouble_over", "Skolverket svarar igen"),
                            ("listed", "Det som ska tas bort är uppräknat"),
                            ("went_through", "Allt har sitt svar"),
                            ("approved", "Någon godkände borttagningen"),
                            ("refused", "Någon nekade borttagningen"),
                            ("superseded", "En senare överföring prövade borttagningen på nytt"),
                            ("stopped", "Någon avbröt"),
                            ("cannot_go_on", "Den kunde inte fortsätta"),
                            ("resumed", "Någon återupptog den"),
                            ("moved", "Allt flyttades till en annan databas"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="organisations.organisation"
                    ),
                ),
                (
                    "sync_job",
                    models.ForeignKey(
                        blank=True,
                        help_text="empty: the transfer",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="transfers.syncjob",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="transfers.transfer"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="accepted",
            name="login_hash",
            field=models.CharField(blank=True, default="", help_text="fingerprint of a person's EPPN", max_length=64),
        ),
        migrations.AddIndex(
            model_name="accepted",
            index=models.Index(fields=["organisation", "environment", "kind", "login_hash"], name="accepted_by_login"),
        ),
        migrations.RunPython(_fill_in, migrations.RunPython.noop),
    ]
