"""The staff to choose from in the form of a provaktivitet, besides those who come along by themselves."""

import uuid
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet
from django.http import QueryDict

from provsluss.catalogue.lookup import school_units
from provsluss.organisations.reader import Reader
from provsluss.register.models import Duty
from provsluss.ss12000.ids import as_uuid
from provsluss.web.persons.list import swedish

MOST_SHOWN = 50
_LONGEST_SEARCH = 100


def posted_duties(post: QueryDict) -> set[uuid.UUID]:
    """The duties that are ticked in the form."""
    return {duty_id for text in post.getlist("tjanst") if (duty_id := as_uuid(text))}


@dataclass
class StaffPicker:
    """The duties whose holders fit what was searched for, and those that have been chosen.

    Somebody who may not see protected persons neither finds nor loses them: those chosen before stay chosen.
    """

    environment: str
    reader: Reader
    text: str
    chosen: set[uuid.UUID]

    @classmethod
    def posted(cls, environment: str, reader: Reader, post: QueryDict, chosen: set[uuid.UUID]) -> "StaffPicker":
        """As it was posted; `chosen` are the ticked duties."""
        return cls(environment, reader, post.get("personalsok", "").strip()[:_LONGEST_SEARCH], chosen)

    @cached_property
    def chosen_rows(self) -> list[Duty]:
        """The chosen duties that the user may see, by name, each with `school_unit_name`."""
        return self._named(self._visible.filter(pk__in=self.chosen))

    @cached_property
    def found(self) -> list[Duty]:
        """At most MOST_SHOWN of those who fit the search and are not chosen yet; none before somebody searches."""
        if not self.text:
            return []
        return self._named(self._visible.filter(self._matches).exclude(pk__in=self.chosen)[: MOST_SHOWN + 1])

    @property
    def found_shown(self) -> list[Duty]:
        """Those to show."""
        return self.found[:MOST_SHOWN]

    @property
    def there_are_more(self) -> bool:
        """Whether more fit than are shown."""
        return len(self.found) > MOST_SHOWN

    def duties(self, before: QuerySet[Duty] | None = None) -> list[Duty]:
        """What is to be kept: the chosen ones of this organisation, and of `before` those that the user cannot see."""
        hidden = [] if before is None else list(before.exclude(pk__in=self._visible.values("pk")))
        return [*self._visible.filter(pk__in=self.chosen), *hidden]

    @property
    def _visible(self) -> QuerySet[Duty]:
        duties = Duty.objects.filter(ended_at=None, person__ended_at=None).select_related("person").order_by("pk")
        return duties if self.reader.sees_protected else duties.filter(person__security_marking="Ingen")

    @property
    def _matches(self) -> Q:
        matches = Q()
        for word in self.text.split():
            one = Q()
            for spelling in {word, word.lower(), word.capitalize(), word.upper()}:  # SQLite's LIKE: case in ASCII only
                for name in ("person__given_name", "person__middle_name", "person__family_name", "duty_role"):
                    one |= Q(**{f"{name}__icontains": spelling})
            matches &= one
        return matches

    def _named(self, duties: QuerySet[Duty]) -> list[Duty]:
        rows = list(duties)
        units = school_units(self.environment, {duty.school_unit_code for duty in rows})
        for duty in rows:
            unit = units.get(duty.school_unit_code)
            duty.school_unit_name = (unit and unit.name) or duty.school_unit_code  # type: ignore[attr-defined]
        return sorted(rows, key=lambda duty: swedish(f"{duty.person.family_name} {duty.person.given_name}"))
