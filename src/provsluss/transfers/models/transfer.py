"""A press of the button, its four sync jobs, and the workers that carry them out."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

from provsluss.organisations.models import Organisation, User
from provsluss.transfers.models.activity import TestActivity
from provsluss.transfers.models.place import Placed
from provsluss.transfers.models.plan import Plan


class TransferState(models.TextChoices):
    """The states of transfers and of sync jobs (design.md section 1)."""

    QUEUED = "queued", "Väntar"
    RUNNING = "running", "Pågår"
    NEEDS_REVIEW = "needs_review", "Kräver granskning"
    DONE = "done", "Klar"
    DONE_WITH_WARNINGS = "done_with_warnings", "Klar med varningar"
    DONE_WITH_ERRORS = "done_with_errors", "Klar med fel"
    RETRYING = "retrying", "Tillfälligt fel"
    CANCELLED = "cancelled", "Avbruten"


DONE_STATES = (TransferState.DONE, TransferState.DONE_WITH_WARNINGS, TransferState.DONE_WITH_ERRORS)

ENDED_STATES = (*DONE_STATES, TransferState.CANCELLED)

AT_REST_STATES = (*ENDED_STATES, TransferState.NEEDS_REVIEW)
"""Nothing more happens by itself: it has ended, or what remains of it waits for somebody's decision."""


TOLD_STATES = (*DONE_STATES, TransferState.NEEDS_REVIEW)
"""The transfer's four steps have gone through: it has an Outcome for each of its test activities."""


class Category(models.TextChoices):
    """Who must act on what a transfer or a sync job says; nothing where nobody has to."""

    WILL_MEND_ITSELF = "will_mend_itself", "Rättar sig självt"
    NEEDS_DECISION = "needs_decision", "Kräver ett beslut"
    NEEDS_CORRECTION = "needs_correction", "Kräver en rättelse"
    NEEDS_OPERATOR = "needs_operator", "Kräver driften"


class Purpose(models.TextChoices):
    """Why a transfer was started."""

    SEND = "send", "Skicka"
    SEND_EVERYTHING = "send_everything", "Skicka allt igen"
    ONE_PERSON = "one_person", "Skicka en person nu"
    RESTORE = "restore", "Ångra borttagning"


class Action(models.TextChoices):
    """What a sync job does with its objects at Skolverket."""

    SEND = "send", "Skicka"
    REMOVE = "remove", "Ta bort"


class Decision(models.TextChoices):
    """What somebody decided about a removal beyond the limit."""

    APPROVED = "approved", "Godkänd"
    REFUSED = "refused", "Nekad"


class Transfer(Placed):
    """One press of the button (överföring)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    test_activities = models.ManyToManyField(TestActivity, related_name="transfers")
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.SEND)
    person_id = models.UUIDField(null=True, blank=True, help_text="whom ONE_PERSON is about")
    unsent_tests_too = models.BooleanField(
        default=False, help_text="for ONE_PERSON: also groups and activities of tests of which Skolverket has nothing"
    )
    restores = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="restorations", help_text="for RESTORE"
    )
    plan = models.ForeignKey(
        Plan, null=True, blank=True, on_delete=models.SET_NULL, related_name="transfers", help_text="looked at before"
    )
    state = models.CharField(max_length=20, choices=TransferState.choices, default=TransferState.QUEUED)
    # Raised at each resume. A workflow that was started for an earlier attempt sees it and stops.
    attempt = models.PositiveIntegerField(default=1)
    message = models.TextField(blank=True, help_text="why it stopped or waits, in Swedish")
    category = models.CharField(max_length=20, choices=Category.choices, blank=True, help_text="who must act on that")
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Transfer"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["organisation", "environment", "-created_at"])]

    def __str__(self) -> str:
        return f"Överföring {self.pk}"

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED_STATES

    @property
    def is_at_rest(self) -> bool:
        """Whether no worker is to do anything more with it unless somebody decides so."""
        return self.state in AT_REST_STATES

    @property
    def removes(self) -> bool:
        """Whether it takes away what no test activity wants any more; only an ordinary press does."""
        return self.purpose in (Purpose.SEND, Purpose.SEND_EVERYTHING)


class SyncJob(models.Model):
    """One of a transfer's four steps (synkjobb), or what it removes of one kind. The counts are of objects.

    A removal has a sync job of its own, after the four steps and in reverse order, and only where there is something
    to remove.
    """

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="sync_jobs")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20, help_text="persons, duties, groups or activities")
    action = models.CharField(max_length=10, choices=Action.choices, default=Action.SEND)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, choices=TransferState.choices, default=TransferState.QUEUED)
    wanted = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0, help_text="accepted before, not sent")
    sent = models.PositiveIntegerField(default=0, help_text="in a call that Skolverket took")
    success = models.PositiveIntegerField(default=0)
    warning = models.PositiveIntegerField(default=0)
    error = models.PositiveIntegerField(default=0)
    withheld = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0, help_text="by a sync job that removes")
    # Of a removal that waited in needs_review, once somebody has decided.
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    message = models.TextField(blank=True)
    category = models.CharField(max_length=20, choices=Category.choices, blank=True, help_text="who must act on that")
    next_try_at = models.DateTimeField(null=True, blank=True, help_text="set while state is retrying")
    failures = models.PositiveIntegerField(default=0, help_text="calls in a row that met temporary trouble")
    job_seconds = models.FloatField(null=True, help_text="how long Skolverket's jobs have taken, a moving mean")
    # Objects are made ready in the order of their ids; everything up to and including this one is in the tables.
    prepared_until = models.UUIDField(null=True)
    prepared_at = models.DateTimeField(null=True, blank=True, help_text="all its results and batches are in the tables")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["SyncJob"]] = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "kind", "action"], name="one_sync_job_per_kind_and_action")
        ]
        indexes = [models.Index(fields=["organisation", "-started_at"])]

    def __str__(self) -> str:
        return f"{self.kind} i överföring {self.transfer_id}"

    @property
    def to_send(self) -> int:
        """How many objects this job sends: those wanted that are neither unchanged nor withheld."""
        return self.wanted - self.unchanged - self.withheld

    @property
    def still_warned(self) -> int:
        """At least so many were not sent, since nothing had changed, but have a warning from before.

        They are counted among those wanted and among the warnings. Nothing is received that was not sent.
        """
        return max(0, self.success + self.warning - self.sent) if self.sent else self.warning

    @property
    def answered(self) -> int:
        """How many of them have their final answer."""
        return self.success + self.warning + self.error + self.removed

    @property
    def unanswered(self) -> int:
        """Of a job that was stopped: how many objects were called about without the answer having come.

        Skolverket has perhaps done with them as it was told. Asks the tables.
        """
        if self.state != TransferState.CANCELLED or not self.pk:
            return 0
        called = models.Q(state="sent") | models.Q(state="waiting", batch__attempts__gt=0)
        return self.results.filter(called).count()

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED_STATES


class Worker(models.Model):
    """A running worker's sign of life."""

    name = models.CharField(max_length=100, primary_key=True)
    seen_at = models.DateTimeField()
    started_at = models.DateTimeField(default=timezone.now)
    # {"minute": {"transfer": n, "read": n, "refused": n}, "five_minutes": {…}}: the calls that it has made lately
    calls = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name
