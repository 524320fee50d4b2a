from django.db import migrations, models
from django.db.models import Q

CODENAME = "view_protected"


def give_it_in_their_organisations(apps, schema_editor):
    """Whoever had the permission, which held everywhere, may go on in the organisations that are theirs."""
    database = schema_editor.connection.alias
    Permission = apps.get_model("auth", "Permission")
    permission = (
        Permission.objects.using(database).filter(content_type__app_label="register", codename=CODENAME).first()
    )
    if permission is None:  # a new database, where Django has made no permissions yet
        return
    User = apps.get_model("organisations", "User")
    trusted = User.objects.using(database).filter(Q(user_permissions=permission) | Q(groups__permissions=permission))
    Access = apps.get_model("organisations", "OrganisationAccess")
    Access.objects.using(database).filter(user__in=trusted.values("pk")).update(sees_protected=True)
    permission.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_protection_confirmed_on"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisationaccess",
            name="sees_protected",
            field=models.BooleanField(default=False, verbose_name="får se personer med sekretessmarkering"),
        ),
        migrations.RunPython(give_it_in_their_organisations, migrations.RunPython.noop),
    ]
