"""Protection reaches back: whoever is protected now is restricted in past transfers, previews and controls as well."""

from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Person
from provsluss.ss12000.code_lists import UNPROTECTED
from provsluss.transfers.models import ControlFinding, ObjectResult, PlannedObject


def mark_protected(organisation: Organisation) -> None:
    """Restrict every result, planned object and finding of a control about who is protected now, and their duties.

    To be called after each import. A result that is restricted stays so: it was made while the person was protected
    (design.md section 7). Works without an active scope.
    """
    with scope(organisation=organisation):
        protected = Person.objects.exclude(security_marking__in=UNPROTECTED)
        duties = Duty.objects.filter(person__in=protected)
        told = ControlFinding.objects.filter(restricted=False)  # a duty's finding names its person too
        told.filter(person_id__in=protected.values("pk")).update(restricted=True)
        for rows in (ObjectResult.objects, PlannedObject.objects):
            unrestricted = rows.filter(restricted=False)
            unrestricted.filter(object_id__in=protected.values("pk")).update(restricted=True)
            unrestricted.filter(object_id__in=duties.values("pk")).update(restricted=True)
