from datetime import datetime, time

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def one_date_becomes_three_words(apps, schema_editor):
    """Who confirmed all of it at once has confirmed each; who took it back has taken back each."""
    database = schema_editor.connection.alias
    Organisation = apps.get_model("organisations", "Organisation")
    ProtectionPreparation = apps.get_model("organisations", "ProtectionPreparation")
    for organisation in Organisation.objects.using(database):
        confirmed_on, decided_at = organisation.protection_confirmed_on, organisation.protection_decided_at
        if confirmed_on is None and decided_at is None:
            continue
        if decided_at is None:
            decided_at = django.utils.timezone.make_aware(datetime.combine(confirmed_on, time()))
        for what in ("fullmakt", "epost", "metod"):
            ProtectionPreparation.objects.using(database).create(
                organisation=organisation,
                what=what,
                confirmed=confirmed_on is not None,
                decided_by=organisation.protection_decided_by,
                decided_at=decided_at,
            )
    if schema_editor.connection.vendor == "postgresql":
        # What has been inserted is checked now: a table cannot be altered while that waits.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0006_login_places_and_logged_decisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProtectionPreparation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("fullmakt", "fullmakt för skyddade personuppgifter"),
                            ("epost", "e-postadress dit Skolverket kan höra av sig"),
                            ("metod", "hur namn ska bytas ut (pseudonymisering)"),
                        ],
                        max_length=20,
                    ),
                ),
                ("confirmed", models.BooleanField()),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="protection_preparations",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "what"), name="one_word_per_preparation")
                ],
            },
        ),
        migrations.RunPython(one_date_becomes_three_words, migrations.RunPython.noop),
        migrations.RemoveField(model_name="organisation", name="protection_confirmed_on"),
        migrations.RemoveField(model_name="organisation", name="protection_decided_at"),
        migrations.RemoveField(model_name="organisation", name="protection_decided_by"),
    ]
