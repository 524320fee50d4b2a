"""The groups to choose from in the form of a provaktivitet."""

import uuid
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict

from provsluss.catalogue.lookup import school_units
from provsluss.register.models import Enrolment, Group
from provsluss.ss12000.code_lists import SCHOOL_TYPES
from provsluss.transfers.test_activities.group_overview import with_sizes
from provsluss.web.frame.swedish_order import swedish_order
from provsluss.web.persons.list import swedish
from provsluss.web.register.school_unit_order import PLACE, with_school_unit_place

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class GroupFilter:
    """What narrows the list of groups."""

    school_unit: str = ""
    school_type: str = ""
    school_year: str = ""
    group_type: str = ""
    text: str = ""

    @classmethod
    def posted(cls, post: QueryDict) -> "GroupFilter":
        """The filter as it was posted."""
        return cls(
            school_unit=post.get("skolenhet", ""),
            school_type=post.get("skolform", ""),
            school_year=year if (year := post.get("arskurs", "")).isdecimal() else "",
            group_type=post.get("grupptyp", ""),
            text=post.get("gruppsok", "").strip()[:100],
        )


def school_types_in_use() -> set[str]:
    """The school types of the groups in the register; where there is sameskola, grundskola's tests are in use too."""
    used = set(Group.objects.filter(ended_at=None).order_by().values_list("school_type", flat=True).distinct())
    return used | {"GR"} if "SAM" in used else used


@dataclass
class GroupPicker:
    """The groups that fit a filter, and those that have been chosen."""

    environment: str
    filter: GroupFilter
    chosen: set[uuid.UUID]

    @cached_property
    def found(self) -> list[Group]:
        """Those to show, by school unit and name: active, at most MOST_SHOWN.

        With pupil and teacher counts and `school_unit_name`.
        """
        sized = with_school_unit_place(with_sizes(self._matching), self.school_units)
        groups = list(sized.order_by(*swedish_order(PLACE, "name", "pk"))[:MOST_SHOWN])
        for group in groups:
            group.school_unit_name = self._unit_names.get(group.school_unit_code, group.school_unit_code)  # type: ignore[attr-defined]
        return groups

    @cached_property
    def found_count(self) -> int:
        """How many fit the filter, shown or not."""
        return len(self.found) if len(self.found) < MOST_SHOWN else self._matching.count()

    @property
    def hidden_chosen(self) -> list[uuid.UUID]:
        """Chosen groups that the filter hides; the form carries them along."""
        return sorted(self.chosen - {group.pk for group in self.found})

    @property
    def school_units(self) -> list[tuple[str, str]]:
        """Code and name of the school units that have groups, in the order of their names."""
        return sorted(self._unit_names.items(), key=lambda unit: swedish(unit[1]))

    @property
    def school_types(self) -> list[tuple[str, str]]:
        """Code and name of the school types that groups have."""
        used = school_types_in_use()
        return [(code, name) for code, name in SCHOOL_TYPES.items() if code in used]

    @property
    def school_years(self) -> list[int]:
        """The school years that pupils go in."""
        years = Enrolment.objects.filter(person__ended_at=None).exclude(school_year=None).order_by()
        return sorted(year for year in years.values_list("school_year", flat=True).distinct() if year is not None)

    def chosen_groups(self) -> list[Group]:
        """The chosen groups of this organisation; an id that is somebody else's is nobody's."""
        return list(Group.objects.filter(pk__in=self.chosen))

    @property
    def _active(self) -> QuerySet[Group]:
        return Group.objects.filter(ended_at=None)

    @property
    def _matching(self) -> QuerySet[Group]:
        groups, wanted = self._active, self.filter
        if wanted.school_unit:
            groups = groups.filter(school_unit_code=wanted.school_unit)
        if wanted.school_type:
            groups = groups.filter(school_type=wanted.school_type)
        if wanted.group_type:
            groups = groups.filter(group_type=wanted.group_type)
        if wanted.text:
            groups = groups.filter(name__icontains=wanted.text)
        if wanted.school_year:
            in_year = Enrolment.objects.filter(
                person__memberships__group=OuterRef("pk"),
                person__ended_at=None,
                school_year=int(wanted.school_year),
            )
            groups = groups.filter(Exists(in_year))
        return groups

    @cached_property
    def _unit_names(self) -> dict[str, str]:
        codes = set(self._active.order_by().values_list("school_unit_code", flat=True).distinct())
        units = school_units(self.environment, codes)
        return {code: (units[code].name if code in units and units[code].name else code) for code in codes}
