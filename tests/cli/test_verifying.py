"""`provsluss verify` says what to do about what Skolverket no longer has."""

import uuid

import pytest

from provsluss.cli.doctor import _tell_what_to_do
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.remote.read_back import Verified

ORGANISATION = "2120009945"


def told(capsys: pytest.CaptureFixture[str], persons: int, groups: int, marked: int | None) -> list[str]:
    found = {kind: Verified() for kind in KINDS}
    found["persons"].missing = [uuid.uuid4() for _ in range(persons)]
    found["groups"].missing = [uuid.uuid4() for _ in range(groups)]
    _tell_what_to_do(ORGANISATION, found, marked)
    return capsys.readouterr().out.splitlines()


def test_nothing_is_said_where_nothing_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, 0, 0, None) == []


def test_the_two_commands_are_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, 3, 1, None) == [
        "3 personer och 1 grupp har tagits emot av Skolverket men finns inte där längre.",
        "Skicka det igen så här: märk det som inte skickat, och skicka sedan.",
        f"  provsluss verify --organisation {ORGANISATION} --mark-missing",
        f"  provsluss send --organisation {ORGANISATION}",
    ]


def test_what_follows_is_said_when_it_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, 1, 0, 1)[-1] == (
        "1 uppgift räknas nu som inte skickad. Det som fortfarande behövs för ett prov skickas nästa gång du skickar. "
        f"provsluss send --organisation {ORGANISATION}"
    )
