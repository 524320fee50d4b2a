"""Personnummer, samordningsnummer and TF-nummer in every spelling."""

import string
import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.ss12000.civic_number import CivicNumberError, masked, read_civic_number, without_civic_numbers
from provsluss.ss12000.log_filter import without_secrets
from provsluss.ss12000.luhn import luhn_digit

TODAY = date(2026, 11, 23)
births = st.dates(min_value=date(1927, 1, 1), max_value=TODAY)
serials = st.integers(min_value=0, max_value=999).map("{:03}".format)


def number(born: date, serial: str, day_offset: int = 0) -> str:
    digits = f"{born:%Y%m}{born.day + day_offset:02}{serial}"
    return digits + luhn_digit(digits[2:])


@given(births, serials, st.sampled_from([0, 60]))
def test_every_spelling_is_the_same_number(born: date, serial: str, day_offset: int) -> None:
    whole = number(born, serial, day_offset)
    spellings = [
        whole,
        f"{whole[:8]}-{whole[8:]}",
        f"{whole[2:8]}-{whole[8:]}",
        whole[2:],
        f" {whole[:8]} {whole[8:]} ",
    ]
    spellings += [f"{whole[:8]}{dash}{whole[8:]}" for dash in "‐‑‒–—−"]
    for spelling in spellings:
        found = read_civic_number(spelling, TODAY)
        assert found.value == whole
        assert found.check_digit_right
        assert found.kind == ("samordningsnummer" if day_offset else "personnummer")


@given(st.dates(min_value=date(1850, 1, 1), max_value=date(1926, 12, 31)), serials)
def test_plus_says_a_hundred_years(born: date, serial: str) -> None:
    whole = number(born, serial)
    latest = f"{whole[2:8]}+{whole[8:]}"
    found = read_civic_number(latest, TODAY).value
    assert found[2:] == whole[2:]
    assert TODAY.year - int(found[:4]) in range(100, 200)


def test_two_digits_of_a_year_are_never_in_the_future() -> None:
    born_tomorrow = TODAY + timedelta(days=1)
    assert read_civic_number(number(born_tomorrow, "123")[2:], TODAY).value.startswith("1926")
    assert read_civic_number(number(TODAY, "123")[2:], TODAY).value.startswith("2026")


@given(births, st.integers(min_value=0, max_value=99).map("{:02}".format), st.sampled_from(["TF", "tf", "Tf"]))
def test_tf_numbers(born: date, last: str, letters: str) -> None:
    for between in ("", "-", " "):
        found = read_civic_number(f"{born:%Y%m%d}{between}{letters}{last}", TODAY)
        assert found.value == f"{born:%Y%m%d}TF{last}"
        assert found.kind == "TF-nummer"


@given(births, serials, st.integers(min_value=1, max_value=9))
def test_a_wrong_check_digit_is_noted_and_no_error(born: date, serial: str, off: int) -> None:
    whole = number(born, serial)
    wrong = whole[:-1] + str((int(whole[-1]) + off) % 10)
    assert read_civic_number(wrong, TODAY).check_digit_right is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "200902301234",
        "200913011234",
        "200900001234",
        "200901601234",
        "200901921234",
        "205001011234",
        "170001011234",
        "20090187TF12",
        "20090127TF1",
        "20090127238",
        "2009012723851",
        "20090127+2385",
        "２００９０１２７２３８５",
        "٢٠٠٩٠١٢٧٢٣٨٥",
        "kim",
    ],
)
def test_what_is_no_number_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(CivicNumberError) as refused:
        read_civic_number(text, TODAY)
    assert not text or text not in str(refused.value)


@given(st.text())
def test_any_text_is_a_number_in_skolverkets_form_or_an_error(text: str) -> None:
    try:
        value = read_civic_number(text, TODAY).value
    except CivicNumberError:
        return
    assert len(value) == 12
    assert value.isascii()
    assert value[:8].isdigit()


@given(births, serials, st.text(alphabet="abc åäö.,-@", max_size=10), st.text(alphabet="abc åäö.,@", max_size=10))
def test_numbers_are_masked_wherever_they_stand(born: date, serial: str, before: str, after: str) -> None:
    whole = number(born, serial)
    short, long, last = whole[2:8], whole[:8], whole[8:]
    spellings = [
        whole,
        f"{long} {last}",
        short + last,
        f"{short} {last}",
        f"{long}TF12",
        f"{long}-tf12",
        f"{short}TF12",
    ]
    spellings += [f"{birth}{dash}{last}" for birth in (short, long) for dash in "-+‐‑‒–—−"]
    for spelling in spellings:
        for mask in (without_civic_numbers, without_secrets):
            assert mask(before + spelling + after).endswith("-****" + after)
            assert mask(mask(before + spelling + after)) == mask(before + spelling + after)
    assert masked(whole) == f"{whole[:8]}-****"
    assert masked("") == ""


@given(
    st.uuids() | st.text(string.digits, min_size=32, max_size=32).map(uuid.UUID),
    st.text(alphabet="abc åäö.,@", max_size=5),
)
def test_ids_are_left_alone(object_id: uuid.UUID, around: str) -> None:
    for text in (f"{around} {object_id} {around}", f"/persons/{object_id}", str(object_id).upper(), object_id.hex):
        assert without_secrets(text) == text


@given(st.from_regex(r"[0-9]{2}[2-9][0-9]{3}-?[0-9]{4}", fullmatch=True).filter(str.isascii))
def test_numbers_of_organisations_are_left_alone(number: str) -> None:
    assert without_secrets(f"Huvudman {number}.") == f"Huvudman {number}."


@pytest.mark.parametrize(
    "text",
    ["0701234567", "070-123 45 67", "08-12 34 56", "+46701234567", "31279295", "2026-11-23 07:32", "200913011234"],
)
def test_numbers_that_nobody_has_are_left_alone(text: str) -> None:
    assert without_secrets(text) == text
