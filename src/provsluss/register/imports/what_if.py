"""The register as it would be once an import is stored, for somebody who has to know before it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from provsluss.organisations import locks
from provsluss.register.imports.database_copy import on_a_copy
from provsluss.register.imports.questions import NOTHING_ANSWERED
from provsluss.register.ingest.apply import Storing
from provsluss.register.ingest.counts import Counting
from provsluss.register.ingest.ingest import go_through
from provsluss.register.models import Import
from provsluss.register.sources.registry import kind_of


@contextmanager
def as_if_stored(import_run: Import) -> Iterator[None]:
    """Inside, the register says what the file says; afterwards everything is as it was, whatever was changed inside.

    It takes as long as storing. On the embedded database it works on a copy, so that others can write meanwhile; on
    PostgreSQL it holds the same lock as storing. The organisation's scope must be active. Raises SourceRefused, and
    NoRoom for the copy.
    """
    source = kind_of(import_run.source).of_import(import_run)
    with source.open() as opened, on_a_copy(), transaction.atomic():
        locks.take_turn(locks.Purpose.REGISTER, import_run.organisation_id)
        storing = Storing(import_run, timezone.now())
        go_through(import_run, opened, Counting(), NOTHING_ANSWERED, storing=storing)
        yield
        transaction.set_rollback(True)
