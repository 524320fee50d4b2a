from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    """The table of settings.CACHES, which Django has a command for and no model."""
    call_command("createcachetable", "provsluss_cache", database=schema_editor.connection.alias, verbosity=0)


def remove_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS provsluss_cache")


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_sees_protected_in_an_organisation")]

    operations = [migrations.RunPython(make_table, remove_table)]
