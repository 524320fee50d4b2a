"""Trouble with disk or database is told in one line of the log, once a minute, and not with a traceback each time."""

import logging
import time

from provsluss.installation.trouble import trouble_sentence

_SILENT_SECONDS = 60.0


class TroubleFilter(logging.Filter):
    """Puts the Swedish sentence in the place of a known trouble's traceback, and drops what was told a moment ago."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets through all but repetitions."""
        problem = record.exc_info[1] if record.exc_info else None
        sentence = trouble_sentence(problem) if problem else None
        if sentence is None:
            return True
        now = time.monotonic()
        if now - self._told.get(sentence, -_SILENT_SECONDS) < _SILENT_SECONDS:
            return False
        self._told[sentence] = now
        record.msg, record.args = f"{sentence} ({record.getMessage()})", None
        record.exc_info = record.exc_text = None
        return True
