"""What Typer itself says, in Swedish: the headings of its help, and its messages about wrong usage.

Typer has no catalogue for other languages, so its texts are replaced where it keeps them. A text that a new version of
Typer words in another way comes through in English; tests/cli/test_everything_is_swedish.py finds it.
"""

import re
from collections.abc import Iterator
from typing import Any

from typer import rich_utils
from typer._click import Command, Context, HelpFormatter
from typer._click.exceptions import ClickException
from typer.core import TyperOption

_MESSAGES = [
    (r"Missing argument '(.+?)'\.", r"\1 saknas."),
    (r"Missing option '(.+?)'\.", r"Flaggan \1 saknas."),
    (r"Missing command\.", "Skriv ett kommando."),
    (r"No such command '(.+?)'\.(?: Did you mean (.+)\?)?", r"Kommandot \1 finns inte. Menade du \2?"),
    (r"No such option: (\S+)(?: \(Possible options: (.+)\))?", r"Flaggan \1 finns inte. Menade du \2?"),
    (r"Option '(.+?)' requires an argument\.", r"Flaggan \1 behöver ett värde."),
    (r"Option '(.+?)' requires (\d+) arguments\.", r"Flaggan \1 behöver \2 värden."),
    (r"Option '(.+?)' does not take a value\.", r"Flaggan \1 ska inte ha något värde."),
    (r"Got unexpected extra argument(?:\(s\)|s)? \((.+)\)", r"För mycket är skrivet: \1."),
    (r"Invalid value for '(.+?)': (.+)", r"\1: \2"),
    (r"Invalid value: (.+)", r"Felaktigt värde: \1"),
]
_VALUES = [
    (r"Input should be a valid integer.*", "skriv ett heltal."),
    (r"Input should be a valid number.*", "skriv ett tal."),
    (r"Input should be a valid boolean.*", "skriv true eller false."),
    (r"Input should be greater than or equal to (\S+)", r"skriv ett tal som är minst \1."),
    (r"Input should be less than or equal to (\S+)", r"skriv ett tal som är högst \1."),
    (r"'(.*)' is not one of (.+?)\.", r"\1 är inget av \2."),
]
_TYPES = {
    "<bool>": "",
    "<str>": "<text>",
    "<list[str]>": "<text>",
    "<int>": "<heltal>",
    "<int range>": "<heltal>",
    "<float>": "<tal>",
    "<float range>": "<tal>",
    "<path>": "<fil>",
}


class SwedishFormatter(HelpFormatter):
    """Writes Användning where Typer writes Usage."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """As Typer's."""
        super().write_usage(prog, args, prefix or "Användning: ")


def speak_swedish(command: Command) -> None:
    """Make `command`, all below it, and the errors of their usage speak Swedish. Once, before it is called."""
    rich_utils.ARGUMENTS_PANEL_TITLE = "Argument"
    rich_utils.OPTIONS_PANEL_TITLE = "Flaggor"
    rich_utils.COMMANDS_PANEL_TITLE = "Kommandon"
    rich_utils.ERRORS_PANEL_TITLE = "Fel"
    rich_utils.ABORTED_TEXT = "Avbrutet."
    rich_utils.RICH_HELP = "Läs mer: [blue]{command_path} {help_option}[/]"
    rich_utils.REQUIRED_LONG_STRING = "[krävs]"
    rich_utils.DEFAULT_STRING = "[förval: {}]"
    rich_utils.ENVVAR_STRING = "[miljövariabel: {}]"
    rich_utils.rich_format_error = _show_error
    Context.formatter_class = SwedishFormatter
    for one in _with_all_below(command):
        _translate_help(one)


def in_swedish(message: str) -> str:
    """Typer's `message` about wrong usage in Swedish; unchanged where it is ours already."""
    for pattern, swedish in _MESSAGES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            told = found.expand(swedish)
            return _value_in_swedish(told).removesuffix(" Menade du ?")
    return message


def _value_in_swedish(told: str) -> str:
    """What pydantic says of a value, at the end of `told`."""
    for pattern, swedish in _VALUES:
        told = re.sub(f"{pattern}$", swedish, told, flags=re.DOTALL)
    return told


_show_in_english = rich_utils.rich_format_error


def _show_error(self: ClickException) -> None:
    message = in_swedish(self.format_message())
    setattr(self, "format_message", lambda: message)  # noqa: B010 - a method, which mypy lets nobody assign
    _show_in_english(self)


def _with_all_below(command: Command) -> Iterator[Any]:
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from _with_all_below(below)


def _translate_help(command: Any) -> None:
    if command.options_metavar == "[OPTIONS]":
        command.options_metavar = "[FLAGGOR]"
    if getattr(command, "subcommand_metavar", "") == "COMMAND [ARGS]...":
        command.subcommand_metavar = "KOMMANDO …"
    help_option = command.get_help_option(Context(command))
    if isinstance(help_option, TyperOption):
        help_option.help = "Visa den här texten."
    for parameter in (*command.params, *([help_option] if help_option else [])):
        _translate_type(parameter)


def _translate_type(parameter: Any) -> None:
    shown = parameter.display_type_rich

    def display_type_rich(ctx: Context) -> str | None:
        kind: str | None = shown(ctx=ctx)
        return _TYPES.get(kind, kind) if kind else kind

    parameter.display_type_rich = display_type_rich
