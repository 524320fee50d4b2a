"""Any list saved as an Excel workbook: text stays text, the header stays in view, memory stays small."""

import tempfile
from collections.abc import Iterable, Sequence

from django.http import FileResponse

from provsluss.spreadsheet import CONTENT_TYPE, Cell, _write


def workbook_response(
    file_name: str, title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> FileResponse:
    """A download named `file_name` with one sheet `title`: a frozen header row of `columns`, then `rows`.

    Every string becomes a text cell, whatever it looks like: ids and personnummer keep their leading zeros, and what
    begins with = + - or @ is never a formula. Times are Swedish time, as cells that can be
    sorted and reckoned with. Rows are taken one at a time,
    so `rows` may be an iterator over a large query. `file_name` must hold no personal data.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    _write(file, title, columns, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=file_name, content_type=CONTENT_TYPE)
