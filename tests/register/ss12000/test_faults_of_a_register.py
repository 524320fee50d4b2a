"""Whatever goes wrong between us and a register has its sentence, and changes nothing that is not whole."""

from typing import Any

import pytest
from django_scopes import scope

from provsluss.register.models import Duty, Group, Person
from provsluss.register.sources.ss12000 import client, lists
from tests.fixtures.school_register import Registers, SchoolRegister

FAULTS = {
    "bad-request": ("/persons", "Källan har inte den delen av SS 12000"),
    "missing": ("/groups", "Källan har inte den delen av SS 12000"),
    "busy": ("/persons", "för många frågor"),
    "down": ("/duties", "tillfälligt stängd"),
    "refused": ("/persons", "släpper inte in Provsluss"),
    "forbidden": ("/persons", "släpper inte in Provsluss"),
    "same-page": ("/persons", "samma sida två gånger"),
    "endless": ("/persons", "tar aldrig slut"),
    "no-json": ("/groups", "något annat än uppgifter ur ett register"),
    "other-json": ("/groups", "något annat än uppgifter ur ett register"),
    "huge": ("/duties", "större än 32 MB"),
    "redirect": ("/persons", "hänvisar till en annan adress"),
    "hang": ("/persons", "svarade inte i tid"),
    "drop": ("/groups", "svarar inte"),
    "replaced": ("/persons", "bytte ut sina uppgifter gång på gång"),
}


@pytest.fixture
def register(school_register: Registers, monkeypatch: pytest.MonkeyPatch) -> SchoolRegister:
    """A register that has been read once, and small pages."""
    monkeypatch.setattr(lists, "PAGE_SIZES", (100, 40))
    monkeypatch.setattr(lists, "MOST_PAGES", 50)
    monkeypatch.setattr(client, "LARGEST_ANSWER", 3_000_000)
    started = school_register(pupils=60)
    assert started.read().state == "done"
    started.change("pupils-deleted", 3)
    return started


def held(register: SchoolRegister) -> tuple[int, ...]:
    """How much of the register there is."""
    with scope(organisation=register.organisation):
        return tuple(model.objects.filter(ended_at=None).count() for model in (Person, Duty, Group))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_and_changes_nothing(
    register: SchoolRegister, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "hang":
        monkeypatch.setattr(client, "SECONDS", 0.2)
    before = held(register)
    path, says = FAULTS[fault]
    register.fail(fault, path)

    run = register.read(full=True)

    assert (run.state, held(register)) == ("rejected", before)
    assert says in run.message
    assert "Inget har ändrats i registret." in run.message
    register.fail("")
    assert register.read().counts["pupils"]["ended"] == 3  # as if it had never been


@pytest.mark.parametrize(
    ("fault", "more"),
    [
        ("busy", {"calls": 2}),
        ("down", {"calls": 3}),
        ("drop", {"calls": 2}),
        ("replaced", {"calls": 1}),
        ("too-large", {}),
        ("strange-objects", {"path": "/groups"}),
    ],
)
def test_what_passes_or_can_be_worked_round_is_no_fault(register: SchoolRegister, fault: str, more: Any) -> None:
    register.fail(fault, **({"path": "/persons"} | more))
    run = register.read(full=True)
    assert (run.state, run.counts["pupils"]["ended"]) == ("done", 3)


def test_strange_objects_are_counted(register: SchoolRegister) -> None:
    register.fail("strange-objects", "/groups")
    run = register.read(full=True)
    assert run.reading["unreadable"] == {"groups": 3}


@pytest.mark.parametrize(
    ("path", "says"), [("/persons", "inga personer"), ("/duties", "inga tjänstgöringar"), ("/groups", "inga grupper")]
)
def test_a_suspiciously_empty_list_changes_nothing(register: SchoolRegister, path: str, says: str) -> None:
    before = held(register)
    register.fail("empty", path)

    run = register.read(full=True)

    assert (run.state, held(register)) == ("rejected", before)
    assert says in run.message


@pytest.mark.parametrize("way", ["bearer", "header", "client-credentials", "schoolsoft"])
def test_each_way_in(school_register: Registers, way: str, tmp_path: Any) -> None:
    secret = tmp_path / "hemlighet"
    secret.write_text("\ufeffhemlig \n", encoding="utf-8")
    register = school_register(add=False, auth=way)
    settings = {"auth": way, "secret_file": str(secret), "client_id": "vi", "organisation": "17"}
    register.add(token_url=register.url.replace("/v2.0", "/token") if way == "client-credentials" else "", **settings)

    assert register.read().state == "done"

    secret.write_text("en annan")
    assert register.read().state == "rejected"


def test_a_token_that_ends_in_the_middle_is_renewed(school_register: Registers, tmp_path: Any) -> None:
    secret = tmp_path / "hemlighet"
    secret.write_text("hemlig")
    register = school_register(add=False, auth="client-credentials")
    register.add(
        auth="client-credentials",
        secret_file=str(secret),
        client_id="vi",
        token_url=register.url.replace("/v2.0", "/token"),
    )
    register.fail("token-ends", "/groups", calls=1)

    assert register.read().state == "done"
    assert register.asked().count("POST token") == 2


def test_an_address_on_the_inside_is_an_operators_to_allow(school_register: Registers) -> None:
    register = school_register()
    register.source.settings = {"url": register.url}
    register.source.save()
    run = register.read()
    assert (run.state, register.asked()) == ("rejected", [])
    assert "Den som driver Provsluss kan" in run.message
