"""P3, P5, P6, P7, P21 and P22: the names that a person logs in with."""

import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.rules.login_names import eppn_like_name, login_name_findings
from provsluss.rules.who import Who
from provsluss.ss12000.eppn import resembles_name
from tests.rules.examples import STAFF, APerson, codes

LETTERS = "abcdefghijklmnopqrstuvwxyzåäö"
NAMES = st.text(LETTERS, min_size=3, max_size=12).map(str.capitalize)


def findings_of(eppn: str) -> list[tuple[str, str]]:
    return codes(login_name_findings(replace(APerson(), eppn=eppn)))


@pytest.mark.parametrize("eppn", ["", "   "])
def test_none_is_an_error(eppn: str) -> None:
    assert findings_of(eppn) == [("P3", "error")]


@pytest.mark.parametrize("eppn", ["a1@x.se, b2@x.se", "a1@x.se b2@x.se", "a1@x.se;b2@x.se", " a1@x.se", "a1@x.se@y.se"])
def test_several_or_a_stray_blank_is_an_error(eppn: str) -> None:
    assert ("P3", "error") in findings_of(eppn)


@pytest.mark.parametrize("eppn", ["717e28a83b", "@exempel.se", "717e28a83b@"])
def test_what_lacks_a_part_is_an_error(eppn: str) -> None:
    assert findings_of(eppn) == [("P5", "error")]


@pytest.mark.parametrize("eppn", ["717e28a83b@skolan", "717e28a83b@-x.se", "717e28a83b@å.se"])
def test_an_odd_domain_is_a_warning(eppn: str) -> None:
    assert findings_of(eppn) == [("P5", "warning")]


@pytest.mark.parametrize("eppn", ["x..y@skola.se", "mailto:x@skola.se", "'x@skola.se", "=x@skola.se"])
def test_what_stands_around_it_is_a_warning(eppn: str) -> None:
    assert findings_of(eppn) == [("P5", "warning")]


@given(st.uuids(), NAMES, NAMES)
def test_a_uuid_never_looks_like_a_name_without_a_to_f(code: uuid.UUID, given_name: str, family_name: str) -> None:
    person = replace(APerson(), eppn=f"{code}@x.se", given_name=given_name, family_name="Ny" + family_name)
    assert codes(login_name_findings(person)) == []


@given(NAMES, NAMES, st.booleans(), st.text("0123456789", max_size=4))
def test_three_letters_of_the_family_name_give_the_warning_in_any_case(
    given_name: str, family_name: str, capitals: bool, digits: str
) -> None:
    local = digits + (family_name[:3].upper() if capitals else family_name[:3].lower()) + digits
    person = replace(APerson(), given_name=given_name, family_name=family_name, eppn=f"{local}@x.se")
    assert codes(eppn_like_name(person)) == [("P7", "warning")]


@given(NAMES, NAMES)
def test_two_letters_of_each_name_give_the_warning(given_name: str, family_name: str) -> None:
    eppn = f"{given_name[:2]}.{family_name[:2]}7@x.se"
    person = replace(APerson(), given_name=given_name, family_name=family_name, eppn=eppn)
    assert codes(eppn_like_name(person)) == [("P7", "warning")]


@given(NAMES, NAMES)
def test_the_domain_does_not_count(given_name: str, family_name: str) -> None:
    eppn = f"12345@{family_name}.se"
    assert eppn_like_name(replace(APerson(), given_name=given_name, family_name=family_name, eppn=eppn)) == []


@pytest.mark.parametrize(
    ("eppn", "given_name", "family_name"),
    [
        ("ostx@x.se", "Kim", "Öster"),
        ("öst1@x.se", "Kim", "ÖSTER"),
        ("and99@x.se", "Anna-Karin", "Andersson Berg"),
        ("ande.annk@x.se", "Anna-Karin", "Andersson-Berg"),
        ("alal7@x.se", "Kim", "Al-Ali"),
        ("obri@x.se", "Kim", "O'Brien"),
        ("elma3@x.se", "Kim", "El Masri"),
    ],
)
def test_diacritics_hyphens_and_several_surnames_as_we_have_chosen(
    eppn: str, given_name: str, family_name: str
) -> None:
    person = replace(APerson(), eppn=eppn, given_name=given_name, family_name=family_name)
    assert codes(eppn_like_name(person)) == [("P7", "warning")]


@pytest.mark.parametrize(
    ("eppn", "given_name", "family_name"),
    [("ber99@x.se", "Kim", "Andersson Berg"), ("karin@x.se", "Anna-Karin", "Ek"), ("ali55@x.se", "Kim", "Al-Ali")],
)
def test_what_comes_later_in_a_name_does_not_count_as_we_have_chosen(
    eppn: str, given_name: str, family_name: str
) -> None:
    person = replace(APerson(), eppn=eppn, given_name=given_name, family_name=family_name)
    assert eppn_like_name(person) == []


LOCALS = st.text(LETTERS + LETTERS.upper() + "0123456789.-_", max_size=16)
WHOLE_NAMES = st.text(LETTERS + LETTERS.upper() + "- '", max_size=14)


@given(LOCALS, WHOLE_NAMES, WHOLE_NAMES)
def test_case_and_diacritics_make_no_difference(local: str, given_name: str, family_name: str) -> None:
    def warned(local: str, given_name: str, family_name: str) -> bool:
        return resembles_name(f"{local}@x.se", given_name, family_name)

    plain = str.maketrans("åäöÅÄÖ", "aaoAAO")
    as_written = warned(local, given_name, family_name)
    assert warned(local.upper(), given_name.lower(), family_name.upper()) == as_written
    if as_written:  # never less strict for a name without its dots and rings
        assert warned(local.translate(plain), given_name.translate(plain), family_name.translate(plain))


@given(LOCALS, NAMES, NAMES, NAMES)
def test_a_second_surname_makes_no_difference(local: str, given_name: str, family_name: str, second: str) -> None:
    alone = resembles_name(f"{local}@x.se", given_name, family_name)
    for between in (" ", "-"):
        assert resembles_name(f"{local}@x.se", given_name, family_name + between + second) == alone


@given(st.text("0123456789-._", max_size=30), WHOLE_NAMES, WHOLE_NAMES)
def test_an_eppn_without_letters_resembles_nobody(local: str, given_name: str, family_name: str) -> None:
    assert not resembles_name(f"{local}@x.se", given_name, family_name)


DOMAIN_PARTS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)


@given(st.text("abcXYZ0189._+-", min_size=1, max_size=20), st.lists(DOMAIN_PARTS, min_size=2, max_size=4))
def test_every_eppn_of_the_right_form_passes(local: str, domain: list[str]) -> None:
    local = local.replace("..", ".x")  # two dots in a row are pointed out
    person = replace(APerson(), eppn=f"{local}@{'.'.join(domain)}", given_name="Øyvind", family_name="Łoś")
    assert login_name_findings(person) == []


@given(st.text(max_size=40))
def test_whatever_stands_there_is_one_eppn_or_pointed_out(text: str) -> None:
    """Never a crash, and never silence about what Skolverket cannot take."""
    found = codes(login_name_findings(replace(APerson(), eppn=text)))
    local, _, domain = text.partition("@")
    if not local.strip() or not domain.strip() or text != text.strip():
        assert {code for code, severity in found if severity == "error"} & {"P3", "P5"}


@pytest.mark.parametrize("local", ["200901272385", "0901272385", "x-090127-2385"])
def test_a_personnummer_in_the_name_is_a_warning(local: str) -> None:
    assert findings_of(f"{local}@x.se") == [("P6", "warning")]


def test_a_missing_name_is_mended_by_it() -> None:
    finding = login_name_findings(replace(APerson(), eppn=""))[0]
    assert finding.who is Who.IT


@pytest.mark.parametrize(
    ("eduid", "expected"),
    [
        ("", []),
        ("movip-eiral@eduid.se", []),
        ("movip-eiral", [("P21", "error")]),
        ("movip-eiral@exempel.se", [("P21", "warning")]),
    ],
)
def test_eduid_of_staff(eduid: str, expected: list[tuple[str, str]]) -> None:
    assert codes(login_name_findings(replace(STAFF, eduid_eppn=eduid))) == expected


def test_eduid_of_a_pupil_is_a_warning() -> None:
    pupil = replace(APerson(), eduid_eppn="movip-eiral@eduid.se")
    assert codes(login_name_findings(pupil)) == [("P21", "warning")]


def test_eduid_is_left_out_where_it_is_the_login_itself() -> None:
    person = replace(STAFF, eppn="abcde-fghij@2120000000.skolverket.se", eduid_eppn="abcde-fghij@eduid.se")
    assert codes(login_name_findings(person)) == [("P22", "warning")]
