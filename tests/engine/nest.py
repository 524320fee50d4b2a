"""A process that has loaded everything and forks: a worker is there in a moment, and so is a press of a button.

`-m tests.engine.nest` reads one command a line from standard input and answers each with one line of JSON. Workers stay
(`worker` answers its process id, `kill PID` ends it with -9); everything else runs in a child of its own and ends.
Nothing of ours runs in this process itself, so that each child begins as a started program does.
"""

import json
import os
import runpy
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import timedelta
from io import StringIO

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402

from provsluss import cli  # noqa: E402
from provsluss.operations import workflows  # noqa: E402
from provsluss.operations.worker import run_worker  # noqa: E402
from provsluss.organisations.environments import Environment  # noqa: E402
from provsluss.organisations.models import Organisation  # noqa: E402
from provsluss.outbox.models import OutboxEntry  # noqa: E402
from provsluss.preflight.status import new_control  # noqa: E402
from provsluss.transfers.actions import send as sending  # noqa: E402
from provsluss.transfers.actions import send_again  # noqa: E402
from provsluss.transfers.models import Accepted, TestActivity, TestActivityState, Transfer  # noqa: E402
from tests.transfers.small_school import make_classes  # noqa: E402


def worker(version: str = "") -> int:
    """Fork a worker, and answer its process id. With `version` it is one of an older or newer Provsluss."""
    if pid := os.fork():
        return pid
    workflows.VERSION = version or workflows.VERSION
    os.dup2(2, 1)  # what a worker prints is no answer
    sys.stdin.close()
    run_worker()
    os._exit(0)


def kill(pid: str) -> str:
    """End the worker with -9, and wait until it is gone."""
    os.kill(int(pid), signal.SIGKILL)
    os.waitpid(int(pid), 0)
    return "killed"


def school(number: str, classes: str, pupils: str, first: str) -> str:
    """A huvudman whose school has so many classes of so many pupils; `first` is the first pupil's number."""
    organisation = Organisation.objects.create(
        number=number, name=f"Huvudman {number}", environment=Environment.SIMULATOR
    )
    with scope(organisation=organisation), transaction.atomic():
        make_classes(organisation, int(classes), int(pupils), first=int(first))
    return "made"


def send(number: str) -> int | str:
    """Press the button; answers the transfer's number, or why there is none."""
    organisation = Organisation.objects.get(number=number)
    with scope(organisation=organisation):
        try:
            return sending.press_send(organisation, None).pk
        except sending.CannotSend as reason:
            return str(reason)


def again(number: str) -> int | str:
    """Send everything once more, as if nothing had been accepted. Not while a transfer of it is under way."""
    with scopes_disabled():
        Accepted.objects.filter(organisation__number=number).delete()
    return send(number)


def ask_for_control(number: str, claimed_seconds_ago: str) -> int:
    """Ask for a control that a worker claimed so long ago and did not hand over; answers its number."""
    organisation = Organisation.objects.get(number=number)
    with scope(organisation=organisation):
        control, _ = new_control(organisation)
        claimed_at = timezone.now() - timedelta(seconds=int(claimed_seconds_ago))
        OutboxEntry.objects.filter(object_id=control.pk).update(claimed_at=claimed_at)
        return control.pk


def archive(number: str) -> str:
    """Archive every test activity: nobody wants anything any more."""
    with scopes_disabled():
        TestActivity.objects.filter(organisation__number=number).update(state=TestActivityState.ARCHIVED)
    return "archived"


def run_again(transfer_id: str) -> int | str:
    """Press "Kör om det som felade"; answers the new transfer's number, or why there is none."""
    with scopes_disabled():
        transfer = Transfer.objects.select_related("organisation").get(pk=int(transfer_id))
    with scope(organisation=transfer.organisation):
        try:
            return send_again.run_again(transfer, None).pk
        except sending.CannotSend as reason:
            return str(reason)


def command(*arguments: str) -> str:
    """Run `provsluss …`; answers what it prints, however it ends."""
    sys.argv = ["provsluss", *arguments]
    return _printed(cli.main)


def script(path: str, *arguments: str) -> str:
    """Run a Python file with these arguments; answers what it prints."""
    sys.argv = [path, *arguments]
    return _printed(lambda: runpy.run_path(path))


def _printed(program: Callable[[], object]) -> str:
    with redirect_stdout(StringIO()) as printed, redirect_stderr(printed), suppress(SystemExit):
        program()
    return printed.getvalue()


def cancel(transfer_id: str) -> str:
    """Cancel the transfer, whatever it is doing."""
    return _of_transfer(transfer_id, sending.cancel)


def resume(transfer_id: str) -> str:
    """Resume the transfer; answers why not where it cannot be."""
    return _of_transfer(transfer_id, sending.resume)


def _of_transfer(transfer_id: str, action: Callable[[Transfer], None]) -> str:
    with scopes_disabled():
        transfer = Transfer.objects.select_related("organisation").get(pk=int(transfer_id))
    with scope(organisation=transfer.organisation):
        try:
            action(transfer)
        except sending.CannotSend as reason:
            return str(reason)
    return "done"


def _in_a_child(command: Callable[..., object], arguments: list[str]) -> None:
    """Run the command and answer from there; one that fails tells why on standard error and ends the nest too."""
    if pid := os.fork():
        if os.waitpid(pid, 0)[1]:
            sys.exit(f"{command.__name__} failed")
        return
    _answer(command(*arguments))
    os._exit(0)


def _answer(what: object) -> None:
    print(json.dumps(what), flush=True)


IN_THE_NEST: dict[str, Callable[..., object]] = {"worker": worker, "kill": kill}
IN_A_CHILD: dict[str, Callable[..., object]] = {
    one.__name__: one
    for one in (school, send, again, archive, ask_for_control, cancel, resume, run_again, command, script)
}

if __name__ == "__main__":
    os.umask(0o077)  # as `provsluss worker` does
    _answer("ready")
    for line in sys.stdin:
        name, *arguments = line.split()
        if name in IN_THE_NEST:
            _answer(IN_THE_NEST[name](*arguments))
        else:
            _in_a_child(IN_A_CHILD[name], arguments)
