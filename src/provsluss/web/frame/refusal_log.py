"""A page that was refused is told in one line of the log, not with a traceback as if something had broken."""

import logging


class RefusalFilter(logging.Filter):
    """Takes the traceback off Django's records of answers below 500; those of our own faults keep it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through."""
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
            record.exc_text = None
        return True
