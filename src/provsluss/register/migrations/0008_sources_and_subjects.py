"""Sources are rows, and groups and assignments tell of their subjects."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


_WORKBOOK = "skolverket_workbook"


def workbooks(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Whoever has read in a workbook has it as a source."""
    alias = schema_editor.connection.alias
    imports = apps.get_model("register", "Import")._base_manager.using(alias)
    sources = apps.get_model("register", "Source")._base_manager.using(alias)
    for organisation_id in (
        imports.filter(source=_WORKBOOK).order_by().values_list("organisation_id", flat=True).distinct()
    ):
        sources.create(organisation_id=organisation_id, key=_WORKBOOK, kind=_WORKBOOK, name="Skolverkets Excelmall")


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0007_three_preparations_for_protection"),
        ("register", "0007_counts_by_section"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="dutyassignment",
            name="subjects",
            field=models.CharField(
                blank=True,
                default="",
                help_text="codes with a blank around each; empty: unknown",
                max_length=400,
                verbose_name="ämnen",
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="subjects",
            field=models.TextField(
                blank=True,
                default="",
                help_text="as register/subjects.py writes them; empty: unknown",
                verbose_name="ämnen",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="reading",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text='of a source that is fetched: {"full", "calls", "read": {what: n}, "left_out": {reason: n}}',
            ),
        ),
        migrations.AlterField(
            model_name="duty",
            name="source",
            field=models.CharField(help_text="the key of the source that says so (Source.key)", max_length=40),
        ),
        migrations.AlterField(
            model_name="group",
            name="source",
            field=models.CharField(help_text="the key of the source that says so (Source.key)", max_length=40),
        ),
        migrations.AlterField(
            model_name="import",
            name="source",
            field=models.CharField(
                help_text="the key of the source (Source.key), e.g. skolverket_workbook", max_length=40
            ),
        ),
        migrations.AlterField(
            model_name="person",
            name="source",
            field=models.CharField(help_text="the key of the source that says so (Source.key)", max_length=40),
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="on all that it brings: its kind, and a number where there can be more", max_length=40
                    ),
                ),
                (
                    "kind",
                    models.CharField(help_text="skolverket_workbook, ss12000, csv", max_length=40, verbose_name="slag"),
                ),
                ("name", models.CharField(max_length=100, verbose_name="namn")),
                (
                    "settings",
                    models.JSONField(
                        blank=True, default=dict, help_text="of its kind; never a secret, only its file's name"
                    ),
                ),
                (
                    "school_unit_codes",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="those that it speaks for; empty: all that it brings",
                        verbose_name="skolenheter",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Läses"), ("paused", "Pausad")],
                        default="active",
                        max_length=20,
                        verbose_name="läge",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "created_by",
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
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="organisations.organisation"),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "key"), name="one_source_per_key"),
                    models.UniqueConstraint(fields=("organisation", "name"), name="one_source_per_name"),
                ],
            },
        ),
        migrations.RunPython(workbooks, migrations.RunPython.noop, elidable=True),
    ]
