"""Fetches Skolverket's open data for what a huvudman's register names."""

from django_scopes import scopes_disabled

from provsluss.catalogue import refresh
from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Enrolment, Group


def school_unit_codes(organisation: Organisation) -> list[str]:
    """The codes of the school units that the organisation's register names. Works without an active scope."""
    with scopes_disabled():
        codes = (
            Group.objects.filter(organisation=organisation, ended_at=None).values_list("school_unit_code").distinct(),
            Duty.objects.filter(organisation=organisation, ended_at=None).values_list("school_unit_code").distinct(),
            Enrolment.objects.filter(person__organisation=organisation, person__ended_at=None)
            .values_list("school_unit_code")
            .distinct(),
        )
        return sorted({code for rows in codes for (code,) in rows})


def refresh_catalogue(organisation: Organisation) -> None:
    """Fetch what the open data says of everything that the organisation uses."""
    refresh.refresh(organisation.environment, school_unit_codes(organisation), organisation.number)
