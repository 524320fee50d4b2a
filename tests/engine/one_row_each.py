"""A script for the nest: puts a row into every table of ours that has none, so that a move has something to lose.

What the rows say does not matter, and nobody acts on them. Prints the tables that are left without rows.
"""

import uuid
from contextlib import suppress
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django_scopes import scopes_disabled

ROOMS = ("organisations", "register", "catalogue", "transfers")


def value_for(field: Any) -> Any:
    """Something that the field can hold."""
    if isinstance(field, models.ForeignKey):
        return field.related_model._base_manager.first()
    if field.choices:
        return field.flatchoices[-1][0]  # the last states are those that have ended
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return timezone.localdate()
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.IntegerField):
        return 1
    return b"x" if isinstance(field, models.BinaryField) else "x"


def make_one(model: type[models.Model]) -> None:
    """A row with what must be there."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if not (field.has_default() or field.null or isinstance(field, models.AutoField))
    ]
    with transaction.atomic():
        model._base_manager.create(**{field.name: value_for(field) for field in fields})


with scopes_disabled():
    empty = [
        model
        for room in ROOMS
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        if not model._base_manager.exists()
    ]
    # A row can need another table's, which may stand later in the list.
    for model in [*empty, *empty]:
        if not model._base_manager.exists():
            with suppress(IntegrityError):
                make_one(model)
    print(" ".join(model._meta.db_table for model in empty if not model._base_manager.exists()))
