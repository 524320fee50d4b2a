"""A cell that holds an error or an unworked formula is neither empty nor a value."""

from provsluss.register.sources.skolverket_workbook.cells import UnusableCell, is_date, is_number, text_of


def test_an_unusable_cell_has_no_text_of_its_own() -> None:
    cell = UnusableCell("#N/A")
    assert text_of(cell) == ""
    assert cell != ""
    assert not is_number(cell)
    assert not is_date(cell)
