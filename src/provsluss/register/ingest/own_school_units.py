"""A school unit belongs to one source: no other says anything of it, and ends nobody there (design.md section 10)."""

from collections import Counter
from collections.abc import Sequence

from provsluss.register.models import Duty, Enrolment, Group, Import, Source
from provsluss.register.sections import Section
from provsluss.register.source_records import Problem, RowRead

_HEADING = 2


class OwnSchoolUnits:
    """Keeps out the rows of school units that another source speaks for, and those that this one does not speak for."""

    def __init__(self, import_run: Import) -> None:
        """The organisation's scope must be active."""
        sources = list(Source.objects.filter(organisation_id=import_run.organisation_id))
        own = [code for one in sources if one.key == import_run.source for code in one.school_unit_codes]
        self._own = frozenset(own)
        self._names: dict[str, str] = {}
        """Of the other source, by the school unit that it speaks for."""
        for one in sources:
            if one.key != import_run.source:
                self._names |= dict.fromkeys(units_of(one), one.name)
        self._told = set[tuple[Section, str]]()
        """Where a row has said that it is another's: thousands may follow it."""
        self._left_out = Counter[tuple[Section, str]]()

    def keep_out(self, batch: Sequence[RowRead]) -> list[RowRead]:
        """The rows of `batch` that are read; those that belong to another source are among them, refused."""
        if not self._own and not self._names:
            return list(batch)
        kept = []
        for row in batch:
            code = row.school_unit_code
            if self._own and code and code not in self._own:
                self._left_out[row.section, code] += 1
                continue
            if (name := self._names.get(code)) and code not in self._own:
                row.record, row.removed = None, False
                told = (row.section, code) in self._told
                row.problems = [] if told else [Problem(row.section, row.number, "", "", _of_another(code, name))]
                self._told.add((row.section, code))
            kept.append(row)
        return kept

    def notes(self) -> list[Problem]:
        """What was left out because the source does not speak for the school unit."""
        return [
            Problem(section, _HEADING, "", code, _not_spoken_for(number, code), row_refused=False)
            for (section, code), number in sorted(self._left_out.items())
        ]


def units_of(source: Source) -> set[str]:
    """The school units that a source speaks for: those it was given, else those of what it has brought."""
    if source.school_unit_codes:
        return set(source.school_unit_codes)
    mine = {"organisation_id": source.organisation_id, "source": source.key, "ended_at": None}
    enrolled = Enrolment.objects.filter(**{f"person__{name}": value for name, value in mine.items()})
    units: set[str] = set()
    for objects in (Group.objects.filter(**mine), Duty.objects.filter(**mine), enrolled):
        units.update(objects.order_by().values_list("school_unit_code", flat=True).distinct())
    return units


def _of_another(code: str, name: str) -> str:
    return (
        f"Skolenheten {code} hör till källan {name}, och två källor kan inte tala för samma skolenhet. "
        "Alla rader om den lämnas utanför. Lämna över skolenheten på sidan Källor, eller ta bort raderna."
    )


def _not_spoken_for(number: int, code: str) -> str:
    rows = "En rad" if number == 1 else f"{number} rader"
    return f"{rows} gäller skolenheten {code}, som källan inte talar för, och läses inte."
