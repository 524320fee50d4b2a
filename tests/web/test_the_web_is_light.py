"""The web process only answers: it loads neither the engine nor what reads workbooks, which cost memory and time."""

import os
import subprocess
import sys
from pathlib import Path

_ALL_PAGES = """
import sys
import provsluss.web.wsgi
from django.urls import get_resolver

def load(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            load(pattern.url_patterns)

load(get_resolver().url_patterns)
print(*sorted({"dbos", "sqlalchemy", "python_calamine", "openpyxl", "fastapi", "typer"} & set(sys.modules)))
"""


def test_it_loads_no_engine_and_no_reader(tmp_path: Path) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "provsluss.settings", "PROVSLUSS_DATA_DIR": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-c", _ALL_PAGES], env=environment, capture_output=True, text=True, timeout=100, check=True
    )
    assert answer.stdout.split() == []
