"""Whether a huvudman is ready to send protected personal data: three preparations, each confirmed by somebody.

Skolverket asks for them before anybody with a sekretessmarkering or skyddad folkbokföring is sent (rules.md P19). What
they are about stands in its e-tjänst, where nobody but the huvudman can look.
"""

from django.db import transaction
from django.utils import timezone

from provsluss.organisations.decision_log import What, log_decision, yes_or_no
from provsluss.organisations.models import Organisation, Preparation, ProtectionPreparation, User


def decisions(organisation: Organisation) -> dict[Preparation, ProtectionPreparation]:
    """The latest word about each preparation that somebody has said one about."""
    rows = ProtectionPreparation.objects.filter(organisation=organisation).select_related("decided_by")
    found = {row.what: row for row in rows}
    return {what: found[what] for what in Preparation if what in found}


def missing_preparations(organisation: Organisation) -> list[Preparation]:
    """Those that nobody has confirmed; empty when protected persons can be sent."""
    confirmed = ProtectionPreparation.objects.filter(organisation=organisation, confirmed=True)
    known = set(confirmed.values_list("what", flat=True))
    return [what for what in Preparation if what not in known]


def decide(organisation: Organisation, what: Preparation, confirmed: bool, user: User | None) -> bool:
    """Confirm a preparation in the name of `user` (None: from the command line), or take that back.

    Returns whether it is another word than before; where it is the same, who said it first and when stays.
    """
    with transaction.atomic():
        known = ProtectionPreparation.objects.select_for_update().filter(organisation=organisation, what=what).first()
        before = known is not None and known.confirmed
        if confirmed == before:
            return False
        ProtectionPreparation.objects.update_or_create(
            organisation=organisation,
            what=what,
            defaults={"confirmed": confirmed, "decided_by": user, "decided_at": timezone.now()},
        )
        answers = (yes_or_no(before), yes_or_no(confirmed))
        log_decision(What.PROTECTION, *answers, by=user, organisation=organisation, about=what.label)
    return True
