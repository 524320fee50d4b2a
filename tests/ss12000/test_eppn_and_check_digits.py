"""EPPN and its likeness to the name; the check digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.ss12000.eppn import is_eppn, resembles_name
from provsluss.ss12000.luhn import luhn_digit, luhn_is_right


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("717e28a83b@huvudman.se", True),
        ("a@b.c", True),
        ("objectGUID@edu.huvudman.se", True),
        ("", False),
        ("elev", False),
        ("elev@", False),
        ("@huvudman.se", False),
        ("elev@huvudman", False),
        ("elev@@huvudman.se", False),
        ("el ev@huvudman.se", False),
        ("elev@-huvudman.se", False),
        ("elev@huvudman.se\n", False),
        ("elev@huvudman..se", False),
    ],
)
def test_what_an_eppn_is(text: str, is_one: bool) -> None:
    assert is_eppn(text) is is_one


@given(st.uuids(), st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z]{2,5}){1,3}", fullmatch=True))
def test_a_uuid_at_any_domain_is_one(local: object, domain: str) -> None:
    assert is_eppn(f"{local}@{domain}")


def test_very_long_text_is_decided_at_once() -> None:
    assert not is_eppn("a@" + "a-" * 50_000)
    assert not is_eppn("a@" + "a." * 50_000)


@pytest.mark.parametrize(
    ("eppn", "given_name", "family_name", "alike"),
    [
        ("jensen@x.se", "Kim", "Jensen", True),
        ("KIMJE@x.se", "Kim", "Jensen", True),
        ("aberg@x.se", "Bo", "Åberg", True),
        ("åbe7@x.se", "Bo", "Åberg", True),
        ("ek@x.se", "Bo", "Ek", False),
        ("boek@x.se", "Bo", "Ek", True),
        ("717e28a83b@jensen.se", "Kim", "Jensen", False),
        ("ki@x.se", "Kim", "Jensen", False),
    ],
)
def test_likeness_to_the_name(eppn: str, given_name: str, family_name: str, alike: bool) -> None:
    assert resembles_name(eppn, given_name, family_name) is alike


@given(st.text(alphabet="0123456789", min_size=1, max_size=20))
def test_exactly_one_check_digit_is_right(digits: str) -> None:
    right = [digit for digit in "0123456789" if luhn_is_right(digits + digit)]
    assert right == [luhn_digit(digits)]


@given(st.text(alphabet="0123456789", min_size=2, max_size=20), st.data())
def test_one_wrong_digit_is_always_found(digits: str, data: st.DataObject) -> None:
    whole = digits + luhn_digit(digits)
    place = data.draw(st.integers(min_value=0, max_value=len(whole) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != whole[place]]))
    assert not luhn_is_right(whole[:place] + other + whole[place + 1 :])
