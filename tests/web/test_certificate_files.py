"""Inställningar takes certificate and key by name, out of the huvudman's own directory and from nowhere else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import Organisation
from tests.fixtures.certificates import Authority

OTHER_NUMBER = "2120000829"


@pytest.fixture
def directory(tmp_path: Path, settings: Any, organisation: Organisation) -> Iterator[Path]:
    """The huvudman's own directory, with a certificate and its key, beside another huvudman's."""
    settings.CERTIFICATE_DIR = tmp_path / "certificates"
    for number in (organisation.number, OTHER_NUMBER):
        own = settings.CERTIFICATE_DIR / number
        own.mkdir(parents=True)
        (own / f"{number}.pem").write_text("HEMLIGT INNEHÅLL")
        (own / f"{number}.key").write_text("HEMLIG NYCKEL")
    return settings.CERTIFICATE_DIR / organisation.number  # type: ignore[no-any-return]


def _save(client: Client, **changes: str) -> Any:
    form = {"name": "Exempelkommunen", "client_key": "fingerprint", "entity_id": ""}
    return client.post(reverse("settings"), form | {"certificate_file": "", "private_key_file": ""} | changes)


def test_files_of_ones_own_are_chosen_by_name(
    logged_in_client: Client, directory: Path, organisation: Organisation
) -> None:
    _save(logged_in_client, certificate_file="2120009945.pem", private_key_file="2120009945.key")

    organisation.refresh_from_db()
    assert Path(organisation.certificate_file) == directory / "2120009945.pem"
    assert Path(organisation.private_key_file) == directory / "2120009945.key"
    text = logged_in_client.get(reverse("settings")).content.decode()
    assert 'value="2120009945.pem" selected' in text
    assert "Går att läsa" in text
    for secret in (str(directory), "HEMLIG", OTHER_NUMBER):
        assert secret not in text


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../2120000829/2120000829.pem", "../../certificates/2120009945/2120009945.pem", "2120000829.pem",
     "./2120009945.pem", ".", "..", "saknas.pem", "ut.pem", "granne.pem", "katalog", "a\x00b"],
)  # fmt: skip
@pytest.mark.parametrize("field", ["certificate_file", "private_key_file"])
def test_no_other_file_is_taken_and_nothing_is_told_of_it(
    logged_in_client: Client, directory: Path, organisation: Organisation, name: str, field: str
) -> None:
    (directory / "ut.pem").symlink_to("/etc/passwd")
    (directory / "granne.pem").symlink_to(directory.parent / OTHER_NUMBER / f"{OTHER_NUMBER}.pem")
    (directory / "katalog").mkdir()

    answer = _save(logged_in_client, **{field: name})

    organisation.refresh_from_db()
    assert answer.status_code == (400 if "\0" in name else 422)
    assert (organisation.certificate_file, organisation.private_key_file) == ("", "")
    if answer.status_code == 400:
        return
    text = answer.content.decode()
    assert "Filen ligger inte i huvudmannens katalog" in text
    assert "äsa för" not in text
    assert "Går att läsa" not in text


def test_a_link_inside_the_directory_is_taken(
    logged_in_client: Client, directory: Path, organisation: Organisation
) -> None:
    """So that a renewed certificate can take the place of the old one."""
    (directory / "nu.pem").symlink_to("2120009945.pem")

    _save(logged_in_client, certificate_file="nu.pem")

    organisation.refresh_from_db()
    assert Path(organisation.certificate_file) == directory / "nu.pem"


def test_what_an_operator_has_set_is_kept_and_shown_by_name_alone(
    logged_in_client: Client, directory: Path, organisation: Organisation, tmp_path: Path
) -> None:
    outside = tmp_path / "elsewhere" / "kommun.pem"
    Organisation.objects.filter(pk=organisation.pk).update(certificate_file=str(outside))
    text = logged_in_client.get(reverse("settings")).content.decode()
    assert "kommun.pem (satt på servern)" in text
    assert "elsewhere" not in text

    answer = _save(logged_in_client, name="Nya kommunen", certificate_file="/")

    organisation.refresh_from_db()
    assert answer.status_code == 302
    assert (organisation.name, organisation.certificate_file) == ("Nya kommunen", str(outside))


def test_without_files_it_says_where_they_go(
    logged_in_client: Client, organisation: Organisation, settings: Any, tmp_path: Path
) -> None:
    settings.CERTIFICATE_DIR = tmp_path / "not there"

    text = logged_in_client.get(reverse("settings")).content.decode()

    assert "katalogen 2120009945" in text


@pytest.mark.parametrize("spelling", ["https://granne.exempel.se", "HTTPS://granne.exempel.se"])
def test_another_huvudmans_entity_id_is_refused(
    logged_in_client: Client, organisation: Organisation, spelling: str
) -> None:
    Organisation.objects.create(number=OTHER_NUMBER, name="Grannkommunen", entity_id="https://granne.exempel.se")

    answer = _save(logged_in_client, client_key="entity_id", entity_id=spelling)

    organisation.refresh_from_db()
    assert answer.status_code == 422
    assert organisation.entity_id == ""
    assert "En annan huvudman" in answer.content.decode()
    assert "Grannkommunen" not in answer.content.decode()


def test_ones_own_entity_id_can_be_saved_again(logged_in_client: Client, organisation: Organisation) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(entity_id="https://kommun.exempel.se")

    assert _save(logged_in_client, client_key="entity_id", entity_id="https://kommun.exempel.se").status_code == 302


def test_another_huvudmans_certificate_is_refused_and_its_dates_are_told(
    logged_in_client: Client, directory: Path, organisation: Organisation, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    theirs = authority.issue("granne", serial_number="SE5567044267-1")
    ours = authority.issue("kommun", begins=-9, ends=-1, serial_number="SE2120009945-1")
    for issued in (theirs, ours):
        (directory / f"{issued.certificate_file.name}").write_text(issued.pem)
        (directory / f"{issued.key_file.name}").write_bytes(issued.key_pem())

    answer = _save(logged_in_client, certificate_file="granne.crt", private_key_file="granne.key")
    organisation.refresh_from_db()
    assert (answer.status_code, organisation.certificate_file) == (422, "")
    assert "utfärdat till SE5567044267" in answer.content.decode()

    answer = _save(logged_in_client, certificate_file="kommun.crt", private_key_file="granne.key")
    assert answer.status_code == 302
    text = logged_in_client.get(reverse("settings")).content.decode()
    assert "Certifikatet gick ut" in text
    assert "hör inte till certifikatet" in text


def test_a_certificate_that_is_there_already_stops_nothing_else(
    logged_in_client: Client, directory: Path, organisation: Organisation, tmp_path: Path
) -> None:
    theirs = Authority(tmp_path).issue("granne", serial_number="SE5567044267-1")
    (directory / "granne.crt").write_text(theirs.pem)
    Organisation.objects.filter(pk=organisation.pk).update(certificate_file=str(directory / "granne.crt"))

    assert _save(logged_in_client, certificate_file="granne.crt", name="Nya kommunen").status_code == 302
    assert "har SE2120009945" in logged_in_client.get(reverse("settings")).content.decode()
