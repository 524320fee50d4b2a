"""A source that is fetched, and that answers nobody."""

from provsluss.organisations.models import Organisation
from provsluss.register.imports.source_rows import add_source
from provsluss.register.models import Source

NOBODY_ANSWERS = "http://127.0.0.1:9/v2.0"


def make_source(organisation: Organisation, name: str = "Elevregistret") -> Source:
    """A source over SS 12000."""
    return add_source(organisation, "ss12000", name, {"url": NOBODY_ANSWERS, "inner_allowed": True})
