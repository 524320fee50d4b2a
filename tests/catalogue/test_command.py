"""`provsluss catalogue refresh` and `show`, as processes."""

import json

import pytest

from tests.fixtures.command import Command


@pytest.fixture
def here(provsluss: Command, simulator_url: str) -> Command:
    """The command, with a simulator to fetch from."""
    return lambda *arguments: provsluss(*arguments, PROVSLUSS_SIMULATOR_URL=simulator_url)


def test_refresh_and_show(here: Command) -> None:
    added = here("organisation", "add", "2120009945", "Exempelkommunen", "--environment", "simulator")
    assert added.returncode == 0, added.stderr
    shown = here("catalogue", "show")
    assert "Senast hämtat: aldrig" in shown.stdout
    refreshed = here("catalogue", "refresh", "--organisation", "212000-9945", "--json")
    assert refreshed.returncode == 0, refreshed.stderr
    [fetch] = json.loads(refreshed.stdout)["fetches"]
    assert fetch["succeeded"] is True
    assert fetch["environment"] == "simulator"
    shown = json.loads(here("catalogue", "show", "--json").stdout)
    assert (shown["national_tests"], shown["school_units"]) == (102, 362)
    assert {"code": "90099901", "name": "Nedlagda skolan", "standing": "Upphörd"} in shown["unusable_school_units"]


def test_what_cannot_be_done(here: Command, provsluss: Command) -> None:
    for arguments, sentence in (
        (("refresh", "--environment", "mars"), "Miljön mars finns inte"),
        (("refresh", "--organisation", "2120009945"), "Huvudmannen finns inte här"),
    ):
        ended = here("catalogue", *arguments)
        assert ended.returncode == 2
        assert sentence in ended.stderr
        assert "Traceback" not in ended.stderr
    nobody = "http://127.0.0.1:9"
    away = provsluss("catalogue", "refresh", "--environment", "simulator", PROVSLUSS_SIMULATOR_URL=nobody)
    assert away.returncode == 2
    assert "gick inte att nå" in away.stdout
