"""SS 12000 as a kind of source: fetched into a private copy, which is then read like any other."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from provsluss.register.models import Duty, Group, Import, Person, Source
from provsluss.register.sections import Section
from provsluss.register.sources import uploads
from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.source import Opened, Progress, SourceKind
from provsluss.register.sources.ss12000 import mirror as mirrors
from provsluss.register.sources.ss12000 import trouble
from provsluss.register.sources.ss12000.check import check
from provsluss.register.sources.ss12000.client import RegisterClient
from provsluss.register.sources.ss12000.mapping.whole import map_whole
from provsluss.register.sources.ss12000.mirror import Mirror
from provsluss.register.sources.ss12000.reader import Ss12000Reader
from provsluss.register.sources.ss12000.reading import NeedsFull, Tally, Told, is_due_for_full, read_all, read_changes
from provsluss.register.sources.ss12000.settings import Settings, checked_settings, read_settings

_SWEDEN = ZoneInfo("Europe/Stockholm")
_SHOWN = ("persons", "duties", "groups", "activities")
_TELL_EVERY = 500


@dataclass(frozen=True, slots=True)
class Ss12000Source:
    """The private copy of what one import has fetched."""

    import_run: Import

    @contextmanager
    def open(self) -> Iterator[Opened]:
        """As source.Source."""
        path = uploads.checked_copy(self.import_run.pk, self.import_run.fingerprint)
        with mirrors.reading(path) as mirror:
            yield partial(Ss12000Reader, mirror)


def fetch(import_run: Import, progress: Progress) -> None:
    """Read the register's API into the import's private copy. Raises SourceRefused: then nothing has changed.

    All is read at first, where somebody asks for it (Import.reading["full"]), once a week, and where the register
    cannot tell what has changed.
    """
    source = Source.objects.filter(organisation_id=import_run.organisation_id, key=import_run.source).first()
    if source is None:
        raise SourceRefused("Källan finns inte längre.")
    settings = read_settings(source.settings)
    copy = uploads.path_of(import_run.pk)
    kept = mirrors.kept_path(source.key, import_run.organisation_id)
    wants_all = bool(import_run.reading.get("wants_full")) or not kept.exists()
    told = _told(progress)
    with RegisterClient(settings) as client:
        try:
            full, reading = _read(client, import_run, settings, copy, None if wants_all else kept, told)
        except NeedsFull:
            full, reading = _read(client, import_run, settings, copy, None, told)
        import_run.reading = {**import_run.reading, "full": full, "calls": client.calls, **reading}
    import_run.fingerprint = uploads.fingerprint_of(copy)
    import_run.save(update_fields=["reading", "fingerprint"])


def _read(
    client: RegisterClient, import_run: Import, settings: Settings, copy: Path, begin_with: Path | None, told: Told
) -> tuple[bool, dict[str, object]]:
    """Whether all was read, and what came of it. Raises NeedsFull where what has changed cannot be told."""
    now = import_run.created_at
    kept = mirrors.kept_path(import_run.source, import_run.organisation_id)
    with mirrors.writing(copy, begin_with) as mirror:
        full = begin_with is None
        if not full and is_due_for_full(mirror, now):
            raise NeedsFull
        if full:
            if kept.exists():
                with mirrors.reading(kept) as before:
                    mirror.remember_both(before.were_both())
            tally = read_all(client, mirror, now, told)
        else:
            tally = read_changes(client, mirror, now, told)
        today = f"{now.astimezone(_SWEDEN):%Y-%m-%d}"
        fates = map_whole(mirror, import_run.organisation_id, settings.choices, today)
        if full:
            _demand_whole(mirror, import_run)
        counts = _counts(mirror, tally)
        mirror.forget_outsiders()
        return full, {**fates.as_json(), **counts}


def _counts(mirror: Mirror, tally: Tally) -> dict[str, object]:
    return {
        "read": {kind: mirror.count(kind) + tally.unreadable[kind] for kind in _SHOWN},
        "brought": {kind: tally.read[kind] for kind in _SHOWN},
        "unreadable": {kind: number for kind, number in tally.unreadable.items() if number},
        "deleted": {kind: number for kind, number in tally.deleted.items() if number},
        "missing_lists": tally.missing_lists,
    }


def _demand_whole(mirror: Mirror, import_run: Import) -> None:
    """A register that suddenly has none of something has more likely taken a right away (its sources, section 2)."""
    if not mirror.count("persons"):
        raise SourceRefused(trouble.NOTHING)
    mine = {"organisation_id": import_run.organisation_id, "source": import_run.source, "ended_at": None}
    for sections, what, had in (
        ((Section.PUPILS,), "elever", Person.objects.filter(role=Person.Role.PUPIL, **mine)),
        ((Section.DUTIES,), "tjänstgöringar", Duty.objects.filter(**mine)),
        ((Section.CLASSES, Section.TEACHING_GROUPS), "grupper", Group.objects.filter(**mine)),
    ):
        if not any(True for section in sections for _ in mirror.rows(section)) and had.exists():
            raise SourceRefused(trouble.EMPTY.format(what=what))


def _told(progress: Progress) -> Told:
    last = 0

    def told(count: int) -> None:
        nonlocal last
        if count - last >= _TELL_EVERY:
            last = count
            progress(count, count)

    return told


def stored(import_run: Import) -> None:
    """The next reading begins where this one ended."""
    mirrors.adopt(uploads.path_of(import_run.pk), import_run.source, import_run.organisation_id)


def removed(source: Source) -> None:
    """What the source has said goes with it."""
    mirrors.forget(source.key, source.organisation_id)


SS12000 = SourceKind(
    name="ss12000",
    called="SS 12000",
    words={
        Section.CLASSES: "Klasser",
        Section.TEACHING_GROUPS: "Undervisningsgrupper",
        Section.PUPILS: "Elever",
        Section.DUTIES: "Tjänstgöringar",
    },
    of_import=Ss12000Source,
    fetch=fetch,
    checked_settings=checked_settings,
    check=lambda source: check(read_settings(source.settings)),
    stored=stored,
    removed=removed,
    has_rows=False,
)
