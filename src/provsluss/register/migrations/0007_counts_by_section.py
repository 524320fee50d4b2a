"""An import's counts by section, where they were by the workbook's sheet."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SECTIONS = {
    "Klasser": "classes",
    "Ämnesgrupper & Provaktiviteter": "teaching_groups",
    "Elevinskrivningar": "pupils",
    "Personaltjänstgöringar": "duties",
}
_SHEETS = {section: sheet for sheet, section in _SECTIONS.items()}
_LISTS = ("mass_endings", "spared")


def by_section(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Rename the keys, and in the lists of what ends unusually and what is spared the sheet."""
    _rename(apps, schema_editor, _SECTIONS, "sheet", "section")


def by_sheet(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The way back."""
    _rename(apps, schema_editor, _SHEETS, "section", "sheet")


def _rename(apps: Apps, schema_editor: BaseDatabaseSchemaEditor, names: dict[str, str], old: str, new: str) -> None:
    imports = apps.get_model("register", "Import")._base_manager.using(schema_editor.connection.alias)
    for pk, counts in imports.exclude(counts={}).values_list("pk", "counts").iterator(chunk_size=200):
        imports.filter(pk=pk).update(counts=_renamed(counts, names, old, new))


def _renamed(counts: dict[str, Any], names: dict[str, str], old: str, new: str) -> dict[str, Any]:
    renamed = {names.get(key, key): value for key, value in counts.items()}
    for key in _LISTS:
        if renamed.get(key):
            renamed[key] = [
                {
                    (new if name == old else name): (names.get(value, value) if name == old else value)
                    for name, value in one.items()
                }
                for one in renamed[key]
            ]
    return renamed


class Migration(migrations.Migration):
    dependencies = [("register", "0006_who_is_on_a_refused_row")]
    operations = [migrations.RunPython(by_section, by_sheet, elidable=True)]
