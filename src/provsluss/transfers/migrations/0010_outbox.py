"""The outbox, and in it what was ordered before there was one: ordering twice is harmless."""

import django.utils.timezone
from django.db import migrations, models

_WAITING = (
    ("transfer", "transfers", "Transfer", {"state": "queued"}),
    ("plan", "transfers", "Plan", {"state": "working"}),
    ("control", "transfers", "Control", {"state": "queued"}),
    ("read_import", "register", "Import", {"state": "reading", "created_by__isnull": False}),
    ("store_import", "register", "Import", {"state": "storing", "created_by__isnull": False}),
)


def order_what_waits(apps, schema_editor):
    database = schema_editor.connection.alias
    entries = apps.get_model("transfers", "OutboxEntry").objects.using(database)
    for task, app, model, waiting in _WAITING:
        there = apps.get_model(app, model)._base_manager.using(database)
        for pk in there.filter(**waiting).values_list("pk", flat=True):
            entries.create(task=task, object_id=pk)


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0003_school_unit_of_a_refused_row"),
        ("transfers", "0009_outcomes"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutboxEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "task",
                    models.CharField(
                        choices=[
                            ("transfer", "överföring"),
                            ("read_import", "läsning av en fil"),
                            ("store_import", "inläsning"),
                            ("plan", "förhandsgranskning"),
                            ("control", "kontroll"),
                        ],
                        max_length=20,
                    ),
                ),
                ("object_id", models.BigIntegerField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RunPython(order_what_waits, migrations.RunPython.noop),
    ]
