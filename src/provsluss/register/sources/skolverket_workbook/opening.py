"""Is it really a workbook that can be read? Everything that calamine must not meet is refused here."""

import zipfile
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.skolverket_workbook.size_check import check_inflated

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
"""How old .xls files begin, and .xlsx files with a password: both are OLE containers."""
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"

SAVE_AS = "Öppna den i Excel och spara den som Excel-arbetsbok (.xlsx)"
NOT_A_WORKBOOK = f"Filen är inte en Excel-arbetsbok (.xlsx). {SAVE_AS}, eller välj en annan fil."
DAMAGED = f"Filen är skadad och går inte att läsa. {SAVE_AS} och försök igen."
ENCRYPTED = "Filen är skyddad med lösenord. Ta bort lösenordet i Excel (Arkiv, Info, Skydda arbetsboken) och spara om."
OLD_EXCEL = f"Filen är i det gamla Excelformatet .xls. {SAVE_AS}."
BINARY_EXCEL = f"Filen är en binär Excel-arbetsbok (.xlsb). {SAVE_AS}."
EMPTY = "Filen är tom."


def open_workbook(path: Path) -> CalamineWorkbook:
    """The workbook at `path`, found harmless. Raises SourceRefused with a Swedish sentence for the user."""
    _check_container(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_contents(archive)
            check_inflated(path, archive)
    except (zipfile.BadZipFile, NotImplementedError) as problem:
        raise SourceRefused(DAMAGED) from problem
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError as problem:
        raise SourceRefused(ENCRYPTED) from problem
    except (CalamineError, XmlError, ZipError) as problem:
        raise SourceRefused(DAMAGED) from problem


def _check_container(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(8)
        if not start:
            raise SourceRefused(EMPTY)
        if start == _OLE:
            rest = file.read()
            raise SourceRefused(ENCRYPTED if _ENCRYPTED_PACKAGE in rest else OLD_EXCEL)
        if not start.startswith(_ZIP):
            raise SourceRefused(NOT_A_WORKBOOK)


def _check_contents(archive: zipfile.ZipFile) -> None:
    names = {entry.filename for entry in archive.infolist()}
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise SourceRefused(ENCRYPTED)
    if "xl/workbook.bin" in names:
        raise SourceRefused(BINARY_EXCEL)
    if "xl/workbook.xml" not in names:
        raise SourceRefused(NOT_A_WORKBOOK)
