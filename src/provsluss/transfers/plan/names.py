"""Skolverket's ids as people know them: which school unit and which national test an id in a payload stands for."""

from collections.abc import Mapping

from provsluss.catalogue.titles import test_title
from provsluss.organisations.models import Organisation
from provsluss.rules.catalogue_snapshot import Catalogue, SchoolUnitFacts
from provsluss.transfers.remote.display_columns import Codes


class PlanNames:
    """Names by Skolverket's ids, which are made from codes (rules.md 3.1–3.2)."""

    def __init__(self, codes: Codes, school_units: Mapping[str, SchoolUnitFacts]) -> None:
        """`codes` are those that we have heard of; `school_units` what the open data says of them, by code."""
        self.codes = codes
        self._school_units = school_units

    def unit(self, reference: object) -> str:
        """The name of the school unit that `{"id": …}` refers to, otherwise its code."""
        code = self.codes.school_unit(reference)
        known = self._school_units.get(code)
        return (known and known.name) or code or "okänd skolenhet"

    def test(self, reference: object) -> str:
        """The title of the national test that `{"id": …}` refers to."""
        return test_title(self.codes.national_test(reference)) or "okänt prov"


def plan_names(organisation: Organisation, catalogue: Catalogue) -> PlanNames:
    """The names of what the organisation's register and `catalogue` know. Needs the organisation's scope."""
    return PlanNames(Codes(organisation, organisation.environment), catalogue.school_units)
