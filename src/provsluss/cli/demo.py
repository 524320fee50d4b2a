"""`provsluss demo`: everything that is needed to try Provsluss, started and ended together."""

import contextlib
import fcntl
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from provsluss.cli.children import Children
from provsluss.cli.errors import CannotBeDone
from provsluss.cli.ports import demand_free, next_free
from provsluss.cli.ready_django import ready_django
from provsluss.installation.data_directory import ready_data_directory


def add_to(app: typer.Typer) -> None:
    """Adds the subcommand."""
    app.command()(demo)


def demo(
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="Webbens port. Förval: 8000, eller nästa lediga.")
    ] = None,
    simulator_port: Annotated[
        int | None,
        typer.Option("--simulator-port", min=1, max=65535, help="Simulatorns port. Förval: 8100, eller nästa lediga."),
    ] = None,
    pupils: Annotated[int, typer.Option("--pupils", help="Antal elever i exempelskolan.")] = 268,
) -> None:
    """Prova Provsluss: en exempelkommun och en simulator av Skolverkets provtjänst, på den egna datorn."""
    data_dir = _data_dir()
    stop = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: stop.set())
    with _only_demo(data_dir):
        web_port = _port(port, 8000, "--port")
        simulator_url = f"http://127.0.0.1:{_port(simulator_port, 8100, '--simulator-port')}"
        os.environ["PROVSLUSS_SIMULATOR_URL"] = simulator_url
        children = Children(data_dir)
        try:
            _run(children, data_dir, simulator_url, web_port, pupils, stop)
        finally:
            children.end()
    typer.echo("Demon är avslutad. Det du har gjort finns kvar till nästa gång.")


def _run(
    children: Children, data_dir: Path, simulator_url: str, web_port: int, pupils: int, stop: threading.Event
) -> None:
    simulator_port = simulator_url.rpartition(":")[2]
    state = str(data_dir / "simulator.json")
    children.start("simulator", ["-m", "provsluss.simulator", "--port", simulator_port, "--state", state])
    ready_django()
    from provsluss.cli.demo_school import USER_NAME, demand_only_simulator, prepare_demo_school
    from provsluss.cli.serve import demand_assets
    from provsluss.organisations.environments import Environment
    from provsluss.transfers.remote.new_address import move_all

    demand_assets()
    demand_only_simulator()
    # The simulator is this directory's own, with all that was sent to it, whatever port it has got this time.
    move_all(Environment.SIMULATOR)
    # The tables are there, so web and worker can start while the school is made.
    children.start("serve", ["-m", "provsluss", "serve", "--port", str(web_port)])
    children.wait_until_answers(f"{simulator_url}/provisioning/v1/alive")
    password = prepare_demo_school(data_dir, pupils)
    address = f"http://127.0.0.1:{web_port}"
    children.wait_until_answers(address)
    if not stop.is_set():
        _welcome(address, USER_NAME, password)
    while not stop.wait(0.5):
        children.demand_all_alive()


def _welcome(address: str, user: str, password: str) -> None:
    from rich.console import Console
    from rich.panel import Panel

    Console().print(
        Panel.fit(
            f"Provsluss är igång. Öppna adressen i webbläsaren och logga in:\n\n"
            f"  Adress      [bold]{address}[/bold]\n"
            f"  Användare   [bold]{user}[/bold]\n"
            f"  Lösenord    [bold]{password}[/bold]\n\n"
            f"Avsluta med Ctrl-C.",
            padding=(1, 2),
        )
    )


def _data_dir() -> Path:
    """The demo's own directory, named to the settings before they are read; the demo's database is always embedded."""
    os.environ.pop("PROVSLUSS_DATABASE_URL", None)
    os.environ.setdefault("PROVSLUSS_DATA_DIR", ".demo")
    from provsluss.installation.wrong_settings import read_settings  # what it needs takes a while to load

    path = ready_data_directory(read_settings().data_dir)
    os.environ["PROVSLUSS_DATA_DIR"] = str(path)
    return path


@contextlib.contextmanager
def _only_demo(data_dir: Path) -> Iterator[None]:
    """Two demos would write over each other in the same directory."""
    with (data_dir / "demo.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotBeDone(
                f"Demon är redan igång i {data_dir}. Avsluta den först, eller välj en annan datakatalog med "
                "PROVSLUSS_DATA_DIR."
            ) from None
        yield


def _port(asked_for: int | None, usual: int, option: str) -> int:
    if asked_for is None:
        return next_free(usual)
    demand_free(asked_for, option=option)
    return asked_for
