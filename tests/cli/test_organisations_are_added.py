"""`provsluss organisation add` and `list`."""

import json

from provsluss.ss12000.ids import skolverket_id
from tests.fixtures.command import Command


def test_add_takes_any_usual_spelling_and_derives_skolverkets_id(provsluss: Command) -> None:
    added = provsluss("organisation", "add", "212000-9945", "Exempelkommunen", "--environment", "simulator", "--json")
    assert added.returncode == 0, added.stderr
    assert json.loads(added.stdout) == {
        "id": str(skolverket_id("2120009945")),
        "number": "2120009945",
        "name": "Exempelkommunen",
        "environment": "simulator",
        "created": True,
    }


def test_adding_twice_changes_nothing_and_says_so(provsluss: Command) -> None:
    provsluss("organisation", "add", "2120009945", "Exempelkommunen", "--environment", "simulator")
    again = provsluss("organisation", "add", "2120009945", "Något annat", "--environment", "produktion")
    assert again.returncode == 0
    assert "finns redan, i miljön simulator. Inget ändrades." in again.stdout
    listed = json.loads(provsluss("organisation", "list", "--json").stdout)["organisations"]
    assert [(one["name"], one["environment"]) for one in listed] == [("Exempelkommunen", "simulator")]


def test_the_environment_is_verifieringstest_unless_another_is_named(provsluss: Command) -> None:
    added = provsluss("organisation", "add", "2120009952", "Grannkommunen", "--json")
    assert json.loads(added.stdout)["environment"] == "verifieringstest"


def test_a_wrong_number_and_an_unknown_environment_are_refused(provsluss: Command) -> None:
    wrong = provsluss("organisation", "add", "2120009946", "X")
    assert (wrong.returncode, "Kontrollsiffran" in wrong.stderr) == (2, True)
    unknown = provsluss("organisation", "add", "2120009945", "X", "--environment", "molnet")
    assert unknown.returncode == 2
    assert "Välj produktion, verifieringstest, simulator" in unknown.stderr


def test_an_empty_list_says_how_to_add_one(provsluss: Command) -> None:
    assert "provsluss organisation add" in provsluss("organisation", "list").stdout
