"""What was received with a warning was received: the table says the same as the pages, JSON keeps them apart."""

from django_scopes import scope
from rich.console import Console

from provsluss.cli.transfer_counts import as_dict, counts_table
from provsluss.organisations.models import Organisation
from tests.web.transfers_made_by_hand import make_transfer


def test_the_table_counts_warnings_as_received(organisation: Organisation) -> None:
    made = make_transfer(organisation)
    console = Console(width=100, record=True, file=None, quiet=False)
    with scope(organisation=organisation), console.capture() as said:
        console.print(counts_table(made.transfer))
        counts = as_dict(made.transfer)["jobs"]["persons"]

    users = next(line for line in said.get().splitlines() if "Användare" in line)
    assert users.split() == ["Användare", "6", "0", "5", "4", "1", "1", "1"]
    assert (counts["success"], counts["warning"]) == (3, 1)
