"""A last net: no personnummer, no bearer token and no value of a row in a log line (design.md section 7).

Whoever wrote the line: a database quotes the row that it refuses in its error, and so do parsers.
"""

import logging
import re
import sys
import traceback
from types import TracebackType

from provsluss.ss12000.civic_number import without_civic_numbers

_BEARER = re.compile(r"(?i)(bearer\s+)[\w.~+/=-]+")
_END = r"(?=\n\n(?:The above exception|During handling)|\Z)"
"""Where one exception of a chain ends. A value can hold line breaks, so nothing before is to be trusted."""
_QUOTED = [
    # PostgreSQL: what comes with an error. `LINE 1:` quotes the statement, which has the values in it.
    (re.compile(rf"(?<![A-Z])(DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):.*?{_END}", re.DOTALL), r"\1: ***"),
    # The same where only the detail is told, in one line.
    (re.compile(r"\b(Failing row contains \(|Key \([^()\n]*\)=\().*"), r"\1***)"),
    # SQLAlchemy, which is under DBOS.
    (re.compile(rf"\[parameters: .*?(?=\n\(Background on|{_END})", re.DOTALL), "[parameters: ***]"),
    # pydantic.
    (re.compile(r"(\binput_value=).*?(, input_type=)", re.DOTALL), r"\1***\2"),
    # `invalid input syntax for type bigint: "…"`, in any language of the database, also as repr writes it.
    (re.compile(r"""(: )"[^\n]*?"(?=['")]*$|\\n)""", re.MULTILINE), r'\1"***"'),
]


class PersonalDataFilter(logging.Filter):
    """Masks the finished message, and the traceback of the exception and of all that it came from."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through."""
        record.msg = loggable(record.getMessage())
        record.args = None
        if record.exc_info:
            record.exc_text = loggable(logging.Formatter().formatException(record.exc_info))
        return True


def masked_excepthook(kind: type[BaseException], problem: BaseException | None, trace: TracebackType | None) -> None:
    """For sys.excepthook: the traceback of what nobody caught, on standard error, masked as a log line."""
    sys.stderr.write(loggable("".join(traceback.format_exception(kind, problem, trace))))


def loggable(text: str) -> str:
    """`text` without secrets, and without the values that an error's text quotes."""
    for pattern, instead in _QUOTED:
        text = pattern.sub(instead, text)
    return without_secrets(text)


def without_secrets(text: str) -> str:
    """`text` with personnummer and bearer tokens masked."""
    return _BEARER.sub(r"\1***", without_civic_numbers(text))
