from datetime import timedelta

from django.db import migrations

_SAME_MOMENT = timedelta(minutes=1)
"""Both rows were written in one transaction."""


def log_changes(apps, schema_editor):
    """Changes that are older than the log of decisions are entered in it; the others stand there already."""
    database = schema_editor.connection.alias
    decisions = apps.get_model("organisations", "LoggedDecision").objects.using(database)
    changes = apps.get_model("transfers", "RemovalLimitChange").objects.using(database).select_related("changed_by")
    for change in changes.order_by("changed_at", "pk"):
        row = {
            "organisation_id": change.organisation_id,
            "what": "removal_limit",
            "about": change.kind,
            "before": f"{change.from_percent} procent och {change.from_count} stycken",
            "after": f"{change.to_percent} procent och {change.to_count} stycken",
        }
        moment = (change.changed_at - _SAME_MOMENT, change.changed_at + _SAME_MOMENT)
        if not decisions.filter(**row, at__range=moment).exists():
            decisions.create(**row, at=change.changed_at, by=change.changed_by, by_name=_name(change.changed_by))


def _name(user):
    if user is None:
        return "Någon, med ett kommando på servern"
    return f"{user.first_name} {user.last_name}".strip() or user.username


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0007_three_preparations_for_protection"),
        ("transfers", "0012_what_removals_leave_and_take"),
    ]

    operations = [
        migrations.RunPython(log_changes, migrations.RunPython.noop),
        migrations.DeleteModel(name="RemovalLimitChange"),
    ]
