import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transfers", "0005_jobs_that_are_forgotten")]

    operations = [
        migrations.CreateModel(
            name="PurgeReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purged_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("counts", models.JSONField(default=dict)),
            ],
            options={"ordering": ["-purged_at", "-id"]},
        ),
    ]
