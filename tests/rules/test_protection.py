"""P19: what holds protected persons back, said of one person and of the huvudman."""

from provsluss.organisations.models import Preparation
from provsluss.rules.protection import marking_not_sent, unprepared_organisation, unprepared_person
from provsluss.rules.urgency import is_urgent
from tests.rules.examples import codes


def test_protected_persons_are_held_back_and_it_is_said_what_is_missing() -> None:
    for say in (unprepared_person, unprepared_organisation):
        assert codes([say(["fullmakt"])]) == [("P19", "error")]
        assert say(["fullmakt"]).sentence.endswith("Det är inte bekräftat: fullmakt.")
        assert say(["a", "b", "c"]).sentence.endswith("Det är inte bekräftat: a, b och c.")
        assert is_urgent(say(Preparation.labels))


def test_a_marking_that_is_not_sent_is_urgent() -> None:
    assert is_urgent(marking_not_sent())
