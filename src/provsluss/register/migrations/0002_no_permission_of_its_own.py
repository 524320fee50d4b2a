from django.db import migrations


class Migration(migrations.Migration):
    """Who sees protected persons is said by organisations.OrganisationAccess."""

    dependencies = [
        ("register", "0001_initial"),
        ("organisations", "0003_sees_protected_in_an_organisation"),
    ]

    operations = [
        migrations.AlterModelOptions(name="person", options={"ordering": ["family_name", "given_name"]}),
    ]
