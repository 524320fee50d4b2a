"""Each huvudman's own directory of certificates and keys: what may be chosen from a web page lies there, nowhere else.

An operator fills it, and may name files elsewhere from the command line (`provsluss organisation certificate`).
"""

from pathlib import Path

from django.conf import settings

from provsluss.organisations.models import Organisation


def certificate_directory(organisation: Organisation) -> Path:
    """`settings.CERTIFICATE_DIR`/organisation number. It need not exist."""
    return Path(settings.CERTIFICATE_DIR) / organisation.number


def certificate_names(organisation: Organisation) -> list[str]:
    """The names of the files in the organisation's directory, in order; none that is a link out of it."""
    directory = certificate_directory(organisation)
    inside = directory.resolve()
    try:
        files = [file for file in directory.iterdir() if file.is_file() and file.resolve().is_relative_to(inside)]
    except OSError:  # not there, or not for us: nothing to choose from
        return []
    return sorted(file.name for file in files)


def has_entity_id_of_another(organisation: Organisation, entity_id: str) -> bool:
    """Whether another organisation already goes by `entity_id` at Skolverket."""
    return Organisation.objects.exclude(pk=organisation.pk).filter(entity_id__iexact=entity_id).exists()
