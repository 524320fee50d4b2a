"""What a user is let do, each a logged decision."""

from django.db import transaction

from provsluss.organisations.decision_log import What, log_decision, yes_or_no
from provsluss.organisations.models import Organisation, OrganisationAccess, User


def grant_access(user: User, organisation: Organisation, *, by: User | None) -> bool:
    """Let `user` work with `organisation`. Returns whether that is new."""
    with transaction.atomic():
        _, is_new = OrganisationAccess.objects.get_or_create(user=user, organisation=organisation)
        if is_new:
            log_decision(What.ACCESS, "Nej", "Ja", by=by, organisation=organisation, about=user.username)
    return is_new


def set_sees_protected(access: OrganisationAccess, may: bool, *, by: User | None) -> None:
    """Let the user of `access` see the organisation's protected persons, or no longer."""
    with transaction.atomic():
        before = OrganisationAccess.objects.select_for_update().get(pk=access.pk).sees_protected
        access.sees_protected = may
        access.save(update_fields=["sees_protected"])
        words = yes_or_no(before), yes_or_no(may)
        log_decision(What.SEES_PROTECTED, *words, by=by, organisation=access.organisation, about=access.user.username)


def make_operator(user: User, *, by: User | None) -> None:
    """Let `user` run the system."""
    with transaction.atomic():
        before = yes_or_no(User.objects.select_for_update().get(pk=user.pk).is_staff)
        User.objects.filter(pk=user.pk).update(is_staff=True)
        log_decision(What.OPERATOR, before, "Ja", by=by, organisation=None, about=user.username)
