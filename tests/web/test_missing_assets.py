"""Front-end files that have not been built are noticed, by name."""

from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from provsluss.web.frame.assets import MISSING_ASSETS_SENTENCE, missing_assets


def test_what_is_not_there_is_named(settings: Any, tmp_path: Path) -> None:
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path]
    finders.get_finder.cache_clear()
    try:
        missing = missing_assets()
        for name in missing:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        assert "vendor/htmx.min.js" in missing
        assert missing_assets() == []
    finally:
        finders.get_finder.cache_clear()
    assert "npm ci" in MISSING_ASSETS_SENTENCE
