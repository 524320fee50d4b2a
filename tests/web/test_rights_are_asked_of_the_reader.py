"""What a page may show is asked of `request.reader`, and every query of somebody's data is given that."""

import ast
from collections.abc import Iterator
from pathlib import Path

import provsluss.web

WEB = Path(provsluss.web.__file__).parent
OF_PERSONS = {
    "Accepted", "ControlFinding", "Duty", "DutyAssignment", "Enrolment", "Membership", "ObjectResult", "Person",
    "PlannedObject", "RemovedObject",
}  # fmt: skip
NUMBERS_ONLY = {
    "start/overview.py:_sizes",
    "history/sync_job_results.py:counts_by_state",
    "history/step_makeup.py:makeup_of",
}
"""What these ask for is how many, of the whole huvudman: nobody can be told from it."""
CHOICES_ONLY = {"persons/list.py:unit_choices", "persons/list.py:year_choices"}
"""What a filter can be set to, whoever asks."""
OF_WHOM_WAS_FOUND = {
    "persons/arrival.py:arrival_of",
    "persons/pages.py:_places",
    "persons/pages.py:_with_places",
    "preflight/export.py:_classes",
    "removals/kept.py:_found",
}
"""What more there is of those that the caller has found, and shows, with the reader; or their keys alone."""


def _functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                yield f"{path.relative_to(WEB)}:{node.name}", node


def _asks_for_persons(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in ("objects", "_base_manager")
        and isinstance(node.value, ast.Name)
        and node.value.id in OF_PERSONS
        for node in ast.walk(function)
    )


def _knows_who_reads(function: ast.FunctionDef) -> bool:
    arguments = function.args.args + function.args.kwonlyargs
    # `self` is an object that was made with a reader; a person, a plan and so on were found with one.
    return bool({argument.arg for argument in arguments} & {"reader", "request", "self", "person", "one", "plan"})


def test_every_query_of_persons_is_given_who_reads() -> None:
    asking = [(name, function) for name, function in _functions() if _asks_for_persons(function)]
    assert len(asking) > 30

    unaware = {name for name, function in asking if not _knows_who_reads(function)}

    assert unaware == NUMBERS_ONLY | CHOICES_ONLY | OF_WHOM_WAS_FOUND


def test_nobody_else_asks_for_rights() -> None:
    """`is_staff`, `sees_protected_in` and the like are read in organisations/reader.py alone."""
    rights = {"is_staff", "is_superuser", "sees_protected_in", "has_perm", "user_permissions"}
    found = {
        str(path.relative_to(WEB))
        for path in WEB.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in rights
    }
    assert not found
