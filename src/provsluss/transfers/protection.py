"""Protection reaches back: whoever is protected now is restricted in the transfers of the past as well."""

from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Person
from provsluss.transfers.models import ObjectResult

_UNPROTECTED = ("", "Ingen")


def mark_protected(organisation: Organisation) -> None:
    """Make every result about a person who is protected now, or about such a person's duties, restricted.

    To be called after each import. A result that is restricted stays so: it was made while the person was protected
    (design.md section 7). Works without an active scope.
    """
    with scope(organisation=organisation):
        protected = Person.objects.exclude(security_marking__in=_UNPROTECTED)
        duties = Duty.objects.filter(person__in=protected)
        results = ObjectResult.objects.filter(restricted=False)
        results.filter(object_id__in=protected.values("pk")).update(restricted=True)
        results.filter(object_id__in=duties.values("pk")).update(restricted=True)
