"""Groups in the order of their school units' names, as Swedes sort them: the register knows the units' codes only."""

from collections.abc import Sequence

from django.db.models import Case, IntegerField, QuerySet, Value, When

from provsluss.register.models import Group

PLACE = "school_unit_place"


def with_school_unit_place(groups: QuerySet[Group], units: Sequence[tuple[str, str]]) -> QuerySet[Group]:
    """`groups` with the place of their school unit in `units`, which are codes and names in order. To sort by."""
    if not units:
        return groups.annotate(**{PLACE: Value(0)})
    places = [When(school_unit_code=code, then=Value(place)) for place, (code, _) in enumerate(units)]
    return groups.annotate(**{PLACE: Case(*places, default=Value(len(units)), output_field=IntegerField())})
