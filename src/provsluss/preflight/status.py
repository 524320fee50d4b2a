"""The newest control of an organisation, and whether what it looked at has changed since."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from provsluss.organisations import locks
from provsluss.organisations.models import Organisation
from provsluss.outbox.models import Task
from provsluss.outbox.orders import order
from provsluss.preflight.open_refusals import refused_state
from provsluss.transfers.desired.inputs_version import _fingerprint, register_state
from provsluss.transfers.models import Control, ControlState

GIVEN_UP_AFTER = timedelta(minutes=30)
"""A control that nobody has taken up by then never will be; a new one may be asked for."""
SILENT_AFTER = timedelta(minutes=2)
"""Whoever makes a control gives a sign of life every few seconds; after so long without one, nobody makes it."""
SURELY_GIVEN_UP_AFTER = timedelta(days=1)
"""Nobody still makes a control that is as old as that, however large the organisation and slow the machine."""
UNDER_WAY = (ControlState.QUEUED, ControlState.WORKING)


@dataclass(frozen=True, slots=True)
class ControlStatus:
    """The newest control that is ready, if there is one, and a newer one that is being made, if any.

    `is_old`: since `control` was made the register, the test activities, Skolverket's open data or what Skolverket has
    refused have changed.
    """

    control: Control | None
    under_way: Control | None
    is_old: bool


def control_status(organisation: Organisation) -> ControlStatus:
    """How the control of `organisation` stands in the environment in use. Needs an active scope."""
    controls = Control.objects.filter(environment=organisation.environment)
    control = controls.filter(state=ControlState.READY).order_by("-pk").first()
    is_old = control is not None and control.made_from != looked_at_state(organisation)
    newer = controls.filter(_still_under_way(), pk__gt=control.pk if control else 0)
    return ControlStatus(control, newer.order_by("-pk").first(), is_old)


def new_control(organisation: Organisation) -> tuple[Control, bool]:
    """A control that a worker is to make, and whether it is new: one that already waits is as good. Needs a scope."""
    with transaction.atomic():
        locks.take_turn(locks.Purpose.PRESS, organisation.pk)
        waiting = Control.objects.filter(_still_under_way(), environment=organisation.environment)
        if found := waiting.filter(state=ControlState.QUEUED).first():
            return found, False
        made = Control.objects.create(organisation=organisation, environment=organisation.environment)
        order(Task.CONTROL, made)
        return made, True


def looked_at_state(organisation: Organisation) -> str:
    """A fingerprint of all that a control looks at; where it is another one, the control may be another one."""
    return _fingerprint(register_state(organisation), refused_state(organisation))


def _still_under_way() -> Q:
    now = timezone.now()
    return Q(state=ControlState.QUEUED, created_at__gt=now - GIVEN_UP_AFTER) | Q(
        state=ControlState.WORKING, seen_at__gt=now - SILENT_AFTER
    )
