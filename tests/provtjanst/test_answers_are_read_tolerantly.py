"""Whatever JSON comes back, reading it never fails, and one odd object never hides the others."""

import json

from hypothesis import given
from hypothesis import strategies as st

from provsluss.provtjanst.answers import job_items, log_entries

any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "response", "responses", "status", "statusCode", "errors", "warnings", "message"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)
GOOD = {"id": "ABC", "response": {"status": "Success", "statusCode": 201}, "meta": {}}


@given(any_json)
def test_any_json_can_be_read(document: object) -> None:
    log_entries(document)
    job_items(document)


@given(st.lists(any_json, max_size=5))
def test_a_good_object_is_found_between_odd_ones(odd: list[object]) -> None:
    items = job_items({"jobId": "x", "responses": [*odd, GOOD, *odd]})
    assert items is not None
    assert ("abc", "Success", 201) in [(item.object_id, item.status, item.status_code) for item in items]


def test_an_error_and_a_warning_keep_what_skolverket_said() -> None:
    answer = json.loads(
        """{"jobId": "j", "new": 1, "responses": [{"id": "3FA85F64-5717-4562-B3FC-2C963F66AFA6", "response": {
        "status": "Error", "statusCode": 400,
        "errors": [{"id": 2011, "messageType": "Ogiltigt format", "message": "Ogiltigt format på <schoolYear>.",
                    "attributeName": "Enrolment.schoolYear", "attributeValue": 0, "resourceId": "AB"}],
        "warnings": [{"id": "3047", "attributeValue": {"any": "thing"}}]}}]}"""
    )
    [item] = job_items(answer) or []
    assert item.object_id == "3fa85f64-5717-4562-b3fc-2c963f66afa6"
    error, warning = item.entries
    assert (error.code, error.severity, error.attribute, error.value) == ("2011", "Error", "Enrolment.schoolYear", 0)
    assert (error.message_type, error.message) == ("Ogiltigt format", "Ogiltigt format på <schoolYear>.")
    assert error.resource_id == "ab"
    assert (warning.code, warning.severity, warning.value) == ("3047", "Warning", {"any": "thing"})


def test_a_missing_status_is_pending_and_something_else_is_no_answer() -> None:
    assert [item.status for item in job_items({"responses": [{"id": "a"}]}) or []] == ["Pending"]
    assert job_items({"message": "x"}) is None
    assert job_items([]) is None
