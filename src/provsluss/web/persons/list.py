"""Which persons a list shows: filter, search and order, with protected persons kept out of what would tell on them."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from provsluss.organisations.reader import Reader
from provsluss.register.models import Duty, Enrolment, Person
from provsluss.ss12000.civic_number import CivicNumberError, read_civic_number
from provsluss.web.frame.protected import NOT_PROTECTED
from provsluss.web.frame.school_units import ENDED, named_units
from provsluss.web.frame.swedish_order import keyed
from provsluss.web.frame.swedish_order import swedish as swedish
from provsluss.web.frame.tables import Choice

_DIGITS_OF_A_BIRTH_DATE = 8
_DIGITS_WITHOUT_CENTURY = 10

FILTERS = ("text", "roll", "skolenhet", "arskurs", "visa")
SORTS = {
    "namn": ("family_name", "given_name"),
    "roll": ("role", "family_name", "given_name"),
    "fodd": ("civic_number", "family_name"),
    "eppn": ("eppn",),
}


def found_persons(choice: Choice, reader: Reader) -> QuerySet[Person]:
    """The persons that fit, without order.

    Somebody who may not see protected persons meets them as neutral rows in the whole list only: a filter or a search
    that they fitted would tell something about them.
    """
    persons = Person.objects.filter(ended_at__isnull=choice["visa"] != ENDED)
    if choice["roll"]:
        persons = persons.filter(role=choice["roll"])
    if unit := choice["skolenhet"]:
        # By id, worked out once; the organisation is in the outer query. Asked person by person it takes a second.
        enrolled = Enrolment._base_manager.filter(school_unit_code=unit).values("person_id")
        on_duty = Duty._base_manager.filter(school_unit_code=unit, ended_at=None).values("person_id")
        persons = persons.filter(Q(pk__in=enrolled) | Q(pk__in=on_duty))
    if (year := choice["arskurs"]).isdecimal():
        persons = persons.filter(pk__in=Enrolment._base_manager.filter(school_year=int(year)).values("person_id"))
    if text := choice["text"]:
        persons = persons.filter(_matches(text))
    narrowed = text or choice["roll"] or choice["skolenhet"] or choice["arskurs"]
    return persons if reader.sees_protected or not narrowed else persons.filter(NOT_PROTECTED)


def in_order(persons: QuerySet[Person], choice: Choice, reader: Reader) -> QuerySet[Person]:
    """In the chosen order; neutral rows last, so that their place in the alphabet tells nothing."""
    if reader.sees_protected:
        return persons.order_by(*choice.order)
    last = Case(When(NOT_PROTECTED, then=Value(0)), default=Value(1), output_field=IntegerField())
    # Among themselves they stand by id, whatever the order.
    own = [Case(When(NOT_PROTECTED, then=keyed(name.removeprefix("-")))) for name in choice.fields]
    return persons.order_by(
        last, *(expression.desc() if choice.descending else expression.asc() for expression in own), "pk"
    )


def unit_choices(environment: str) -> list[tuple[str, str]]:
    """The school units that the register's persons belong to, as code and name, in the order of their names."""
    codes = set(Enrolment.objects.values_list("school_unit_code", flat=True).distinct())
    codes |= set(Duty.objects.filter(ended_at=None).values_list("school_unit_code", flat=True).distinct())
    return named_units(environment, codes)


def year_choices() -> list[int]:
    """The school years that there are pupils in."""
    years = Enrolment.objects.exclude(school_year=None).values_list("school_year", flat=True).distinct()
    return sorted(year for year in years if year is not None)


def _matches(text: str) -> Q:
    """Whose personnummer is `text`, or begins with it as a date of birth (20140117, 2014-01-17).

    Otherwise whose names and EPPN hold each of its words.
    """
    if numbers := _numbers(text):
        return Q(civic_number__in=numbers)
    date = text.replace("-", "")
    if len(date) == _DIGITS_OF_A_BIRTH_DATE and date.isascii() and date.isdigit():
        return Q(civic_number__startswith=date)
    matches = Q()
    for word in text.split():
        # SQLite's LIKE knows upper and lower case in ASCII only, so å, ä and ö are looked for in their usual spellings.
        one = Q(eppn__icontains=word)
        for spelling in {word, word.lower(), word.capitalize(), word.upper()}:
            for name in ("given_name", "middle_name", "family_name"):
                one |= Q(**{f"{name}__icontains": spelling})
        matches &= one
    return matches


def _numbers(text: str) -> list[str]:
    """The civic numbers that `text` can stand for: ten digits may be meant of somebody a hundred years older too.

    A plus says that they are; with twelve digits it says nothing, but people write it.
    """
    for spelling in (text, text.replace("+", "-")):
        try:
            number = read_civic_number(spelling).value
        except CivicNumberError:
            continue
        has_century = sum(letter.isdigit() for letter in text) > _DIGITS_WITHOUT_CENTURY or "+" in text
        return [number] if has_century or "TF" in number else [number, f"{int(number[:4]) - 100}{number[4:]}"]
    return []
