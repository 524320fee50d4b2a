from django.db import migrations, models


class Migration(migrations.Migration):
    """Of which school unit a row is that was not read in. Empty for the imports that have been: nothing says it."""

    dependencies = [("register", "0002_no_permission_of_its_own")]

    operations = [
        migrations.AddField(
            model_name="importproblem",
            name="school_unit_code",
            field=models.CharField(
                blank=True,
                default="",
                help_text="whose row was refused; empty where it is not known, or somebody protected is on it",
                max_length=8,
                verbose_name="skolenhetskod",
            ),
        ),
    ]
