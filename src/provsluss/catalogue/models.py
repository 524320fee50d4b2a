"""What Skolverket's open data says, per environment, with the time of the fetch. Public data: not scoped."""

from django.db import models

from provsluss.organisations.environments import Environment


class Status(models.TextChoices):
    """Life-cycle state in Skolverket's open data (rules.md O2), and our own for a code the API does not know."""

    NEW = "New", "Ny"
    ACTIVE = "Active", "Aktiv"
    EXPIRED = "Expired", "Upphörd"
    UNKNOWN = "Unknown", "Finns inte hos Skolverket"


class SchoolUnit(models.Model):
    """A skolenhet as Skolverket knows it, or the note that Skolverket does not know the code."""

    environment = models.CharField(max_length=20, choices=Environment.choices)
    code = models.CharField("skolenhetskod", max_length=8)
    skolverket_id = models.UUIDField()
    name = models.CharField("namn", max_length=300, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, blank=True)
    dnp_status = models.BooleanField("finns i provtjänsten", null=True)
    school_types = models.JSONField(
        default=list,
        blank=True,
        help_text='[{"schoolType", "dnpStatus", "schoolYears": [{"schoolYear", "dnpStatus"}]}]',
    )
    municipality = models.CharField(max_length=100, blank=True)
    organisation_number = models.CharField(max_length=10, blank=True)
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment", "code"], name="one_school_unit_per_code")]
        ordering = ["name", "code"]

    def __str__(self) -> str:
        return self.name or self.code


class NationalTest(models.Model):
    """A national test or bedömningsstöd ("Provaktivitet" in the open data)."""

    environment = models.CharField(max_length=20, choices=Environment.choices)
    name = models.CharField("provaktivitetsnamn", max_length=100, help_text="displayName, e.g. GRGRMAT01_6")
    skolverket_id = models.UUIDField()
    school_type = models.CharField("skolform", max_length=10)
    school_year = models.PositiveSmallIntegerField("årskurs", null=True, blank=True)
    comment = models.TextField(blank=True)
    fetched_at = models.DateTimeField(null=True, help_text="null: from our own list, not yet confirmed by the API")
    gone_at = models.DateTimeField(null=True, help_text="when the API stopped listing it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment", "name"], name="one_national_test_per_name")]
        ordering = ["school_type", "school_year", "name"]

    def __str__(self) -> str:
        return self.name


class Programme(models.Model):
    """A studieväg (rules.md E4)."""

    environment = models.CharField(max_length=20, choices=Environment.choices)
    education_code = models.CharField("studievägskod", max_length=20)
    skolverket_id = models.UUIDField()
    name = models.CharField(max_length=300, blank=True)
    school_type = models.CharField(max_length=10, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, blank=True)
    valid_from = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment", "education_code"], name="one_programme_per_code")]
        ordering = ["education_code"]

    def __str__(self) -> str:
        return self.education_code


class Fetch(models.Model):
    """One refresh of the catalogue: when, how it went, what it changed."""

    environment = models.CharField(max_length=20, choices=Environment.choices)
    organisation_number = models.CharField(max_length=10, blank=True, help_text="whose school units; empty: nobody's")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    succeeded = models.BooleanField(default=False)
    message = models.TextField(blank=True, help_text="in Swedish, for the page")

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.environment} {self.started_at:%Y-%m-%d %H:%M}"
