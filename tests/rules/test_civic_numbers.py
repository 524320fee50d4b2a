"""P10, P11 and P15: the number is in Skolverket's form and its check digit is right, and it is never repeated."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.rules.civic_numbers import civic_number_findings, plausible_birth
from provsluss.ss12000.luhn import luhn_digit
from tests.rules.examples import STAFF, AnEnrolment, APerson, codes

BIRTH_DATES = st.dates(date(1900, 1, 1), date(2025, 12, 31))
SERIAL = st.integers(0, 999).map(lambda n: f"{n:03d}")


def findings_of(number: str) -> list[tuple[str, str]]:
    return codes(civic_number_findings(replace(APerson(), civic_number=number)))


def with_check_digit(birth: str, serial: str) -> str:
    return birth + serial + luhn_digit(birth[2:] + serial)


@given(BIRTH_DATES, SERIAL)
def test_every_right_personnummer_passes_and_every_other_last_digit_is_an_error(birth: date, serial: str) -> None:
    number = with_check_digit(f"{birth:%Y%m%d}", serial)
    assert findings_of(number) == []
    for digit in set("0123456789") - {number[-1]}:
        assert findings_of(number[:-1] + digit) == [("P15", "error")]


@given(BIRTH_DATES, SERIAL, st.integers(1, 9))
def test_a_samordningsnummer_with_a_wrong_last_digit_is_only_a_warning(birth: date, serial: str, off: int) -> None:
    number = with_check_digit(f"{birth:%Y%m}{birth.day + 60}", serial)
    assert findings_of(number) == []
    assert findings_of(number[:-1] + str((int(number[-1]) + off) % 10)) == [("P15", "warning")]


@given(BIRTH_DATES, st.integers(0, 99))
def test_every_tf_number_passes_in_capitals_only(birth: date, last: int) -> None:
    number = f"{birth:%Y%m%d}TF{last:02d}"
    assert findings_of(number) == []
    assert findings_of(number.lower()) == [("P11", "error")]


@given(BIRTH_DATES, SERIAL)
def test_other_spellings_are_not_what_skolverket_takes(birth: date, serial: str) -> None:
    number = with_check_digit(f"{birth:%Y%m%d}", serial)
    assert findings_of(f"{number[:8]}-{number[8:]}") == [("P10", "error")]


@pytest.mark.parametrize(
    "number", ["200913012385", "200902302385", "2009", "abc", "20090127AB12", "２００９０１２７２３８５"]
)
def test_what_is_no_number_is_an_error(number: str) -> None:
    assert findings_of(number) == [("P10", "error")]


def test_a_missing_number_is_an_error() -> None:
    assert findings_of("") == [("P1", "error")]


@given(st.text(min_size=1))
def test_the_number_is_never_in_the_finding(text: str) -> None:
    for finding in civic_number_findings(replace(APerson(), civic_number=f"20090199{text}")):
        assert "20090199" not in finding.sentence + finding.how + finding.where


def test_a_year_of_birth_that_cannot_be_is_a_warning() -> None:
    in_1914 = APerson(civic_number="191403121013")
    assert codes(plausible_birth(in_1914, [AnEnrolment()])) == [("P14", "warning")]
    assert codes(plausible_birth(in_1914, [AnEnrolment(cancelled=True)])) == []
    assert codes(plausible_birth(APerson(), [AnEnrolment()])) == []
    last_year = f"{date.today().year - 1}0101TF12"
    assert codes(plausible_birth(replace(STAFF, civic_number=last_year), [])) == [("P14", "warning")]
