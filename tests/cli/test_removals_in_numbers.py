"""What the command says of a transfer that removes: the shape of its JSON stays, and waiting is no failure."""

from io import StringIO

from django_scopes import scope
from rich.console import Console

from provsluss.cli.transfer_counts import as_dict, counts_table, job_title
from provsluss.cli.transfers import _exit_status
from provsluss.organisations.models import Organisation
from provsluss.transfers.models import SyncJob
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


def test_the_table_stands_whole_in_80_columns(organisation: Organisation) -> None:
    made = make_removal(organisation)
    with scope(organisation=organisation):
        SyncJob.objects.filter(pk=made.jobs["persons"].pk).update(wanted=100_000, success=100_000)
        console = Console(width=80, record=True, file=StringIO())
        console.print(counts_table(made.transfer))
    printed = console.export_text()

    assert "…" not in printed
    assert "Ta bort: användare" in printed
