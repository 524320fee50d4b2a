"""What the school says, as its own systems say it. Everything is scoped to an organisation."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from provsluss.organisations.models import Organisation, User
from provsluss.register.models.imports import Import


class FromSource(models.Model):
    """What every object of the register has: whose it is, where it came from, whether it still is so."""

    id = models.UUIDField(primary_key=True, help_text="the id that is sent to Skolverket")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    source = models.CharField(max_length=40, help_text="the key of the source that says so (Source.key)")
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
    subjects = models.TextField(
        "ämnen",
        blank=True,
        default="",
        help_text="as register/subjects.py writes them; empty: unknown",
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
    subjects = models.CharField(
        "ämnen", max_length=400, blank=True, default="", help_text="codes with a blank around each; empty: unknown"
    )

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
