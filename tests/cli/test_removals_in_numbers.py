"""What the command says of a transfer that removes: the shape of its JSON stays, and waiting is no failure."""

from django_scopes import scope

from provsluss.cli.transfer_counts import as_dict, job_title
from provsluss.cli.transferring import _exit_status
from provsluss.organisations.models import Organisation
from tests.web.removals_made_by_hand import make_removal


def test_a_removal_is_counted_with_its_kind(organisation: Organisation) -> None:
    made = make_removal(organisation)
    with scope(organisation=organisation):
        told = as_dict(made.transfer)

    assert list(told["jobs"]) == ["persons", "duties", "groups", "activities"]
    persons = told["jobs"]["persons"]
    assert {name: persons[name] for name in ("wanted", "unchanged", "sent", "error", "removed")} == {
        "wanted": 4, "unchanged": 4, "sent": 0, "error": 1, "removed": 2
    }  # fmt: skip
    assert told["jobs"]["groups"]["removed"] == 0
    assert job_title(made.jobs["persons"]) == "Ta bort: användare"


def test_what_waits_for_review_is_done_but_for_the_removals(organisation: Organisation) -> None:
    made = make_removal(organisation, "needs_review")

    assert _exit_status(made.transfer) == 1
