"""A last net: no personnummer and no bearer token in a log line, whoever wrote it (design.md section 7)."""

import logging
import re

from provsluss.ss12000.civic_number import without_civic_numbers

_BEARER = re.compile(r"(?i)(bearer\s+)[\w.~+/=-]+")


class PersonalDataFilter(logging.Filter):
    """Masks what looks like a personnummer or a bearer token in the finished message."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_secrets(record.getMessage())
        record.args = None
        if record.exc_info:
            # A traceback's last line can quote a value; keep the text, masked.
            record.exc_text = without_secrets(logging.Formatter().formatException(record.exc_info))
        return True


def without_secrets(text: str) -> str:
    """`text` with personnummer and bearer tokens masked."""
    return _BEARER.sub(r"\1***", without_civic_numbers(text))
