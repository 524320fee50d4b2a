"""Ids: Skolverket's derived ones, ours, and what counts as a UUID."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.ss12000.ids import as_uuid, skolverket_id, stable_id

ORGANISATION = skolverket_id("2120009945")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("MATMAT01", "505c5ee0-7be4-560d-9c27-10ab0d96ac9a"),
        ("31279295", "fb22448b-b724-5e53-8a2c-d8b339206901"),
        ("5567044268", "657ae6a4-2978-5fbe-b357-ba353c0f03b5"),
        ("EKJURV", "f8bd4423-9693-51ed-a854-6e9984e6c2f7"),
    ],
)
def test_skolverkets_ids_are_derived_from_the_code(code: str, expected: str) -> None:
    assert str(skolverket_id(code)) == expected


parts = st.lists(st.text(alphabet=st.characters(exclude_characters="\x1f", exclude_categories=["Cs"])), max_size=4)


@given(parts, parts)
def test_the_same_parts_and_only_they_give_the_same_id(one: list[str], other: list[str]) -> None:
    assert (stable_id(ORGANISATION, "person", *one) == stable_id(ORGANISATION, "person", *other)) == (one == other)


@given(st.uuids())
def test_a_uuid_in_the_usual_form_is_kept(value: uuid.UUID) -> None:
    assert as_uuid(str(value)) == as_uuid(str(value).upper()) == value


@given(st.uuids())
def test_other_forms_are_free_text(value: uuid.UUID) -> None:
    for text in (value.hex, value.hex + "----", f"{{{value}}}", value.urn, f" {value}", f"{value}\n"):
        assert as_uuid(text) is None


@given(st.text())
def test_any_text_is_a_uuid_or_not(text: str) -> None:
    found = as_uuid(text)
    assert found is None or str(found) == text.lower()
