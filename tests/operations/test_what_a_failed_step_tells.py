"""The engine's tables keep the error of a step that failed: no value of a row may be in it."""

from collections.abc import Callable

import pytest
from dbos import DBOSPortableJSONSerializer
from dbos._serialization import serialize_exception
from django.db import IntegrityError, OperationalError

from provsluss.operations import workflows

pytestmark = pytest.mark.django_db

TAKEN = "duplicate key value\nDETAIL:  Key (name)=(Anna Andersson) already exists."


def failing(problem: Exception) -> Callable[..., object]:
    def store_something() -> None:
        raise problem

    return workflows._step(store_something)


@pytest.mark.parametrize("problem", [IntegrityError(TAKEN), ValueError("Anna Andersson"), KeyError("Anna Andersson")])
def test_the_kind_of_error_is_kept_and_not_its_text(problem: Exception) -> None:
    with pytest.raises(workflows.StepFailed) as failed:
        failing(problem)()
    kept, _ = serialize_exception(failed.value, None, DBOSPortableJSONSerializer())
    assert f"store_something: {type(problem).__name__}" in kept
    assert "Anna" not in kept
    assert failed.value.__cause__ is problem, "the log tells where it came from"


def test_what_passes_is_tried_again() -> None:
    with pytest.raises(OperationalError) as passing:
        failing(OperationalError("the database is away"))()
    assert workflows._is_passing(passing.value)
