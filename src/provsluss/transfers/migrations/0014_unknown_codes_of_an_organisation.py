from django.db import migrations, models


def forget_whose_they_are_not(apps, schema_editor):
    """Counted for all together, they cannot be told apart; each code is counted anew when it comes."""
    database = schema_editor.connection.alias
    apps.get_model("transfers", "UnknownCode").objects.using(database).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0007_three_preparations_for_protection"),
        ("transfers", "0013_limit_changes_are_logged_decisions"),
    ]

    operations = [
        migrations.RunPython(forget_whose_they_are_not, migrations.RunPython.noop),
        migrations.RemoveConstraint("unknowncode", "one_row_per_unknown_code"),
        migrations.AddField(
            "unknowncode",
            "organisation",
            models.ForeignKey(on_delete=models.deletion.CASCADE, to="organisations.organisation", default=None),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "unknowncode",
            models.UniqueConstraint(
                fields=["organisation", "environment", "code", "kind", "attribute"], name="one_row_per_unknown_code"
            ),
        ),
    ]
