"""`pip install .` in a plain virtual environment, without Node, gives a working `provsluss` command."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.shared import REPOSITORY

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SOURCES = ("src", "pyproject.toml", "README.md", "LICENSE")
BUILT = ("vendor", "theme", "__pycache__", "*.egg-info")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of programs of an environment that Provsluss was installed in from a fresh copy."""
    home = tmp_path_factory.mktemp("installed")
    copy = home / "copy"
    copy.mkdir()
    for name in SOURCES:
        path = REPOSITORY / name
        if path.is_dir():
            shutil.copytree(path, copy / name, ignore=shutil.ignore_patterns(*BUILT))
        else:
            shutil.copy(path, copy)
    programs = home / "environment" / "bin"
    subprocess.run([sys.executable, "-m", "venv", programs.parent], check=True, timeout=120)
    locked = REPOSITORY / "requirements.txt"
    install = [programs / "python", "-m", "pip", "install", "--quiet", "--constraint", locked, copy]
    done = subprocess.run(install, capture_output=True, text=True, timeout=480, check=False)
    assert done.returncode == 0, done.stderr
    return programs


def run(installed: Path, tmp_path: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs the installed command, away from the checkout and without Node on the path."""
    return subprocess.run(
        [installed / "provsluss", *map(str, arguments)],
        cwd=tmp_path,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "LANG": os.environ.get("LANG", "C.UTF-8"),
            "PROVSLUSS_DATA_DIR": str(tmp_path / "data"),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_line_works(installed: Path, tmp_path: Path) -> None:
    number = "2120009945"
    for arguments in (
        ("example", "skola.xlsx"),
        ("organisation", "add", number, "Exempelkommunen", "--environment", "simulator"),
        ("import", "skola.xlsx", "--organisation", number, "--yes"),
        ("preview", "--organisation", number),
        ("history", "--organisation", number),
        ("simulator", "--help"),
    ):
        done = run(installed, tmp_path, *arguments)
        assert done.returncode in (0, 1), (arguments, done.stderr)
        assert "Traceback" not in done.stderr


def test_the_web_says_what_is_missing(installed: Path, tmp_path: Path) -> None:
    for command in ("serve", "web", "demo"):
        done = run(installed, tmp_path, command)
        assert done.returncode == 2
        assert "npm run build" in done.stderr
        assert "Traceback" not in done.stderr
