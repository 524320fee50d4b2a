"""What happens in a school comes over with few calls, and rightly: deleted, ended, moved, renamed, come back."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from django_scopes import scope

from provsluss.register.models import Import, Membership, Person
from provsluss.register.questions import Question
from provsluss.register.sources.ss12000 import mirror
from tests.fixtures.school_register import Registers, SchoolRegister


@pytest.fixture
def register(school_register: Registers) -> SchoolRegister:
    """A register that has been read once."""
    started = school_register(pupils=60)
    assert started.read().state == "done"
    started.asked()
    return started


def counts(run: Import) -> dict[str, int]:
    """What an import changed among pupils, without the zeros."""
    return {what: number for what in ("new", "changed", "ended", "bad") if (number := run.counts["pupils"][what])}


def person(register: SchoolRegister, person_id: str) -> Person:
    with scope(organisation=register.organisation):
        return Person.objects.get(pk=person_id)


def test_nothing_new_takes_a_call_a_list(register: SchoolRegister) -> None:
    run = register.read()

    assert (run.reading["full"], counts(run)) == (False, {})
    assert len(register.asked()) == run.reading["calls"] == 8
    assert run.reading["brought"] == {"persons": 0, "duties": 0, "groups": 0, "activities": 0}


def test_who_joins_is_read_with_the_class(register: SchoolRegister) -> None:
    (new,) = register.change("pupils-join")
    run = register.read()

    assert (counts(run), run.reading["brought"]["persons"]) == ({"new": 1}, 1)
    with scope(organisation=register.organisation):
        assert Membership.objects.filter(person_id=new).exists()


def test_who_is_renamed_is_changed(register: SchoolRegister) -> None:
    (one,) = register.change("pupils-renamed")
    assert counts(register.read()) == {"changed": 1}
    assert person(register, one).family_name == "Nyman"


def test_who_moves_to_another_class_is_changed_though_the_person_is_not(register: SchoolRegister) -> None:
    (one,) = register.change("pupils-move")
    run = register.read()

    assert run.reading["brought"]["persons"] == 0
    assert counts(run) == {"changed": 1}
    with scope(organisation=register.organisation):
        assert Membership.objects.filter(person_id=one, group__group_type="Klass").count() == 1


@pytest.mark.parametrize("how", ["pupils-deleted", "pupils-leave"])
def test_who_is_gone_has_ended(register: SchoolRegister, how: str) -> None:
    (one,) = register.change(how)
    assert counts(register.read()) == {"ended": 1}
    assert person(register, one).ended_at


def test_who_comes_back_is_the_same(register: SchoolRegister) -> None:
    (one,) = register.change("pupils-deleted")
    register.read()
    register.change("pupils-come-back")

    assert counts(register.read()) == {"new": 1}
    assert person(register, one).ended_at is None


def test_a_date_that_passes_needs_no_call(register: SchoolRegister, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is modified in the register when a day is over (SS 12000, Meta)."""
    (one,) = register.change("pupils-leave-today")
    register.read()
    assert person(register, one).ended_at is None
    tomorrow = datetime.now(UTC) + timezone.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)

    assert counts(register.read()) == {"ended": 1}
    assert person(register, one).ended_at


def test_a_person_who_was_in_no_list_is_asked_for(register: SchoolRegister) -> None:
    """A guardian becomes a teacher: the person is not modified by that."""
    store = register.register.store
    parent = next(one for one in store.school.objects["persons"].values() if not one.get("eduPersonPrincipalNames"))
    duty = next(iter(store.school.objects["duties"].values()))
    store.add("duties", duty | {"id": "5e0c4f5e-0000-4000-8000-000000000001", "person": {"id": parent["id"]}})

    run = register.read()

    assert any("lookup" in call for call in register.asked())
    assert run.counts["duties"]["new"] == 1
    assert person(register, parent["id"]).role == "staff"


def test_everything_is_read_again_when_asked_and_once_a_week(
    register: SchoolRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert register.read(full=True).reading["full"]
    later = datetime.now(UTC) + timezone.timedelta(days=8)
    monkeypatch.setattr(timezone, "now", lambda: later)
    run = register.read()
    assert (run.reading["full"], counts(run)) == (True, {})


def test_a_register_that_cannot_tell_what_is_deleted_is_read_whole(school_register: Registers) -> None:
    register = school_register(without=("deletedEntities",))
    register.read()
    (one,) = register.change("pupils-deleted")

    run = register.read()

    assert (run.reading["full"], counts(run)) == (True, {"ended": 1})
    assert person(register, one).ended_at


def test_a_register_that_does_not_know_the_filter_is_read_list_by_list(register: SchoolRegister) -> None:
    register.fail("bad-filter", "/persons")
    (one,) = register.change("pupils-deleted")

    assert counts(register.read()) == {"ended": 1}
    register.asked()
    register.read()
    assert not any("/persons?meta.modified" in call for call in register.asked())
    assert person(register, one).ended_at


def test_a_preview_that_is_not_stored_is_as_if_it_had_never_been(register: SchoolRegister) -> None:
    (one,) = register.change("pupils-renamed")
    assert register.read(stores=False).state == "preview"
    register.change("pupils-move")

    register.read()

    assert person(register, one).family_name == "Nyman"


def test_parts_that_a_register_does_not_have_are_told(school_register: Registers) -> None:
    register = school_register(without=("activities", "syllabuses", "programmes"))
    run = register.read()
    assert run.reading["missing_lists"] == ["programmes", "syllabuses", "activities"]
    assert run.state == "done"


def test_guardians_and_what_is_not_needed_are_not_kept(register: SchoolRegister) -> None:
    parents = [
        one
        for one in register.register.store.school.objects["persons"].values()
        if one["id"] not in {each["id"] for each in register.register.store.school.pupils()}
        and not one.get("eduPersonPrincipalNames")
    ]
    with mirror.reading(mirror.kept_path(register.source.key, register.organisation.pk)) as kept:
        assert not [one for one in parents if kept.has("persons", one["id"])]
        text = " ".join(kept.bodies("persons"))
    assert "responsibles" not in text
    assert "meta" not in text


def test_a_mass_ending_waits_while_the_rest_goes_in(register: SchoolRegister) -> None:
    register.change("pupils-deleted", 40)
    (renamed,) = register.change("pupils-renamed")

    run = register.read()

    assert run.state == "done_with_errors"
    assert counts(run) == {"changed": 1}
    assert person(register, renamed).family_name == "Nyman"
    again = register.read(yes=(Question.ENDING,))
    assert (again.state, counts(again)) == ("done", {"ended": 40})


def test_new_ids_for_everybody_are_the_same_persons(register: SchoolRegister) -> None:
    """The register has changed systems and says not a word of what it deleted; EPPN and personnummer are the same."""
    with scope(organisation=register.organisation):
        before = set(Person.objects.values_list("pk", flat=True))
    register.change("new-ids")

    run = register.read()

    assert run.reading["full"]
    assert not [name for name in ("pupils", "duties", "classes", "teaching_groups") if run.counts[name]["new"]]
    assert (run.state, counts(run)) == ("done", {"changed": 60})
    with scope(organisation=register.organisation):
        assert set(Person.objects.filter(ended_at=None).values_list("pk", flat=True)) == before
    assert counts(register.read()) == {}


def test_new_ids_where_nobody_has_an_eppn_are_asked_about(school_register: Registers) -> None:
    """Before they become a mass ending and a mass creation; with a yes they are the same persons."""
    register = school_register(pupils=60, dirt=("no-eppn",))
    register.read()
    register.change("new-ids")

    run = register.read()

    assert (run.state, run.counts["questions"], counts(run)) == ("done_with_errors", {"identity": 60}, {"bad": 60})
    assert run.counts["mass_endings"] == []
    again = register.read(yes=(Question.IDENTITY,))
    assert (again.state, counts(again)) == ("done", {"changed": 60})
    assert counts(register.read()) == {}
