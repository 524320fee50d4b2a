"""A sixth-former born in 1914 and a head born last year are seen; whoever may be in school is not."""

from datetime import date

import pytest

from provsluss.ss12000.plausible_age import is_plausible_age

NOW = date.today().year


@pytest.mark.parametrize(
    ("age", "role", "school_type", "year", "plausible"),
    [
        (12, "pupil", "GR", 6, True),
        (112, "pupil", "GR", 6, False),
        (2, "pupil", "GR", 6, False),
        (18, "pupil", "SP", 10, True),
        (40, "pupil", "GR", 6, False),
        (40, "pupil", "VUXGY", None, True),
        (112, "pupil", "GY", None, False),
        (6, "pupil", "GY", None, False),
        (1, "staff", "", None, False),
        (112, "staff", "", None, False),
        (70, "staff", "", None, True),
        (18, "staff", "", None, True),
        (112, "pupil", "GR", None, True),  # too little is known
    ],
)
def test_an_age(age: int, role: str, school_type: str, year: int | None, plausible: bool) -> None:
    assert is_plausible_age(f"{NOW - age}0101TF12", role, school_type, year) is plausible


def test_what_is_no_number() -> None:
    assert is_plausible_age("", "pupil", "GR", 6)


def test_a_pupil_whose_school_type_is_not_known_may_be_of_any_age() -> None:
    assert is_plausible_age(f"{NOW - 12}0101TF12", "pupil")
    assert is_plausible_age(f"{NOW - 112}0101TF12", "pupil")
