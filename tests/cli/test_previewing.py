"""`provsluss preview`: figures, details and a file; and `--everything` of preview and send."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from tests.fixtures.command import Command

ORGANISATION = "2120009945"
OF_IT = ("--organisation", ORGANISATION)


def _answer(done: Any, status: int = 0) -> dict[str, Any]:
    assert done.returncode == status, done.stderr
    return dict(json.loads(done.stdout))


def test_the_figures_and_each_object_in_them(imported: Command, tmp_path: Path) -> None:
    plain = _answer(imported("preview", *OF_IT, "--json"))
    assert "objects" not in plain
    persons = plain["jobs"]["persons"]
    assert (persons["wanted"], persons["new"], persons["changed"], persons["unchanged"]) == (2, 2, 0, 0)
    assert (persons["withheld"], persons["removed"], persons["calls"]) == (0, 0, 1)

    file = tmp_path / "plan.xlsx"
    detailed = _answer(imported("preview", *OF_IT, "--json", "--details", "--save", file))
    assert detailed["jobs"] == plain["jobs"]
    assert {one["fate"] for one in detailed["objects"]} == {"new"}
    assert len(detailed["objects"]) == sum(job["new"] for job in plain["jobs"].values())
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(file).active.rows]
    assert len(rows) == 1 + len(detailed["objects"])
    assert file.stat().st_mode & 0o077 == 0, "only its owner may read it"

    shown = imported("preview", *OF_IT, "--details")
    assert shown.returncode == 0
    assert "Tas bort" in shown.stdout
    assert f"Ny: {detailed['objects'][0]['name']}" in shown.stdout


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(imported: Command, tmp_path: Path) -> None:
    done = imported("preview", *OF_IT, "--save", tmp_path / "finns inte" / "plan.xlsx")
    assert done.returncode == 2
    assert "kunde inte skrivas" in done.stderr
    assert "Traceback" not in done.stderr


def test_after_sending_nothing_is_left_but_everything_can_be_sent_again(
    imported: Command, start_simulator: Callable[..., str]
) -> None:
    there = {"PROVSLUSS_SIMULATOR_URL": start_simulator("--delay", "0.05")}
    sent = imported("send", *OF_IT, "--wait", "--json", **there)
    assert json.loads(sent.stdout)["jobs"]["persons"]["sent"] == 2, sent.stderr
    after = _answer(imported("preview", *OF_IT, "--json", "--details", **there))
    assert after["objects"] == []
    assert after["jobs"]["persons"]["unchanged"] == 2

    again = _answer(imported("preview", *OF_IT, "--json", "--everything", **there))
    assert again["jobs"]["persons"]["changed"] == 2
    twice = json.loads(imported("send", *OF_IT, "--wait", "--json", **there).stdout)
    assert twice["jobs"]["persons"]["sent"] == 0
    everything = json.loads(imported("send", *OF_IT, "--everything", "--wait", "--json", **there).stdout)
    assert everything["jobs"]["persons"]["sent"] == again["jobs"]["persons"]["changed"]
