"""Whether somebody can have been born in the year that the personnummer says: our own bounds, wide on purpose."""

from datetime import date

from provsluss.ss12000.code_lists import SCHOOL_TYPES_WITH_YEAR

_YOUNGER_THAN_THE_YEAR = 3
"""Whoever is in årskurs 6 is twelve, and surely more than nine."""
_OLDER_THAN_THE_YEAR = 20
_ADULT_PUPILS = (14, 100)
_STAFF = (15, 90)


def is_plausible_age(civic_number: str, role: str, school_type: str = "", school_year: int | None = None) -> bool:
    """Whether a pupil of that school type and year, or a member of staff, can have that number's year of birth.

    A number whose first four signs are no year, or a pupil of whom too little is known, counts as plausible.
    """
    if not civic_number[:4].isdigit():
        return True
    age = date.today().year - int(civic_number[:4])
    if role != "pupil":
        youngest, oldest = _STAFF
    elif not school_type:
        return True
    elif school_type in SCHOOL_TYPES_WITH_YEAR:
        if school_year is None:
            return True
        youngest, oldest = school_year + _YOUNGER_THAN_THE_YEAR, school_year + _OLDER_THAN_THE_YEAR
    else:
        youngest, oldest = _ADULT_PUPILS
    return youngest <= age <= oldest
