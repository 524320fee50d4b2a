"""`provsluss source` and `provsluss fetch`: a register is added, tried, read and removed by command."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import typer

from provsluss.cli import fetch as fetching
from provsluss.cli import source as sources
from provsluss.cli.errors import CannotBeDone
from tests.fixtures.school_register import Registers, SchoolRegister

Fetch = Callable[..., tuple[int, str]]
PAUSED = "är pausad"


@pytest.fixture(autouse=True)
def ready_already(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django is loaded: a command would also move the temporary files of the whole run to a directory of its own."""
    for module in (sources, fetching):
        monkeypatch.setattr(module, "ready_django", lambda: None)


@pytest.fixture
def register(school_register: Registers) -> SchoolRegister:
    """A register that the command has been told of."""
    started = school_register(add=False, pupils=60)
    sources.add("Elevregistret", started.organisation.number, "ss12000", url=started.url)
    return started


@pytest.fixture
def fetch(register: SchoolRegister, capsys: Any) -> Fetch:
    """Run the command; gives its status and what it printed."""

    def run(**options: Any) -> tuple[int, str]:
        capsys.readouterr()
        given = {"source": "", "full": False, "preview_only": False, "refuse_mass_ending": False, "yes": False}
        given |= {"accept_identity_changes": False, "accept_unprotected": False, "as_json": False}
        with pytest.raises(typer.Exit) as ended:
            fetching.fetch(register.organisation.number, **(given | options))
        printed = capsys.readouterr()
        return ended.value.exit_code, printed.out + printed.err

    return run


def test_a_register_is_read_and_then_only_its_changes(register: SchoolRegister, fetch: Fetch) -> None:
    status, out = fetch(as_json=True)
    told = json.loads(out)
    assert (status, told["state"], told["full"]) == (0, "done", True)
    assert told["pupils"] == {"read": 60, "new": 60, "changed": 0, "unchanged": 0, "ended": 0, "refused": 0}
    assert told["staff"]["new"] == told["staff"]["read"] > 0
    assert told["groups"]["new"] == told["groups"]["read"] > 0
    calls = told["calls"]
    register.change("pupils-deleted")

    status, out = fetch(as_json=True)

    told = json.loads(out)
    assert (status, told["full"], told["pupils"]["ended"], told["pupils"]["unchanged"]) == (0, False, 1, 59)
    assert calls <= 8 and told["calls"] <= 9


def test_a_person_reads_what_was_taken_and_what_was_not(fetch: Fetch) -> None:
    status, out = fetch()
    assert status == 0
    assert "Elevregistret: läste allt med 7 anrop" in out
    assert "60 tas inte med: Är varken elev eller personal" in " ".join(out.split())


def test_nothing_is_stored_by_a_preview(register: SchoolRegister, fetch: Fetch) -> None:
    status, out = fetch(preview_only=True)
    assert (status, "Inget har sparats." in out) == (0, True)
    assert json.loads(fetch(as_json=True)[1])["pupils"]["new"] == 60


def test_a_mass_ending_waits_for_a_yes(register: SchoolRegister, fetch: Fetch) -> None:
    fetch()
    register.change("pupils-deleted", 30)

    refused, out = fetch(refuse_mass_ending=True)
    assert (refused, "ovanligt mycket skulle avslutas" in out) == (2, True)
    status, out = fetch()
    assert (status, "är kvar i registret" in out, "--yes" in out) == (1, True, True)
    status, out = fetch(yes=True, as_json=True)
    assert (status, json.loads(out)["pupils"]["ended"]) == (0, 30)


def test_a_register_that_is_away_is_told_of(register: SchoolRegister, fetch: Fetch) -> None:
    register.fail("down")
    status, out = fetch()
    assert (status, "tillfälligt stängd" in out) == (2, True)


def test_a_paused_source_is_left_alone(register: SchoolRegister, fetch: Fetch, capsys: Any) -> None:
    number = register.organisation.number
    sources.pause("Elevregistret", number)
    assert PAUSED in capsys.readouterr().out
    with pytest.raises(CannotBeDone, match="pausad"):
        fetching.fetch(number, source="Elevregistret")
    sources.resume("Elevregistret", number)
    assert fetch()[0] == 0


def test_sources_are_listed_tried_and_removed(register: SchoolRegister, fetch: Fetch, capsys: Any) -> None:
    number = register.organisation.number
    fetch()
    sources.list_sources(number, as_json=True)
    (told,) = json.loads(capsys.readouterr().out)["sources"]
    assert (told["name"], told["kind"], told["state"]) == ("Elevregistret", "ss12000", "active")
    with pytest.raises(typer.Exit) as ended:
        sources.test("Elevregistret", number, as_json=True)
    links = json.loads(capsys.readouterr().out)["links"]
    assert (ended.value.exit_code, [one for one in links if one["state"] != "ok"]) == (0, [])

    sources.remove("Elevregistret", number, yes=True)

    assert "60 elever" in capsys.readouterr().out
    with pytest.raises(CannotBeDone, match="ingen källa"):
        fetching.fetch(number)


def test_what_cannot_be_a_source_is_told(register: SchoolRegister) -> None:
    number = register.organisation.number
    with pytest.raises(CannotBeDone, match="redan en källa"):
        sources.add("Elevregistret", number, "ss12000", url=register.url)
    with pytest.raises(CannotBeDone, match="Slaget"):
        sources.add("Annat", number, "ldap", url=register.url)
    with pytest.raises(CannotBeDone, match="--url"):
        sources.add("Annat", number, "ss12000")
    with pytest.raises(CannotBeDone, match="hemligheten"):
        sources.add("Annat", number, "ss12000", url=register.url, auth="bearer")
    with pytest.raises(CannotBeDone, match="http"):
        sources.add("Annat", number, "ss12000", url="ftp://register.exempel.se")
