"""The rows of a source, each about the object of the register that it is about, whatever its id looks like."""

import uuid
from collections.abc import Collection, Iterator

from provsluss.register.identities.identities import Identities
from provsluss.register.identities.objects import Objects
from provsluss.register.identities.school_unit_codes import NewCodes, new_codes
from provsluss.register.ingest.same_pupil import put_together
from provsluss.register.source_records import RowRead
from provsluss.register.sources.source import Reader


class SettledRows:
    """Looks at all rows first, and then gives them. `accepted` are the questions that have been answered with yes."""

    def __init__(self, reader: Reader, organisation_id: uuid.UUID, accepted: Collection[str]) -> None:
        self._reader = reader
        self._identities = Identities(organisation_id, reader.person_rows, accepted)
        self.school_units_of_pupils = self._identities.school_units_of_pupils
        self.kept_persons = self._identities.kept
        codes: NewCodes = {}
        if reader.is_full:  # a school unit that a delta does not name is still there
            codes = new_codes(organisation_id, reader.person_rows, self.school_units_of_pupils, reader.group_names)
        self.old_codes = codes.keys()
        self._objects = Objects(
            organisation_id, codes, reader.ids_in, reader.is_full, reader.is_full and self._identities.all_anew
        )

    def sections(self) -> Iterator[Iterator[RowRead]]:
        """The rows of each section, from the first section to the last."""
        for rows in self._reader.sections():
            yield put_together(self._settled(rows), self._identities.rows_of_same_pupil)

    def as_in_register(self, ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
        """The ids of groups, as the register has them."""
        return [self._objects.as_in_register(one) for one in ids]

    def _settled(self, rows: Iterator[RowRead]) -> Iterator[RowRead]:
        for row in rows:
            self._identities.apply(row)
            self._objects.apply(row)
            yield row
