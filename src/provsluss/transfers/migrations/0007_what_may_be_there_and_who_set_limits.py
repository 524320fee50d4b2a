import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0005_who_decided_about_protection"),
        ("transfers", "0006_purge_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField(
            model_name="removallimit",
            name="changed_at",
        ),
        migrations.AddField(
            model_name="accepted",
            name="perhaps",
            field=models.BooleanField(
                default=False, help_text="sent in a call that never got its answer, and never accepted: it may be there"
            ),
        ),
        migrations.AddField(
            model_name="plannedobject",
            name="refused_before",
            field=models.BooleanField(
                default=False,
                help_text="Skolverket refused exactly this the last time, so as far as anyone knows it will again",
            ),
        ),
        migrations.CreateModel(
            name="RemovalLimitChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("from_percent", models.PositiveSmallIntegerField()),
                ("from_count", models.PositiveIntegerField()),
                ("to_percent", models.PositiveSmallIntegerField()),
                ("to_count", models.PositiveIntegerField()),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "changed_by",
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
                "ordering": ["-changed_at", "-id"],
            },
        ),
    ]
