"""The sources of an organisation as rows: the workbook, which everybody has once read in, and those that were added."""

from provsluss.organisations.models import Organisation
from provsluss.register.models import Source
from provsluss.register.sources.registry import KINDS
from provsluss.register.sources.source import SourceKind


def uploaded_as(organisation: Organisation, kind: SourceKind) -> Source:
    """The organisation's own source of a kind that is uploaded and of which there is only one, made at the first."""
    source, _ = Source.objects.get_or_create(
        organisation=organisation, key=kind.name, defaults={"kind": kind.name, "name": kind.called}
    )
    return source


def called(organisation: Organisation, key: str) -> str:
    """What a user calls the source with this key: its name, else that of its kind; unknown ones as they are."""
    source = Source.objects.filter(organisation=organisation, key=key).first()
    if source:
        return source.name
    return KINDS[key].called if key in KINDS else key
