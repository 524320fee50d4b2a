"""What is wrong with one object while it is read, as problems of its row."""

from provsluss.register.sections import Section
from provsluss.register.source_records import Kept, Problem
from provsluss.ss12000.civic_number import without_civic_numbers


class Remarks:
    """Of one row. `refused` says that it stays out."""

    def __init__(self, section: Section, source_id: str, is_protected: bool = False) -> None:
        self._section = section
        # The register's own id lets somebody find the object there; whoever is protected is not pointed out.
        self._value = "" if is_protected else without_civic_numbers(source_id)[:120]
        self.problems: list[Problem] = []
        self.kept: set[Kept] = set()
        self.refused = False

    def refuse(self, attribute: str, sentence: str) -> None:
        """The object stays as it was, because of this."""
        self.refused = True
        self._add(attribute, sentence, row_refused=True)

    def note(self, attribute: str, sentence: str, when_read: str = "", is_protection: bool = False) -> None:
        """Something to look at; the object is read in all the same."""
        self._add(attribute, sentence, row_refused=False, when_read=when_read, is_protection=is_protection)

    def _add(
        self, attribute: str, sentence: str, row_refused: bool, when_read: str = "", is_protection: bool = False
    ) -> None:
        self.problems.append(
            Problem(self._section, 0, attribute, self._value, sentence, row_refused, is_protection, when_read=when_read)
        )
