"""The register as it would be once an import is stored, for somebody who has to know before it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.register.imports.database_copy import on_a_copy
from provsluss.register.imports.imports import copy_of
from provsluss.register.imports.questions import NOTHING_ANSWERED
from provsluss.register.ingest.apply import Storing
from provsluss.register.ingest.counts import Counting
from provsluss.register.ingest.ingest import SHEET_NAMES, go_through
from provsluss.register.models import Import


@contextmanager
def as_if_stored(import_run: Import) -> Iterator[None]:
    """Inside, the register says what the file says; afterwards everything is as it was, whatever was changed inside.

    It takes as long as storing. On the embedded database it works on a copy, so that others can write meanwhile; on
    PostgreSQL it holds the same lock as storing. The organisation's scope must be active. Raises SourceRefused, and
    NoRoom for the copy.
    """
    with copy_of(import_run) as path, on_a_copy(), transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=import_run.organisation_id)
        storing = Storing(import_run, timezone.now())
        go_through(import_run, path, Counting(SHEET_NAMES), NOTHING_ANSWERED, storing=storing)
        yield
        transaction.set_rollback(True)
