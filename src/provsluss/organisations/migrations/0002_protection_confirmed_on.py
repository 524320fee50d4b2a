from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="protection_confirmed_on",
            field=models.DateField(
                blank=True,
                help_text="the day when somebody confirmed rules.md P19: fullmakt, e-mail and pseudonyms in AP",
                null=True,
                verbose_name="skyddade personuppgifter förberedda",
            ),
        ),
    ]
