from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transfers", "0004_controls")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="forgotten",
            field=models.PositiveSmallIntegerField(default=0, help_text="so many times its job was no longer known"),
        ),
    ]
