"""What follows when an import has changed the register."""

from provsluss.catalogue.models import SchoolUnit
from provsluss.operations.catalogue import refresh_catalogue, school_unit_codes
from provsluss.organisations.models import Organisation
from provsluss.transfers.protection_markings import mark_protected
from provsluss.transfers.test_activities.activities import Followed, follow_register


def follow_import(organisation: Organisation) -> Followed:
    """Let test activities follow the register, and protection reach back to past transfers. Harmless to repeat."""
    mark_protected(organisation)
    return follow_register(organisation)


def learn_new_school_units(organisation: Organisation) -> None:
    """Ask Skolverket about school units that the register names for the first time. Never raises for trouble there."""
    codes = school_unit_codes(organisation)
    known = SchoolUnit.objects.filter(environment=organisation.environment, code__in=codes)
    if set(codes) - set(known.values_list("code", flat=True)):
        refresh_catalogue(organisation)
