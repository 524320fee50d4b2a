"""What an import has counted, section by section."""

from provsluss.register.models import Import
from provsluss.register.sections import Section
from provsluss.register.sources.registry import section_words


def section_counts(import_run: Import) -> list[tuple[str, dict[str, int]]]:
    """Each section, as its source calls it, and its counts, in their order; empty before the preview."""
    words, counts = section_words(import_run.source), import_run.counts
    return [(words[section], counts[section]) for section in Section if section in counts]


def changes_nothing(import_run: Import) -> bool:
    """Whether the register already is as the source says (inga ändringar)."""
    return not any(counts[name] for _, counts in section_counts(import_run) for name in ("new", "changed", "ended"))


def refused_rows(import_run: Import) -> int:
    """How many rows stay out."""
    return sum(counts["bad"] for _, counts in section_counts(import_run))
