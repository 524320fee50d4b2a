"""provisioningStatus turns true after a delay, when the object has what the test platform needs (rules.md T14)."""

import time

from tests.simulator.huvudman import Huvudman, activity, duty, group, person, staff


def arrived(huvudman: Huvudman, kind: str, wanted: dict[str, object]) -> bool:
    """The object's provisioningStatus."""
    return bool(huvudman.get(f"/{kind}/{wanted['id']}").json()["provisioningStatus"])


def test_it_takes_a_while(huvudman: Huvudman) -> None:
    pupil = person()
    huvudman.http.post("/faults", json={"provision_delay": 0.6})
    try:
        huvudman.sent("persons", pupil)
        assert not arrived(huvudman, "persons", pupil)
        deadline = time.monotonic() + 5
        while not arrived(huvudman, "persons", pupil):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        huvudman.http.post("/faults", json={"provision_delay": 0})


def test_a_person_needs_an_enrolment_or_a_duty(huvudman: Huvudman) -> None:
    nobody, teacher, pupil = person(enrolments=[]), staff(), person()
    huvudman.sent("persons", nobody, teacher, pupil)
    assert [arrived(huvudman, "persons", each) for each in (nobody, teacher, pupil)] == [False, False, True]
    role = duty(teacher)
    huvudman.sent("duties", role)
    assert arrived(huvudman, "persons", teacher)
    assert arrived(huvudman, "duties", role)
    huvudman.delete("duties", role)
    assert not arrived(huvudman, "persons", teacher)


def test_a_teaching_group_needs_an_activity_and_a_class_does_not(huvudman: Huvudman) -> None:
    team, form = group(), group(groupType="Klass")
    huvudman.sent("groups", team, form)
    assert (arrived(huvudman, "groups", team), arrived(huvudman, "groups", form)) == (False, True)
    lesson = activity(team)
    huvudman.sent("activities", lesson)
    assert arrived(huvudman, "groups", team)
    assert arrived(huvudman, "activities", lesson)
    huvudman.delete("groups", team)
    assert not arrived(huvudman, "activities", lesson)
