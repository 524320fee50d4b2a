"""What the school says, as its own systems say it. Everything is scoped to an organisation."""

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
    source = models.CharField(max_length=40, help_text="e.g. skolverket_workbook")
    file_name = models.CharField(max_length=255, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file")
    state = models.CharField(max_length=20, choices=ImportState.choices, default=ImportState.READING)
    message = models.TextField(blank=True, help_text="why the file was refused, in Swedish")
    counts = models.JSONField(
        default=dict,
        blank=True,
        help_text='{sheet: {"rows", "good", "bad", "new", "changed", "unchanged", "ended"}} and "progress"',
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


class FromSource(models.Model):
    """What every object of the register has: whose it is, where it came from, whether it still is so."""

    id = models.UUIDField(primary_key=True, help_text="the id that is sent to Skolverket")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    source = models.CharField(max_length=40)
    source_id = models.CharField(max_length=200, help_text="the id in the source, as written there")
    changed_by = models.ForeignKey(Import, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Person(FromSource):
    """A pupil or a member of staff. Somebody who is both is two persons, each with an EPPN of its own (rules.md P4)."""

    class Role(models.TextChoices):
        PUPIL = "pupil", "Elev"
        STAFF = "staff", "Personal"

    role = models.CharField("roll", max_length=10, choices=Role.choices)
    civic_number = models.CharField("personnummer", max_length=12, blank=True)
    eppn = models.CharField("EPPN", max_length=255, blank=True)
    eduid_eppn = models.CharField("eduID-EPPN", max_length=255, blank=True)
    given_name = models.CharField("förnamn", max_length=200)
    middle_name = models.CharField("mellannamn", max_length=200, blank=True)
    family_name = models.CharField("efternamn", max_length=200)
    email = models.CharField("e-postadress", max_length=255, blank=True)
    security_marking = models.CharField("sekretessmarkering", max_length=30, default="Ingen")

    objects: ClassVar[models.Manager["Person"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["family_name", "given_name"]
        indexes = [
            models.Index(fields=["organisation", "role", "family_name", "given_name"]),
            models.Index(fields=["organisation", "eppn"]),
            models.Index(fields=["organisation", "civic_number"]),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.given_name, self.middle_name, self.family_name) if part)


class Enrolment(models.Model):
    """A pupil's place in a school unit (inskrivning)."""

    # No index of its own: the constraint's begins with it, and each index costs time in a large import.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="enrolments", db_index=False)
    school_unit_code = models.CharField("skolenhetskod", max_length=8, db_index=True)
    school_type = models.CharField("skolform", max_length=10)
    school_year = models.PositiveSmallIntegerField("årskurs", null=True, blank=True)
    education_code = models.CharField("studievägskod", max_length=20, blank=True)
    cancelled = models.BooleanField("avbruten", default=False)

    objects: ClassVar[models.Manager["Enrolment"]] = ScopedManager(organisation="person__organisation")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "school_unit_code", "school_type"], name="one_enrolment_per_school"
            )
        ]

    def __str__(self) -> str:
        return f"{self.school_type} {self.school_year or self.education_code}"


class Duty(FromSource):
    """A person's role at a school unit (tjänstgöring)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="duties")
    school_unit_code = models.CharField("skolenhetskod", max_length=8, db_index=True)
    duty_role = models.CharField("personalkategori", max_length=40)

    objects: ClassVar[models.Manager["Duty"]] = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return self.duty_role


class Group(FromSource):
    """A klass or an undervisningsgrupp."""

    class Type(models.TextChoices):
        CLASS = "Klass", "Klass"
        TEACHING = "Undervisning", "Undervisningsgrupp"

    name = models.CharField("namn", max_length=200)
    group_type = models.CharField("typ", max_length=20, choices=Type.choices)
    school_type = models.CharField("skolform", max_length=10)
    school_unit_code = models.CharField("skolenhetskod", max_length=8, db_index=True)
    national_test = models.CharField(
        "provaktivitetsnamn", max_length=100, blank=True, help_text="what the source says that the group takes"
    )

    objects: ClassVar[models.Manager["Group"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["school_unit_code", "name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That a pupil is in a group."""

    # No index of its own: the constraint's begins with it.
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")

    objects: ClassVar[models.Manager["Membership"]] = ScopedManager(organisation="group__organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="one_membership_per_group")]

    def __str__(self) -> str:
        return f"{self.person_id} i {self.group_id}"


class DutyAssignment(models.Model):
    """That a duty's holder teaches a group; becomes Activity.teachers (rules.md A4)."""

    # No index of its own: the constraint's begins with it.
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="assignments", db_index=False)
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="assignments")

    objects: ClassVar[models.Manager["DutyAssignment"]] = ScopedManager(organisation="group__organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "duty"], name="one_assignment_per_group")]

    def __str__(self) -> str:
        return f"{self.duty_id} i {self.group_id}"


class Reveal(models.Model):
    """That somebody looked at a personnummer or a payload. Never holds the number itself."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    person_id = models.UUIDField()
    what = models.CharField(max_length=60, help_text="personnummer, skickat anrop …")
    seen_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Reveal"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return f"{self.what} {self.seen_at:%Y-%m-%d %H:%M}"
