"""Which school unit a reference means: registers refer to their own ids, and often to the school above its units."""

import re
from collections import defaultdict
from collections.abc import Iterable

from provsluss.register.sources.ss12000.shapes import Organisation

_CODE = re.compile(r"[0-9]{8}")
UNIT, SCHOOL = "Skolenhet", "Skola"


class SchoolUnits:
    """The organisations of a register, by their ids."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._all = {one.id: one for one in organisations}
        self._below: dict[str, list[str]] = defaultdict(list)
        for one in self._all.values():
            self._below[one.parentOrganisation].append(one.id)
        self.without_code = sum(one.organisationType == UNIT and not _code(one) for one in self._all.values())
        """Units that cannot be used."""

    def codes(self, organisation_id: str) -> list[str]:
        """The codes that the reference can mean: one where it is clear, none where there is no such unit."""
        one = self._all.get(organisation_id)
        if one is None:
            return []
        if code := _code(one):
            return [code]
        return [] if one.organisationType == UNIT else sorted(self._codes_below(one.id, set()))

    def is_there(self, organisation_id: str) -> bool:
        """Whether the register has the organisation at all."""
        return organisation_id in self._all

    def school_types(self, code: str) -> set[str]:
        """The school types that the unit says it has."""
        return {kind for one in self._all.values() if _code(one) == code for kind in one.schoolTypes}

    def _codes_below(self, organisation_id: str, seen: set[str]) -> set[str]:
        found: set[str] = set()
        for below in self._below[organisation_id]:
            if below in seen:  # a circle of parents
                continue
            seen.add(below)
            code = _code(self._all[below])
            found |= {code} if code else self._codes_below(below, seen)
        return found


def _code(one: Organisation) -> str:
    code = one.schoolUnitCode.replace(" ", "")
    return code if _CODE.fullmatch(code) else ""
