"""`provsluss organisation`: the huvudmän that this installation serves."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provsluss.cli.errors import CannotBeDone
from provsluss.cli.ready_django import ready_django

if TYPE_CHECKING:
    from provsluss.organisations.models import Organisation

_organisation = typer.Typer(help="Huvudmän: lägg till, lista och ange certifikat.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Adds the subcommands."""
    app.add_typer(_organisation, name="organisation")


@_organisation.command("add")
def add(
    number: Annotated[str, typer.Argument(metavar="ORGNR", help="Organisationsnummer, tio siffror.")],
    name: Annotated[str, typer.Argument(metavar="NAMN", help="Huvudmannens namn.")],
    environment: Annotated[
        str, typer.Option("--environment", help="produktion, verifieringstest eller simulator.")
    ] = "verifieringstest",
    as_json: Annotated[bool, typer.Option("--json", help="Skriv resultatet som JSON.")] = False,
) -> None:
    """Lägg till en huvudman. Finns den redan ändras ingenting."""
    ready_django()
    from provsluss.organisations.environments import Environment
    from provsluss.organisations.models import Organisation
    from provsluss.organisations.organisation_number import read_organisation_number

    try:
        digits = read_organisation_number(number)
    except ValueError as problem:
        raise CannotBeDone(str(problem)) from problem
    if environment not in Environment.values:
        raise CannotBeDone(f"Miljön {environment} finns inte. Välj {', '.join(Environment.values)}.")
    if not name.strip():
        raise CannotBeDone("Ange huvudmannens namn.")
    organisation, created = Organisation.objects.get_or_create(
        number=digits, defaults={"name": name.strip(), "environment": environment}
    )
    if as_json:
        typer.echo(json.dumps({**_shown(organisation), "created": created}))
    elif created:
        typer.echo(f"{organisation.name} ({digits}) är tillagd, i miljön {organisation.environment}.")
    else:
        typer.echo(f"{organisation.name} ({digits}) finns redan, i miljön {organisation.environment}. Inget ändrades.")


@_organisation.command("certificate")
def certificate(
    number: Annotated[str, typer.Argument(metavar="ORGNR", help="Organisationsnummer, tio siffror.")],
    certificate_file: Annotated[Path, typer.Option("--certificate", metavar="FIL", help="Certifikatet (PEM).")],
    key_file: Annotated[Path, typer.Option("--key", metavar="FIL", help="Den privata nyckeln, utan lösenord (PEM).")],
    entity_id: Annotated[
        str, typer.Option("--entity-id", help="Namn i federationen (Moa). Utan det gäller fingeravtrycket.")
    ] = "",
) -> None:
    """Ange huvudmannens certifikat och nyckel, var som helst på servern. Filerna läses men kopieras inte.

    En annan huvudmans certifikat nekas. Ett certifikat som har gått ut eller inte gäller ännu ger en varning.
    """
    ready_django()
    from django.db import transaction

    from provsluss.cli.chosen_organisation import chosen_organisation
    from provsluss.connection.certificate_choice import what_to_mind, why_refused
    from provsluss.organisations.certificate_files import has_entity_id_of_another
    from provsluss.organisations.decision_log import What, log_decision
    from provsluss.organisations.models import ClientKey
    from provsluss.provtjanst.certificates import CertificateProblem, client_context

    organisation = chosen_organisation(number)
    if entity_id and has_entity_id_of_another(organisation, entity_id):
        raise CannotBeDone(f"En annan huvudman har redan entitets-id {entity_id}.")
    try:
        client_context(certificate_file, key_file)
    except CertificateProblem as problem:
        raise CannotBeDone(str(problem)) from problem
    before = Path(organisation.certificate_file).name
    organisation.certificate_file = str(certificate_file.absolute())
    organisation.private_key_file = str(key_file.absolute())
    organisation.client_key = ClientKey.ENTITY_ID if entity_id else ClientKey.FINGERPRINT
    organisation.entity_id = entity_id
    if refusal := why_refused(organisation):
        raise CannotBeDone(refusal)
    with transaction.atomic():
        organisation.save()
        log_decision(What.CERTIFICATE, before, certificate_file.name, by=None, organisation=organisation)
    typer.echo(f"{organisation.name} använder nu {certificate_file.name} med nyckeln {key_file.name}.")
    for check in what_to_mind(organisation):
        typer.echo(f"Varning: {check.sentence} {check.remedy}".rstrip(), err=True)


@_organisation.command("protection")
def protection(
    number: Annotated[str, typer.Argument(metavar="ORGNR", help="Organisationsnummer, tio siffror.")],
    confirm: Annotated[
        list[str] | None,
        typer.Option("--confirm", metavar="VAD", help="fullmakt, epost eller metod. Kan anges flera gånger."),
    ] = None,
    take_back: Annotated[
        list[str] | None, typer.Option("--take-back", metavar="VAD", help="Ta tillbaka en bekräftelse.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Skriv resultatet som JSON.")] = False,
) -> None:
    """Bekräfta att huvudmannen är redo att skicka skyddade personuppgifter, eller visa vad som är bekräftat."""
    ready_django()
    from django.utils.timezone import localtime

    from provsluss.cli.chosen_organisation import chosen_organisation
    from provsluss.organisations.models import Preparation
    from provsluss.organisations.protection import decide, decisions

    organisation = chosen_organisation(number)
    words = {**dict.fromkeys(take_back or [], False), **dict.fromkeys(confirm or [], True)}
    if both := set(confirm or []) & set(take_back or []):
        raise CannotBeDone(f"Ange antingen --confirm eller --take-back för {min(both)}, inte båda.")
    if unknown := [what for what in words if what not in Preparation.values]:
        raise CannotBeDone(f"{unknown[0]} finns inte. Välj bland {', '.join(Preparation.values)}.")
    for what, confirmed in words.items():
        decide(organisation, Preparation(what), confirmed, None)
    known = decisions(organisation)
    said = {what: bool(what in known and known[what].confirmed) for what in Preparation}
    if as_json:
        typer.echo(
            json.dumps({"protection": {what.value: it for what, it in said.items()}, "ready": all(said.values())})
        )
        return
    for what, confirmed in said.items():
        when = f" {localtime(known[what].decided_at):%Y-%m-%d %H:%M}" if confirmed else ""
        typer.echo(f"{what.value:<9} {'bekräftat' if confirmed else 'inte bekräftat'}{when}: {what.label}")
    if all(said.values()):
        typer.echo("Personer med skyddade personuppgifter kan skickas.")
    else:
        typer.echo("Personer med skyddade personuppgifter skickas inte förrän alla tre är bekräftade.")


@_organisation.command("list")
def list_all(as_json: Annotated[bool, typer.Option("--json", help="Skriv resultatet som JSON.")] = False) -> None:
    """Visa alla huvudmän."""
    ready_django()
    from provsluss.organisations.models import Organisation

    organisations = list(Organisation.objects.all())
    if as_json:
        typer.echo(json.dumps({"organisations": [_shown(organisation) for organisation in organisations]}))
    elif not organisations:
        typer.echo('Ingen huvudman är tillagd. Lägg till en med: provsluss organisation add ORGNR "NAMN"')
    for organisation in [] if as_json else organisations:
        typer.echo(f"{organisation.number}  {organisation.environment:<16}  {organisation.name}")


def _shown(organisation: "Organisation") -> dict[str, str]:
    return {
        "id": str(organisation.id),
        "number": organisation.number,
        "name": organisation.name,
        "environment": organisation.environment,
    }
