"""`provsluss send`, `history` and `show`."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from provsluss.cli.before_sending import tell_before_sending
from provsluss.cli.chosen_organisation import chosen_organisation
from provsluss.cli.errors import CannotBeDone
from provsluss.cli.following import follow
from provsluss.cli.named_person import AnywayOption, PersonOption, UnsentTestsOption, named_person, send_one
from provsluss.cli.named_test_activities import TestActivityOption, named_test_activities
from provsluss.cli.options import JsonOption, OrganisationOption
from provsluss.cli.ready_django import ready_django
from provsluss.cli.transfer_counts import as_dict, counts_table, nothing_sent, number

if TYPE_CHECKING:
    from provsluss.transfers.models import Transfer, TransferEvent
    from provsluss.transfers.quoted_persons import WithoutProtected


def add_to(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.command()(send)
    app.command()(history)
    app.command()(show)


def send(
    organisation: OrganisationOption,
    test_activity: TestActivityOption = None,
    person: PersonOption = None,
    anyway: AnywayOption = False,
    unsent_tests: UnsentTestsOption = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Skicka allt igen, också det som är oförändrat.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Vänta tills överföringen är klar.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Skicka till Skolverket: användare, tjänstgöringar, grupper och aktiviteter."""
    if person and (test_activity or everything):
        other = "--test-activity" if test_activity else "--everything"
        raise CannotBeDone(f"Ange antingen --person eller {other}, inte båda.")
    ready_django()
    from django_scopes import scope

    from provsluss.operations.heartbeats import alive_workers
    from provsluss.operations.queue_pause import current_pause
    from provsluss.transfers.actions.send import CannotSend, press_send
    from provsluss.transfers.actions.send_person import NothingNew
    from provsluss.transfers.models import Purpose

    chosen = chosen_organisation(organisation)
    with scope(organisation=chosen):
        try:
            if person:
                transfer = send_one(chosen, named_person(person), anyway, unsent_tests, ask=not as_json)
            else:
                purpose = Purpose.SEND_EVERYTHING if everything else Purpose.SEND
                activities = named_test_activities(test_activity)
                tell_before_sending(chosen, activities)
                transfer = press_send(chosen, None, activities, purpose=purpose)
        except NothingNew as same:
            _print_json(nothing_sent(str(same))) if as_json else typer.echo(f"{same} Skicka ändå med --anyway.")
            return
        except CannotSend as no:
            raise CannotBeDone(str(no)) from no
        if current_pause():
            typer.echo("Kön är pausad. Överföringen börjar när den släpps på: provsluss queue release", err=True)
        if wait:
            follow(transfer)
        _tell(transfer, as_json)
    if not wait and not alive_workers().exists():
        typer.echo("Ingen arbetsprocess är igång. Starta en med provsluss serve, eller skicka med --wait.", err=True)
    raise typer.Exit(_exit_status(transfer) if wait else 0)


def history(
    organisation: OrganisationOption,
    limit: Annotated[int, typer.Option(help="Hur många överföringar som visas.", min=1, max=1000)] = 20,
    as_json: JsonOption = False,
) -> None:
    """Lista överföringarna, den senaste först."""
    ready_django()
    from django_scopes import scope

    from provsluss.transfers.models import Transfer

    chosen = chosen_organisation(organisation)
    with scope(organisation=chosen):
        transfers = list(Transfer.objects.prefetch_related("sync_jobs", "test_activities")[:limit])
        if as_json:
            _print_json({"transfers": [as_dict(transfer) for transfer in transfers]})
            return
        table = Table("Nr", "Startad", "Miljö", "Läge", "Provaktiviteter", "Fel")
        for transfer in transfers:
            table.add_row(
                str(transfer.pk),
                _local(transfer.created_at),
                transfer.get_environment_display(),
                transfer.get_state_display(),
                ", ".join(activity.name for activity in transfer.test_activities.all()),
                number(sum(job.error + job.withheld for job in transfer.sync_jobs.all())),
            )
        _console().print(table)


def show(
    transfer_id: Annotated[int, typer.Argument(metavar="ID", help="Överföringens nummer.")],
    as_json: JsonOption = False,
) -> None:
    """Visa en överföring och varje uppgift som inte gick igenom."""
    ready_django()
    from django_scopes import scope, scopes_disabled

    from provsluss.transfers.models import Transfer

    with scopes_disabled():
        transfer = Transfer.objects.select_related("organisation").filter(pk=transfer_id).first()
    if transfer is None:
        raise CannotBeDone(f"Det finns ingen överföring med nummer {transfer_id}. Se numren med: provsluss history")
    with scope(organisation=transfer.organisation):
        _tell(transfer, as_json, with_problems=True)


def _tell(transfer: "Transfer", as_json: bool, with_problems: bool = False) -> None:
    if as_json:
        answer = as_dict(transfer)
        if with_problems:
            answer["events"] = [_event(event) for event in transfer.events.select_related("sync_job")]
            answer["problems"] = problems_in_words(transfer)
        _print_json(answer)
        return
    from provsluss.wording.who_acts import who_acts

    console = _console()
    console.print(
        f"Överföring {transfer.pk}: {transfer.get_state_display()}", transfer.message, who_acts(transfer.category)
    )
    if transfer.sync_jobs.exists():
        console.print(counts_table(transfer))
    if with_problems:
        for one in problems_in_words(transfer):
            reasons = " ".join([*one["findings"], *(message["message"] for message in one["messages"])])
            console.print(f"{one['state_text']}: {one['name']} – {reasons}")


def _event(event: "TransferEvent") -> dict[str, Any]:
    """One step of the transfer, or of the sync job that `kind` and `action` name."""
    job = event.sync_job
    return {
        "at": event.at.isoformat(timespec="seconds"),
        "kind": job.kind if job else None,
        "action": job.action if job else None,
        "from": event.from_state,
        "to": event.to_state,
        "cause": event.cause,
        "category": event.category,
    }


def _problems(transfer: "Transfer") -> Any:
    from provsluss.transfers.models import ObjectResult, ObjectState

    states = [ObjectState.ERROR, ObjectState.WITHHELD, ObjectState.WARNING]
    return (
        ObjectResult.objects.filter(sync_job__transfer=transfer, state__in=states)
        .select_related("sync_job")
        .order_by("sync_job__position", "state", "name")
        .iterator()
    )


def problems_in_words(transfer: "Transfer") -> list[dict[str, Any]]:
    """What did not go well, as `show` tells of it. Needs the organisation's scope."""
    from provsluss.transfers.quoted_persons import WithoutProtected

    without_protected = WithoutProtected()
    return [_problem(result, without_protected) for result in _problems(transfer)]


def _problem(result: Any, without_protected: "WithoutProtected") -> dict[str, Any]:
    """One object with its reasons; never a personnummer, and of a protected person only how it went."""
    known = {"kind": result.sync_job.kind, "state": result.state, "state_text": result.get_state_display()}
    if result.restricted:
        return known | {"id": None, "name": "Begränsade uppgifter", "findings": [], "messages": []}
    return known | {
        "id": str(result.object_id),
        "name": result.name,
        "findings": [finding["sentence"] for finding in result.findings],
        "messages": [
            {"code": message["code"], "message": without_protected(message["message"], result.sync_job_id)}
            for message in result.messages
        ],
    }


def _exit_status(transfer: "Transfer") -> int:
    from provsluss.transfers.models import TransferState

    if transfer.state in (TransferState.DONE, TransferState.DONE_WITH_WARNINGS):
        return 0
    # What needs review has been sent; only its removals wait for somebody.
    return 1 if transfer.state in (TransferState.DONE_WITH_ERRORS, TransferState.NEEDS_REVIEW) else 2


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def _console() -> Console:
    """Prints text as it is: a group may well be called "6A [bild]"."""
    return Console(markup=False, highlight=False)


def _local(moment: Any) -> str:
    from django.utils.timezone import localtime

    return localtime(moment).strftime("%Y-%m-%d %H:%M")
