"""`provsluss example`: a workbook with schools that do not exist."""

import dataclasses
import json
import time
from pathlib import Path
from typing import Annotated

import typer

from provsluss.cli.errors import CannotBeDone


def add_to(app: typer.Typer) -> None:
    """Adds the subcommand."""
    app.command("example")(example)


def example(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Filen som ska skrivas (.xlsx).")],
    pupils: Annotated[int, typer.Option("--pupils", help="Antal elever.")] = 268,
    schools: Annotated[
        int | None, typer.Option("--schools", help="Antal skolenheter. Förval: en per 400 elever, minst fyra.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Frö för slumpen: samma frö ger samma fil.")] = 1,
    faultless: Annotated[bool, typer.Option("--faultless", help="Utelämna de avsiktliga felen.")] = False,
    next_year: Annotated[
        bool, typer.Option("--next-year", help="Samma skolor ett läsår senare, för att öva på läsårsskiftet.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Skriv resultatet som JSON.")] = False,
) -> None:
    """Skriv en exempelfil i Skolverkets Excelmall, med påhittade skolor, elever och personal."""
    from provsluss.register.example import ExampleNotPossible, write_example

    if file.suffix.lower() != ".xlsx":
        raise CannotBeDone(f"Filen {file.name} är ingen Excel-arbetsbok. Välj ett filnamn som slutar på .xlsx.")
    began = time.monotonic()
    try:
        written = write_example(file, pupils, schools, seed, faultless, next_year)
    except ExampleNotPossible as problem:
        raise CannotBeDone(str(problem)) from problem
    except OSError as problem:
        raise CannotBeDone(f"Filen {file} kan inte skrivas: {problem.strerror}.") from problem
    seconds = round(time.monotonic() - began, 2)
    if as_json:
        typer.echo(json.dumps({"file": str(file), **dataclasses.asdict(written), "seconds": seconds}))
        return
    typer.echo(f"Skrev {file}:")
    typer.echo(f"  {written.school_units} skolenheter och {written.classes} klasser")
    typer.echo(f"  {written.pupils} elever och {written.staff} i personalen")
    typer.echo(f"  {written.teaching_groups} ämnesgrupper för {len(written.national_tests)} provaktiviteter")
    if next_year:
        typer.echo(
            "  De som gick i årskurs 6 läser franska. Det bedömningsstödet är till för årskurs 9, "
            "så Kontroll anmärker på de grupperna"
        )
    if written.planted_faults:
        typer.echo(
            f"  {written.planted_faults} elever har avsiktliga fel: 3 nekas av Skolverket, 2 får en varning, "
            "3 rader anmärker inläsningen på och 4 är udda skrivna men rätt"
        )
