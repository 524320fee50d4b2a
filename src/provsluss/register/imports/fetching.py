"""A reading of a source that is fetched: it begins as an import like any other, and then goes the same way."""

from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import User
from provsluss.register.models import STORED_STATES, Import, ImportState, Source, SourceState
from provsluss.register.sources.registry import KINDS

PAUSED = "Källan är pausad. Sätt i gång den igen först."
UPLOADED_BY_HAND = "Källan hämtas inte: någon laddar upp dess filer."


class CannotFetch(Exception):
    """The source is not fetched now; the message is a Swedish sentence."""


def is_fetched(source: Source) -> bool:
    """Whether sources of its kind are fetched at all."""
    kind = KINDS.get(source.kind)
    return kind is not None and kind.fetch is not None


def begin_fetch(source: Source, user: User | None, full: bool = False) -> Import:
    """A new import of the source, in state READING; `full` asks for all that it has. Raises CannotFetch."""
    if not is_fetched(source):
        raise CannotFetch(UPLOADED_BY_HAND)
    if source.state == SourceState.PAUSED:
        raise CannotFetch(PAUSED)
    with scope(organisation=source.organisation):
        return Import.objects.create(
            organisation=source.organisation,
            source=source.key,
            file_name=source.name,
            created_by=user,
            created_at=timezone.now(),
            reading={"wants_full": True} if full else {},
        )


def latest_reading(source: Source) -> Import | None:
    """The newest import of a source, however it ended. The organisation's scope must be active."""
    return Import.objects.filter(source=source.key).order_by("-created_at", "-pk").first()


def latest_stored(source: Source) -> Import | None:
    """The newest import of a source that the register has. The organisation's scope must be active."""
    stored = Import.objects.filter(source=source.key, state__in=STORED_STATES)
    return stored.order_by("-finished_at", "-pk").first()


def is_being_read(source: Source) -> bool:
    """Whether a reading of the source is under way. The organisation's scope must be active."""
    return Import.objects.filter(source=source.key, state=ImportState.READING).exists()
