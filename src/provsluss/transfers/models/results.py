"""What was sent, what was answered, and what Skolverket now has."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from provsluss.organisations.models import Organisation, User
from provsluss.transfers.models.place import AtTodaysAddresses, Placed
from provsluss.transfers.models.transfer import SyncJob, Transfer


class BatchState(models.TextChoices):
    """A batch is a row before it is sent."""

    PREPARED = "prepared", "Inte skickat"
    POSTED = "posted", "Skickat, väntar på svar"
    UNANSWERED = "unanswered", "Svar saknas för en del, de söks upp"
    DONE = "done", "Besvarat"
    REFUSED = "refused", "Nekat"
    SPLIT = "split", "Delat i mindre anrop"
    GIVEN_UP = "given_up", "Svaret hämtades aldrig"


class Batch(models.Model):
    """One bulk call of at most 200 KB, with what was sent and what was answered (anrop)."""

    sync_job = models.ForeignKey(SyncJob, on_delete=models.CASCADE, related_name="batches")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=BatchState.choices, default=BatchState.PREPARED)
    object_count = models.PositiveIntegerField()
    byte_size = models.PositiveIntegerField()
    # Both compressed with zlib; purged after settings.PAYLOAD_DAYS.
    payload = models.BinaryField(null=True)
    answer = models.BinaryField(null=True, help_text="the job's whole answer")
    method = models.CharField(max_length=10, default="POST")
    url = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveIntegerField(default=0, help_text="raised before each POST, so that a repeat is seen")
    job_id = models.CharField(max_length=60, blank=True)
    status_code = models.PositiveSmallIntegerField(null=True)
    reply = models.TextField(blank=True, help_text="body of the answer to the POST")
    reply_headers = models.JSONField(default=dict, blank=True)
    problem = models.TextField(blank=True, help_text="the last trouble, in Swedish")
    next_try_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="calls in a row about it that met temporary trouble")
    forgotten = models.PositiveSmallIntegerField(default=0, help_text="so many times its job was no longer known")
    posted_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True, help_text="when the job was last asked for")
    status_calls = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Batch"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "batches"
        constraints = [models.UniqueConstraint(fields=["sync_job", "number"], name="one_batch_per_number")]
        indexes = [models.Index(fields=["sync_job", "state"])]

    def __str__(self) -> str:
        return f"anrop {self.number}"


class ObjectState(models.TextChoices):
    """One object's fate (design.md section 1)."""

    WAITING = "waiting", "Väntar"
    SENT = "sent", "Skickad"
    RECEIVED = "received", "Mottagen"
    WARNING = "warning", "Mottagen med varning"
    ERROR = "error", "Fel"
    WITHHELD = "withheld", "Hålls inne"
    UNCHANGED = "unchanged", "Oförändrad"
    REMOVED = "removed", "Borttagen"


class ObjectResult(models.Model):
    """One object in one sync job. The descriptive columns are a snapshot, so that history stays true."""

    # No index of their own: those below begin with them.
    sync_job = models.ForeignKey(SyncJob, on_delete=models.CASCADE, related_name="results", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, db_index=False)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.SET_NULL, related_name="results")
    object_id = models.UUIDField()
    state = models.CharField(max_length=20, choices=ObjectState.choices, default=ObjectState.WAITING)
    # What the list shows. For persons: name, role, civic number … ; for duties: the person's name and duty_role;
    # for groups and activities: their name, type and number of members or teachers.
    name = models.CharField(max_length=420)
    role = models.CharField(max_length=40, blank=True)
    civic_number = models.CharField(max_length=12, blank=True)
    eppn = models.CharField(max_length=255, blank=True)
    school_unit_code = models.CharField(max_length=8, blank=True)
    school_type = models.CharField(max_length=10, blank=True)
    school_year = models.PositiveSmallIntegerField(null=True)
    group_type = models.CharField(max_length=20, blank=True)
    national_test = models.CharField(max_length=100, blank=True)
    member_count = models.PositiveIntegerField(null=True)
    teacher_count = models.PositiveIntegerField(null=True)
    restricted = models.BooleanField(default=False, help_text="the person has a securityMarking")
    # [{"code", "message", "attribute", "value", "severity"}]: Skolverket's log entries
    messages = models.JSONField(default=list, blank=True)
    # [{"code", "sentence", "object_ids"}]: our own words: why it is withheld, who is missing
    findings = models.JSONField(default=list, blank=True)
    temporary_errors = models.PositiveSmallIntegerField(default=0)
    unanswered = models.PositiveSmallIntegerField(default=0, help_text="so many answers of Skolverket left it out")
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ObjectResult"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["sync_job", "object_id"], name="one_result_per_object")]
        indexes = [
            # The list of a sync job: its states worst first, restricted persons last, then by name. The organisation
            # comes first because every scoped query asks for it, and counting must not leave the index.
            models.Index(fields=["organisation", "sync_job", "state", "restricted", "name"]),
            models.Index(fields=["organisation", "sync_job", "restricted", "name"]),
            models.Index(fields=["organisation", "object_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.object_id}: {self.state}"


ONE_ACCEPTED = ("organisation", "environment", "kind", "object_id", "address")
"""What tells the rows of Accepted apart. The address comes last, because nearly always there is only one."""


class Accepted(Placed):
    """The last payload of an object that Skolverket accepted, per organisation and place.

    `objects` are those where their environments are today; what was accepted at an address that one had before says
    nothing of what Skolverket has here, and only `everywhere` knows it.

    An empty `payload_hash` means that nobody knows what Skolverket has of it now. One that is only `perhaps` there has
    never been accepted: nothing may refer to it, but it is to be removed when nobody wants it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20)
    object_id = models.UUIDField()
    payload_hash = models.CharField(max_length=64)
    payload = models.TextField()
    login_hash = models.CharField(max_length=64, blank=True, default="", help_text="fingerprint of a person's EPPN")
    transfer = models.ForeignKey(Transfer, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(default=timezone.now)
    posted_at = models.DateTimeField(null=True, help_text="of the call that it was accepted in")
    with_warning = models.BooleanField(default=False)
    perhaps = models.BooleanField(
        default=False, help_text="sent in a call that never got its answer, and never accepted: it may be there"
    )
    # Wanted by nobody, and still not to be removed: a removal was refused or undone. Empty again once it is wanted.
    kept_at = models.DateTimeField(null=True, blank=True)
    kept_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[models.Manager["Accepted"]] = ScopedManager(AtTodaysAddresses, organisation="organisation")
    everywhere: ClassVar[models.Manager["Accepted"]] = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name_plural = "accepted"
        constraints = [models.UniqueConstraint(fields=[*ONE_ACCEPTED], name="one_accepted_per_object_and_place")]
        indexes = [models.Index(fields=["organisation", "environment", "kind", "login_hash"], name="accepted_by_login")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
