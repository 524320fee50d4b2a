import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from provsluss.organisations.sealing import seal, unseal

_SECRETS = ("secret", "seed")


def seal_secrets(apps, schema_editor):
    """What apps and reserve codes are made from was stored in clear, and sessions too: they end.

    The key is settings.SECRET_KEY, which must be that of the web.
    """
    _change_secrets(apps, schema_editor.connection.alias, seal)
    apps.get_model("sessions", "Session").objects.using(schema_editor.connection.alias).delete()


def unseal_secrets(apps, schema_editor):
    _change_secrets(apps, schema_editor.connection.alias, unseal)
    apps.get_model("sessions", "Session").objects.using(schema_editor.connection.alias).delete()


def _change_secrets(apps, database, changed):
    for authenticator in apps.get_model("mfa", "Authenticator").objects.using(database):
        data = authenticator.data
        data |= {name: changed(data[name]) for name in _SECRETS if name in data}
        if "migrated_codes" in data:
            data["migrated_codes"] = [changed(code) for code in data["migrated_codes"]]
        authenticator.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0005_who_decided_about_protection"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="KnownAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=64)),
                ("seen_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="known_addresses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "address"), name="one_row_per_known_address")],
            },
        ),
        migrations.CreateModel(
            name="LoggedDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(help_text="a value of What, which more are added to", max_length=40)),
                (
                    "about",
                    models.CharField(
                        blank=True, help_text="which of several: a kind of object, a user", max_length=200
                    ),
                ),
                ("before", models.CharField(max_length=500)),
                ("after", models.CharField(max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "by_name",
                    models.CharField(help_text="what `by` was called then, or who else it was", max_length=300),
                ),
                (
                    "by",
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
                        blank=True,
                        help_text="none: the decision holds for the whole installation",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="logged_decisions",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["organisation", "-at"], name="newest_logged_decisions")],
            },
        ),
        migrations.RunPython(seal_secrets, unseal_secrets),
    ]
