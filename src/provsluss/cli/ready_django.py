"""Django made ready for a command, and an embedded database brought up to date by itself (design.md section 6)."""

import django
from django.conf import settings
from django.core.management import call_command

from provsluss.cli.command import CannotBeDone


def ready_django(migrate: bool = True) -> None:
    """Load Django; on the embedded database also create or upgrade the tables. Raises CannotBeDone."""
    try:
        django.setup()
    except OSError as problem:
        raise CannotBeDone(
            f"Datakatalogen kan inte användas: {problem.strerror}. Ange en annan med PROVSLUSS_DATA_DIR."
        ) from problem
    if migrate and settings.EMBEDDED_DATABASE:
        call_command("migrate", verbosity=0, interactive=False)
