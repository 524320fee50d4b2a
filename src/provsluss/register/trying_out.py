"""The register as it would be once an import is stored, for somebody who has to know before it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.register.counting import Counting
from provsluss.register.going_through import SHEET_NAMES, go_through
from provsluss.register.imports import copy_of
from provsluss.register.models import Import
from provsluss.register.storing import Storing


@contextmanager
def as_if_stored(import_run: Import) -> Iterator[None]:
    """Inside, the register says what the file says; afterwards everything is as it was, whatever was changed inside.

    It takes as long as storing, and holds the same lock. The organisation's scope must be active. Raises SourceRefused.
    """
    with copy_of(import_run) as path, transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=import_run.organisation_id)
        go_through(import_run, path, Counting(SHEET_NAMES), storing=Storing(import_run, timezone.now()))
        yield
        transaction.set_rollback(True)
