"""G1, G2, G5 and G10: a class or a teaching group."""

import uuid
from dataclasses import replace

import pytest

from provsluss.rules.groups import check_group
from tests.rules.examples import CATALOGUE, AGroup, codes

PUPIL, OTHER = uuid.uuid4(), uuid.uuid4()


def findings_of(**changes: object) -> list[tuple[str, str]]:
    return codes(check_group(replace(AGroup(), **changes), [PUPIL], CATALOGUE))  # type: ignore[arg-type]


@pytest.mark.parametrize("group_type", ["Klass", "Undervisning"])
def test_classes_and_teaching_groups_pass(group_type: str) -> None:
    assert findings_of(group_type=group_type) == []


@pytest.mark.parametrize("group_type", ["", "Mentor", "Schema", "undervisning"])
def test_other_groups_are_an_error(group_type: str) -> None:
    assert findings_of(group_type=group_type) == [("G2", "error")]


@pytest.mark.parametrize(
    "changes", [{"name": " "}, {"school_type": ""}, {"school_type": "GRAN"}, {"school_unit_code": ""}, {"id": "x"}]
)
def test_what_is_required(changes: dict[str, object]) -> None:
    assert findings_of(**changes) == [("G1", "error")]


def test_a_school_unit_that_skolverket_does_not_know_is_an_error() -> None:
    assert findings_of(school_unit_code="11111111") == [("G1", "error")]
    assert findings_of(school_unit_code="22222222") == [("E10", "warning")]
    assert findings_of(school_type="SP") == [("E10", "warning")]


def test_an_empty_group_is_a_warning() -> None:
    assert codes(check_group(AGroup(), [], CATALOGUE)) == [("G10", "warning")]


def test_members_that_cannot_be_referred_to_are_counted() -> None:
    assert check_group(AGroup(), [PUPIL, OTHER], CATALOGUE, {PUPIL, OTHER}) == []
    found = check_group(AGroup(), [PUPIL, OTHER], CATALOGUE, {PUPIL})
    assert codes(found) == [("G5", "warning")]
    assert found[0].sentence.startswith("1 elev i gruppen")
    assert check_group(AGroup(), [PUPIL, OTHER], CATALOGUE, set())[0].sentence.startswith("2 elever i gruppen")
