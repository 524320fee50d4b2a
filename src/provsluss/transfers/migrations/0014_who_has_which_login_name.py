"""Gives each person that Skolverket has the fingerprint of its EPPN, out of what was sent of it."""

import hashlib
import json
from typing import Any

from django.db import migrations, models


def _fill_in(apps: Any, schema_editor: Any) -> None:
    """As remote/login_names.py does from now on. What has been purged stays without one."""
    accepted = apps.get_model("transfers", "Accepted")._base_manager.using(schema_editor.connection.alias)
    persons = accepted.filter(kind="persons").exclude(payload="").order_by("pk")
    ids = list(persons.values_list("pk", flat=True))
    for start in range(0, len(ids), 500):
        some = list(accepted.filter(pk__in=ids[start : start + 500]))
        for row in some:
            names = json.loads(row.payload).get("eduPersonPrincipalNames") or [""]
            if eppn := names[0].strip().casefold():
                row.login_hash = hashlib.sha256(f"{row.organisation_id} {eppn}".encode()).hexdigest()
        accepted.bulk_update(some, ["login_hash"])


class Migration(migrations.Migration):
    dependencies = [
        ("transfers", "0013_lifecycle_events"),
    ]

    operations = [
        migrations.AddField(
            model_name="accepted",
            name="login_hash",
            field=models.CharField(blank=True, default="", help_text="fingerprint of a person's EPPN", max_length=64),
        ),
        migrations.AddIndex(
            model_name="accepted",
            index=models.Index(fields=["organisation", "environment", "kind", "login_hash"], name="accepted_by_login"),
        ),
        migrations.RunPython(_fill_in, migrations.RunPython.noop),
    ]
