"""Who is responsible, and who may see it."""

import uuid
from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from provsluss.organisations.environments import Environment
from provsluss.ss12000.ids import skolverket_id

KNOWN_FOR = timedelta(days=180)
"""So long after a login the browser and the address are known."""


class ClientKey(models.TextChoices):
    """How the client certificate is named when a token is asked for (rules.md 6.3)."""

    ENTITY_ID = "entity_id", "Entitets-id i TLS-federationen (Moa)"
    FINGERPRINT = "fingerprint", "Certifikatets fingeravtryck (SITHS, EFOS, Expisoft)"


class Organisation(models.Model):
    """A huvudman. Everything that is scoped belongs to one."""

    id = models.UUIDField("Skolverkets id", primary_key=True, editable=False)
    number = models.CharField("organisationsnummer", max_length=10, unique=True)
    name = models.CharField("namn", max_length=200)
    environment = models.CharField(
        "miljö", max_length=20, choices=Environment.choices, default=Environment.VERIFICATION
    )
    client_key = models.CharField(
        "klientnyckel", max_length=20, choices=ClientKey.choices, default=ClientKey.FINGERPRINT
    )
    entity_id = models.CharField("entitets-id", max_length=300, blank=True)
    # Paths only: certificates and keys are files, never in the database (design.md section 7).
    certificate_file = models.CharField("certifikatfil", max_length=500, blank=True)
    private_key_file = models.CharField("nyckelfil", max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.id = self.id or skolverket_id(self.number)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class User(AbstractUser):
    """Somebody who logs in. Sees the organisations that an OrganisationAccess names, nothing else."""

    organisations = models.ManyToManyField(Organisation, through="OrganisationAccess", related_name="users")

    def sees_protected_in(self, organisation_id: uuid.UUID) -> bool:
        """Whether protected persons of that organisation may be shown. Asked of the database once for each object."""
        known: dict[uuid.UUID, bool] = self.__dict__.setdefault("_sees_protected_in", {})
        if organisation_id not in known:
            access = OrganisationAccess.objects.filter(user=self, organisation=organisation_id, sees_protected=True)
            known[organisation_id] = self.is_active and access.exists()
        return known[organisation_id]


class OrganisationAccess(models.Model):
    """That a user may work with an organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    granted_at = models.DateTimeField(default=timezone.now, editable=False)
    sees_protected = models.BooleanField("får se personer med sekretessmarkering", default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_access_per_user")]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"


class KnownAddress(models.Model):
    """That a user has logged in from an address, which is kept as a fingerprint."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="known_addresses")
    address = models.CharField(max_length=64)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "address"], name="one_row_per_known_address")]

    def __str__(self) -> str:
        return f"{self.user}: {self.address[:8]}"


class LoggedDecision(models.Model):
    """That somebody has decided something: who, for which huvudman, what, from what to what, when.

    Rows are only added, by `decision_log.log_decision`. `before` and `after` are said in Swedish, as the page said it
    then: a row can be read when the words have changed. No personal data but the users' names and addresses.
    """

    class What(models.TextChoices):
        ENVIRONMENT = "environment", "Miljö"
        REMOVAL_LIMIT = "removal_limit", "Skyddsgräns"
        PROTECTION = "protection", "Skyddade personuppgifter förberedda"
        REVIEW = "review", "Granskad borttagning"
        KEPT = "kept", "Behålls hos Skolverket"
        MASS_ENDING = "mass_ending", "Inläsning som avslutar många"
        IDENTITY = "identity", "Inläsning där personer byter uppgifter"
        UNPROTECTED = "unprotected", "Inläsning som gör skyddade oskyddade"
        NAME = "name", "Huvudmannens namn"
        CERTIFICATE = "certificate", "Certifikat"
        ACCESS = "access", "Tillgång till huvudmannen"
        SEES_PROTECTED = "sees_protected", "Ser skyddade personer"
        ACCOUNT = "account", "Konto"
        EMAIL = "email", "E-postadress att logga in med"
        PASSWORD = "password", "Lösenord"
        OPERATOR = "operator", "Sköter Provsluss"
        QUEUE = "queue", "Kön av överföringar"

    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="logged_decisions",
        help_text="none: the decision holds for the whole installation",
    )
    what = models.CharField(max_length=40, help_text="a value of What, which more are added to")
    about = models.CharField(max_length=200, blank=True, help_text="which of several: a kind of object, a user")
    before = models.CharField(max_length=500)
    after = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=300, help_text="what `by` was called then, or who else it was")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["organisation", "-at"], name="newest_logged_decisions")]

    def __str__(self) -> str:
        return f"{self.What(self.what).label}: {self.before} → {self.after}"


class Preparation(models.TextChoices):
    """What must be in place at Skolverket before protected persons are sent (rules.md P19). The words are objects."""

    FULLMAKT = "fullmakt", "fullmakt för skyddade personuppgifter"
    EPOST = "epost", "e-postadress dit Skolverket kan höra av sig"
    METOD = "metod", "hur namn ska bytas ut (pseudonymisering)"


class ProtectionPreparation(models.Model):
    """The latest word about one preparation: that it is in place, or that this is taken back. Who, and when."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="protection_preparations")
    what = models.CharField(max_length=20, choices=Preparation.choices)
    confirmed = models.BooleanField()
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "what"], name="one_word_per_preparation")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.what}"


class CertificateReminder(models.Model):
    """That users have been told by e-mail, so many days before, that a certificate is about to end."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="certificate_reminders")
    fingerprint = models.CharField(max_length=44, help_text="which certificate: a renewed one is told of anew")
    days_before = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fingerprint", "days_before"], name="one_reminder_per_certificate_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.days_before} dagar kvar"
