"""What an import asks about rows: each question is answered on its own, and silence keeps what the register has."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import LoggedDecision, Organisation
from provsluss.register.imports import imports
from provsluss.register.models import Import, Person
from tests.register.persons import EPPN, pupil
from tests.register.workbooks import write_workbook

SWAPPED = [pupil(1) | {EPPN: pupil(2)[EPPN]}, pupil(2) | {EPPN: pupil(1)[EPPN]}]


@pytest.fixture
def preview(organisation: Organisation, tmp_path: Path) -> Any:
    def read(pupils: list[dict[str, Any]]) -> Import:
        content = write_workbook(tmp_path / "fil.xlsx", pupils=pupils, staff=[]).read_bytes()
        with scope(organisation=organisation):
            run = imports.accept_upload(organisation, None, io.BytesIO(content), "fil.xlsx")
            imports.read_import(run.pk)
            run.refresh_from_db()
        assert run.state == "preview", run.message
        return run

    return read


def _store(client: Client, run: Import, **answers: str) -> str:
    client.post(reverse("import_store", args=[run.pk]), answers)
    imports.store_import(run.pk)
    return client.get(reverse("import", args=[run.pk])).content.decode()


def _eppns(organisation: Organisation) -> dict[str, str]:
    with scope(organisation=organisation):
        return dict(Person.objects.filter(role="pupil").values_list("given_name", "eppn"))


def test_without_a_yes_everybody_keeps_the_login_name(
    logged_in_client: Client, organisation: Organisation, preview: Any
) -> None:
    imports.store_import(preview([pupil(1), pupil(2)]).pk)
    before = _eppns(organisation)
    run = preview(SWAPPED)
    text = logged_in_client.get(reverse("import", args=[run.pk])).content.decode()
    assert "2 rader som stämmer dåligt med vem personen är i registret." in text
    assert "Väntar på ditt svar" in text
    text = _store(logged_in_client, run, avsluta="on")
    assert "2 rader lämnades utanför, eftersom ingen har svarat ja" in text
    assert "Registret är uppdaterat." not in text
    assert _eppns(organisation) == before


def test_a_yes_is_followed_and_logged(logged_in_client: Client, organisation: Organisation, preview: Any) -> None:
    imports.store_import(preview([pupil(1), pupil(2)]).pk)
    before = _eppns(organisation)
    text = _store(logged_in_client, preview(SWAPPED), svar="identity")
    assert "lämnades utanför" not in text
    first, second = before
    assert _eppns(organisation) == {first: before[second], second: before[first]}
    assert LoggedDecision.objects.get().what == LoggedDecision.What.IDENTITY


def test_a_yes_to_what_was_not_asked_is_no_decision(
    logged_in_client: Client, organisation: Organisation, preview: Any
) -> None:
    _store(logged_in_client, preview([pupil(1)]), svar="identity", avsluta="on")
    assert not LoggedDecision.objects.exists()


def test_who_was_protected_stays_so_until_somebody_says_otherwise(
    logged_in_client: Client, organisation: Organisation, preview: Any
) -> None:
    protected = pupil(1) | {"Sekretessmarkering": "Sekretessmarkering"}
    imports.store_import(preview([protected, pupil(2)]).pk)
    run = preview([pupil(1), pupil(2)])
    text = logged_in_client.get(reverse("import", args=[run.pk])).content.decode()
    assert "1 rad som skulle göra en skyddad person oskyddad." in text
    text = _store(logged_in_client, run, svar="identity")
    assert "personen är fortfarande skyddad" in text
    with scope(organisation=organisation):
        assert Person.objects.filter(security_marking="Sekretessmarkering").count() == 1
    _store(logged_in_client, preview([pupil(1), pupil(2)]), svar="protection")
    with scope(organisation=organisation):
        assert not Person.objects.filter(security_marking="Sekretessmarkering").exists()
