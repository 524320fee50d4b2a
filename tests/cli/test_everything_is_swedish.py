"""The help of every command and the errors of wrong usage are Swedish, also what Typer itself says."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from provsluss.cli import in_swedish, subcommands, users

ENGLISH = re.compile(
    r"\b(usage|options?|arguments?|commands?|required|default|show|this|message|exit|error|missing|invalid|value|values"
    r"|such|unexpected|extra|input|should|valid|must|integer|text|the|and|for|try|help)\b(?!\S*[=-])",
    re.IGNORECASE,
)
SWEDISH_TOO = {"argument", "text"}
WRONG = {
    "import": "FIL saknas.",
    "import x": "Flaggan --organisation saknas.",
    "import x --organisation": "Flaggan --organisation behöver ett värde.",
    "import x --organisation 1 --json=3": "Flaggan --json ska inte ha något värde.",
    "serve --port x": "--port: skriv ett heltal.",
    "serve --port 0": "--port: skriv ett tal som är minst 1.",
    "serve --port 70000": "--port: skriv ett tal som är högst 65535.",
    "serve --prt 3": "Flaggan --prt finns inte. Menade du --port?",
    "serve --zzz": "Flaggan --zzz finns inte.",
    "history a b --organisation 1": "För mycket är skrivet: a b.",
    "zzz": "Kommandot zzz finns inte.",
    "impotr": "Kommandot impotr finns inte. Menade du 'import'?",
}


@pytest.fixture(scope="module")
def command() -> Any:
    app = typer.Typer(name="provsluss", help="Provsluss.", no_args_is_help=True, add_completion=False)
    subcommands.add_to(app)
    command = typer.main.get_command(app)
    in_swedish.speak_swedish(command)
    return command


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, below in getattr(group, "commands", {}).items():
        yield from commands(below, (*path, name))


def printed(command: Any, arguments: list[str], capsys: pytest.CaptureFixture[str], status: int) -> str:
    with pytest.raises(SystemExit) as ended:
        command(arguments, prog_name="provsluss")
    assert ended.value.code == status
    written = capsys.readouterr()
    return written.out + written.err


def english_in(text: str) -> set[str]:
    """English words that are no name of a flag, a command or a file."""
    without_names = re.sub(r"--[\w-]+|provsluss( [a-z-]+)*|https?://\S+|standard in|PROVSLUSS_\w+", "", text)
    return {word.group().casefold() for word in ENGLISH.finditer(without_names)} - SWEDISH_TOO


def test_the_help_of_every_command(command: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shown = 0
    for path in commands(command):
        if path == ("simulator",):  # another program, with help of its own
            continue
        text = printed(command, [*path, "--help"], capsys, 0)
        assert english_in(re.sub(r"^│ (\w|-)+ ", "", text, flags=re.MULTILINE)) == set(), path
        assert "Användning: provsluss" in text
        assert "Visa den här texten." in text
        shown += 1
    assert shown > 20


@pytest.mark.parametrize("usage", WRONG)
def test_wrong_usage(command: Any, usage: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(command, usage.split(), capsys, 2)
    told = " ".join(re.sub(r"[│╭╮╰╯─]", " ", text).split())
    assert WRONG[usage] in told
    assert english_in(told) == set()


def test_a_password_is_asked_for_until_it_is_the_same_twice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["korrekt-häst", "korrekt-hest", "batteri-häst", "batteri-häst"])
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(typed))
    assert users._password(False, "astrid") == "batteri-häst"
    assert capsys.readouterr().err == "Lösenorden är inte lika. Försök igen.\n"


def test_what_is_ours_already_stays() -> None:
    assert in_swedish.in_swedish("Huvudmannen finns inte.") == "Huvudmannen finns inte."
