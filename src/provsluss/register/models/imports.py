"""One reading of a source, with what was wrong and what it changes. Everything is scoped to an organisation."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from provsluss.organisations.models import Organisation, User
from provsluss.register.questions import Question, asked_before_storing


class ImportState(models.TextChoices):
    """Where an import is. Only `done` has changed the register."""

    READING = "reading", "Läser"
    PREVIEW = "preview", "Väntar på ditt beslut"
    STORING = "storing", "Sparar"
    DONE = "done", "Klar"
    DONE_WITH_ERRORS = "done_with_errors", "Klar med fel"
    REJECTED = "rejected", "Filen kunde inte läsas"
    DISCARDED = "discarded", "Avbruten"


STORED_STATES = (ImportState.DONE, ImportState.DONE_WITH_ERRORS)
"""The imports that the register comes from; a preview has changed nothing."""


class Import(models.Model):
    """One reading of a source into the register (inläsning)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    source = models.CharField(max_length=40, help_text="the key of the source (Source.key), e.g. skolverket_workbook")
    file_name = models.CharField(max_length=255, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file")
    state = models.CharField(max_length=20, choices=ImportState.choices, default=ImportState.READING)
    message = models.TextField(blank=True, help_text="why the file was refused, in Swedish")
    counts = models.JSONField(
        default=dict,
        blank=True,
        help_text='{sheet: {"rows", "good", "bad", "new", "changed", "unchanged", "ended"}} and "progress"',
    )
    reading = models.JSONField(
        default=dict,
        blank=True,
        help_text='of a source that is fetched: {"full", "calls", "read": {what: n}, "left_out": {reason: n}}',
    )
    accepted = models.JSONField(
        default=asked_before_storing, blank=True, help_text="the questions that somebody has answered with yes"
    )
    accepted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Import"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def state_words(self) -> str:
        """The state in words. The command line discards only what it was asked to preview (`--preview-only`)."""
        if self.state == ImportState.DISCARDED and self.created_by_id is None:
            return "Bara förhandsgranskad"
        if self.state == ImportState.REJECTED:
            return "Lästes inte in"  # also where it is no file
        return self.get_state_display()


class ImportProblem(models.Model):
    """One thing wrong with one row. The value is masked where it is a personnummer."""

    import_run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    sheet = models.CharField("blad", max_length=60)
    row = models.PositiveIntegerField("rad")
    column = models.CharField("kolumn", max_length=60, blank=True)
    value = models.CharField("värde", max_length=200, blank=True)
    reason = models.TextField("orsak")
    row_refused = models.BooleanField("raden lästes inte in", default=True)
    question = models.CharField(
        "fråga", max_length=20, choices=Question.choices, blank=True, default="", help_text="nobody has said yes to it"
    )
    school_unit_code = models.CharField(
        "skolenhetskod",
        max_length=8,
        blank=True,
        default="",
        help_text="whose row was refused; empty where it is not known, or somebody protected is on it",
    )
    name = models.CharField("namn", max_length=420, blank=True, default="", help_text="who or what is on it, likewise")
    belongs_to = models.JSONField(
        default=dict,
        blank=True,
        help_text='what it says of its place: {"groups", "school_type", "school_year", "national_test"}, likewise',
    )

    objects: ClassVar[models.Manager["ImportProblem"]] = ScopedManager(organisation="import_run__organisation")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.sheet} rad {self.row}"


class ImportChange(models.Model):
    """One object that an import makes, changes or ends, for its preview. Deleted when the import has ended.

    `attributes` holds [label, before, after] of what changes. Nothing in it needs masking any more.
    """

    import_run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changes")
    sheet = models.CharField("blad", max_length=60)
    row = models.PositiveIntegerField("rad", null=True, blank=True, help_text="empty: the file no longer has it")
    what = models.CharField("vad", max_length=10, help_text="new, changed or ended")
    label = models.CharField("vem eller vad", max_length=420)
    attributes = models.JSONField("uppgifter", default=list, blank=True)

    objects = ScopedManager(organisation="import_run__organisation")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.sheet} {self.what}"


class HarmfulFile(models.Model):
    """A file that has killed its reader, whoever uploaded it: it is never read again. Nothing tells what was in it."""

    fingerprint = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of the file")
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.fingerprint
