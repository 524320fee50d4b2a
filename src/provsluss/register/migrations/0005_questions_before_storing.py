import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import provsluss.register.questions


class Migration(migrations.Migration):
    """What an import asks before it is stored, and who has answered what. Those that have been asked nothing but that."""

    dependencies = [
        ("register", "0004_files_that_killed_their_reader"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="accepted",
            field=models.JSONField(
                blank=True,
                default=provsluss.register.questions.asked_before_storing,
                help_text="the questions that somebody has answered with yes",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="accepted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="importproblem",
            name="question",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ending", "Ovanligt mycket avslutas"),
                    ("identity", "Personer byter id, inloggningsnamn eller personnummer"),
                    ("protection", "Skyddade personer blir oskyddade"),
                ],
                default="",
                help_text="nobody has said yes to it",
                max_length=20,
                verbose_name="fråga",
            ),
        ),
    ]
