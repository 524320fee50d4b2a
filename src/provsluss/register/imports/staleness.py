"""Whether a preview still tells the truth: it compares a file with the register as it was when the file was read."""

from provsluss.register.models import STORED_STATES, Import

OUT_OF_DATE = "Registret har ändrats sedan dess. Läs in på nytt."
REGISTER = "register"
"""Among an import's counts: which register the file was compared with."""


def register_now() -> dict[str, int]:
    """Which register it is that stands now, by the last import that it holds. The organisation's scope must be active.

    Taken before a reading begins and held against what it is when the import is stored.
    """
    stored = Import.objects.filter(state__in=STORED_STATES)
    newest = stored.order_by("-finished_at", "-pk").values_list("pk", flat=True).first()
    return {"last_import": newest or 0}


def is_out_of_date(import_run: Import) -> bool:
    """Whether another import has been stored since this one was compared with the register."""
    compared_with: dict[str, int] = import_run.counts.get(REGISTER, {"last_import": 0})
    return compared_with != register_now()
