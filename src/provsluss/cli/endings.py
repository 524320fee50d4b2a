"""How a command ends when it cannot do its work: in a Swedish sentence on standard error, and never in a traceback."""

import os
import sys
import tempfile
import threading
import traceback
from pathlib import Path

import typer
from typer import rich_utils
from typer._click.exceptions import ClickException

from provsluss.cli.errors import CannotBeDone
from provsluss.installation.os_words import NO_ROOM, reason
from provsluss.installation.trouble import trouble_sentence
from provsluss.ss12000.log_filter import loggable, masked_excepthook

COULD_NOT_BE_DONE = 2


def end_of(problem: Exception) -> int:
    """Tell about `problem` and return the exit status."""
    if isinstance(problem, ClickException):
        rich_utils.rich_format_error(problem)
        return problem.exit_code
    if isinstance(problem, BrokenPipeError):
        return _nobody_reads()
    complain(str(problem) if isinstance(problem, CannotBeDone) else trouble_sentence(problem) or _unexpected(problem))
    return COULD_NOT_BE_DONE


def end_of_thread(told: "threading.ExceptHookArgs") -> None:
    """For threading.excepthook."""
    if told.exc_value and (sentence := trouble_sentence(told.exc_value)):
        complain(sentence)
    else:
        masked_excepthook(told.exc_type, told.exc_value, told.exc_traceback)


def end_of_unraisable(told: "sys.UnraisableHookArgs") -> None:
    """For sys.unraisablehook: what a half-written file says when it is forgotten has been told already."""
    if not (told.exc_value and trouble_sentence(told.exc_value)):
        masked_excepthook(told.exc_type, told.exc_value, told.exc_traceback)


def complain(sentence: str) -> None:
    """Say it on standard error."""
    typer.secho(sentence, err=True, fg=typer.colors.RED)


def written_out(status: int) -> int:
    """`status`, once all that was printed has left us; standard output may be a file on a full disk."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _nobody_reads()
    except OSError as problem:
        _forget_output()
        what = reason(problem) if problem.errno in NO_ROOM else f"utmatningen kan inte användas, {reason(problem)}"
        complain(f"Svaret gick inte att skriva ut: {what}.")
        return COULD_NOT_BE_DONE
    return status


def _nobody_reads() -> int:
    """Whoever read our output has heard enough (`provsluss history | head`), which is nothing to complain about."""
    _forget_output()
    return 0


def _forget_output() -> None:
    """Python would try to write it once more as it ends, and complain in English."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unexpected(problem: Exception) -> str:
    """A fault of ours: kept in a file, without what an error's text quotes, for whoever can mend it."""
    told = loggable("".join(traceback.format_exception(problem)))
    kept = _kept(told)
    where = f"Vad som hände står i {kept}" if kept else "Vad som hände gick inte att spara"
    return (
        f"Ett oväntat fel stoppade kommandot ({type(problem).__name__}). {where}. Kontakta den som utvecklar Provsluss"
        f"{' och skicka med den filen' if kept else ''}."
    )


def _kept(text: str) -> Path | None:
    from django.conf import settings

    try:
        directory = settings.DATA_DIR if settings.configured else Path(tempfile.gettempdir())
        handle, name = tempfile.mkstemp(prefix="provsluss-error-", suffix=".txt", dir=directory)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return None
    return Path(name)
