"""An upload or a source read once more: its preview compared it with a register that has changed since."""

from django.db import transaction

from provsluss.organisations.models import User
from provsluss.register.imports.fetching import begin_fetch, is_fetched
from provsluss.register.imports.imports import accept_upload, discard_import
from provsluss.register.models import Import, ImportState, Source
from provsluss.register.sources import uploads
from provsluss.register.sources.refusal import SourceRefused

TAKEN = "Filen läses redan om, eller så har någon tagit ställning till den."


def take_again(import_run: Import, user: User | None) -> Import:
    """A new import, in state READING, of the copy that `import_run` keeps, or of the source where it is fetched.

    `import_run` is discarded. Raises CannotFetch for a source that is paused, and SourceRefused with a sentence for the
    user if the copy is gone, or if it no longer waits for its decision: of two presses at the same moment the second
    finds nothing to take.
    """
    with transaction.atomic():
        waiting = Import.objects.select_for_update().filter(pk=import_run.pk, state=ImportState.PREVIEW)
        if not waiting.exists():
            raise SourceRefused(TAKEN)
        source = Source.objects.filter(key=import_run.source).first()
        if source and is_fetched(source):
            again = begin_fetch(source, user)
            discard_import(import_run.pk)
            return again
        path = uploads.checked_copy(import_run.pk, import_run.fingerprint)
        try:
            with path.open("rb") as file:
                again = accept_upload(import_run.organisation, user, file, import_run.file_name, import_run.source)
        except FileNotFoundError:
            raise SourceRefused(uploads.GONE) from None
        discard_import(import_run.pk)
    return again
