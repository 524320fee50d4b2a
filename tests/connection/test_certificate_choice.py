"""Whose certificate a huvudman may be given: its own, whatever form its number has; never another's."""

from pathlib import Path

import pytest

from provsluss.connection.certificate_choice import what_to_mind, why_refused
from provsluss.organisations.models import ClientKey, Organisation
from tests.fixtures.certificates import Authority, Issued

OTHER = "5567044267"


def _with(organisation: Organisation, issued: Issued, entity_id: str = "") -> Organisation:
    organisation.certificate_file, organisation.private_key_file = str(issued.certificate_file), str(issued.key_file)
    organisation.client_key = ClientKey.ENTITY_ID if entity_id else ClientKey.FINGERPRINT
    organisation.entity_id = entity_id
    return organisation


@pytest.mark.parametrize("written", ["SE{}-1", "16{}", "EFOS16{}-01", "{}", "VATSE{}01"])
def test_ones_own_is_taken_and_anothers_is_not(organisation: Organisation, authority: Authority, written: str) -> None:
    ours = authority.issue("kommun", serial_number=written.format(organisation.number))
    theirs = authority.issue("annan", serial_number=written.format(OTHER))

    assert why_refused(_with(organisation, ours)) == ""
    assert what_to_mind(organisation) == []
    assert f"utfärdat till SE{OTHER}, men Exempelkommunen har SE2120009945" in why_refused(_with(organisation, theirs))


def test_in_a_federation_the_number_is_another_matter_unless_it_is_a_huvudmans_here(
    organisation: Organisation, authority: Authority
) -> None:
    supplier = authority.issue("leverantor", serial_number=f"SE{OTHER}-1")
    _with(organisation, supplier, "https://kommun.example")
    assert why_refused(organisation) == ""
    assert [check.title for check in what_to_mind(organisation)] == ["Organisationsnummer"]

    Organisation.objects.create(number=OTHER, name="Grannskolan")
    assert f"utfärdat till SE{OTHER}" in why_refused(organisation)


@pytest.mark.parametrize("entity_id", ["", "https://kommun.example"])
def test_one_certificate_is_of_one_huvudman(organisation: Organisation, authority: Authority, entity_id: str) -> None:
    """A copy under another name is the same certificate."""
    issued = authority.issue("utan-nummer")
    copy = issued.certificate_file.with_name("kopia.crt")
    copy.write_text(issued.pem)
    Organisation.objects.create(number=OTHER, name="Grannskolan", certificate_file=str(copy))
    Organisation.objects.create(number="2120000829", name="Tredje", certificate_file="/saknas.crt")

    assert "har redan det här certifikatet" in why_refused(_with(organisation, issued, entity_id))
    assert "Grannskolan" not in why_refused(organisation)


@pytest.mark.parametrize(("begins", "ends", "said"), [(-9, -1, "gick ut"), (1, 9, "börjar gälla först")])
def test_dates_are_told_whatever_the_environment(
    organisation: Organisation, authority: Authority, begins: float, ends: float, said: str
) -> None:
    issued = authority.issue("datum", begins, ends, serial_number="SE2120009945-1")

    assert why_refused(_with(organisation, issued)) == ""
    (check,) = what_to_mind(organisation)
    assert said in check.sentence
    assert check.remedy


def test_what_cannot_be_read_is_told_and_not_refused(organisation: Organisation, tmp_path: Path) -> None:
    organisation.certificate_file = str(tmp_path / "saknas.crt")
    assert why_refused(organisation) == ""
    assert "gick inte att öppna" in what_to_mind(organisation)[0].sentence
