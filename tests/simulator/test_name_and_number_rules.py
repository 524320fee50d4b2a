"""Civic numbers and the likeness of name and EPPN, over the whole space of them (rules.md P7, P10, P11, P15)."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from provsluss.simulator.checks import civic_number_fault, resembles_name
from tests.simulator.huvudman import luhn_digit

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2030, 12, 31))
serials = st.integers(0, 999).map("{:03d}".format)


@given(days, serials, st.integers(0, 9))
def test_a_personnummer_has_one_right_check_digit(day: date, serial: str, digit: int) -> None:
    nine = f"{day:%y%m%d}{serial}"
    right = luhn_digit(nine)
    assert civic_number_fault(f"{day:%Y}{nine[2:]}{right}") == ""
    if str(digit) != right:
        assert civic_number_fault(f"{day:%Y}{nine[2:]}{digit}") == "3020"


@given(days, st.integers(0, 9999))
def test_a_samordningsnummer_may_have_any_check_digit(day: date, last: int) -> None:
    assert civic_number_fault(f"{day:%Y%m}{day.day + 60}{last:04d}") == ""


@given(days, st.integers(0, 99))
def test_a_temporary_number_is_a_day_and_tf(day: date, last: int) -> None:
    assert civic_number_fault(f"{day:%Y%m%d}TF{last:02d}") == ""
    assert civic_number_fault(f"{day:%Y%m}{day.day + 60}TF{last:02d}") == "2014"


@given(st.text(max_size=14))
def test_anything_else_is_a_fault_and_never_a_crash(text: str) -> None:
    assert civic_number_fault(text) in ("", "2014", "3020")
    if not (text.isascii() and len(text) == 12):
        assert civic_number_fault(text) == "2014"


@given(st.text(max_size=8), st.text(max_size=8))
def test_a_number_made_by_chance_resembles_no_name(given_name: str, family_name: str) -> None:
    assert not resembles_name("§§@domain.se", given_name.replace("§", ""), family_name.replace("§", ""))


@given(st.text("abcdeåäö", min_size=3), st.text(max_size=5), st.text(max_size=5))
def test_three_letters_of_the_family_name_anywhere_before_the_at_sign(family: str, before: str, after: str) -> None:
    local = (before + family[:3] + after).replace("@", "")
    assert resembles_name(f"{local.upper()}@domain.se", "", family)
