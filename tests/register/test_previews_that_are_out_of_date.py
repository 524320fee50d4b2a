"""A preview is stored only on the register that it was compared with."""

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.imports.imports import discard_import, read_import, store_import
from provsluss.register.imports.reread import take_again
from provsluss.register.imports.staleness import OUT_OF_DATE, is_out_of_date
from provsluss.register.models import Import, Person
from provsluss.register.sources import uploads
from provsluss.register.sources.refusal import SourceRefused
from tests.register.conftest import Reads
from tests.register.workbooks import pupil_row


def names(organisation: Organisation) -> list[str]:
    with scope(organisation=organisation):
        return list(Person.objects.filter(role="pupil", ended_at=None).values_list("given_name", flat=True))


def again(import_run: Import) -> Import:
    with scope(organisation=import_run.organisation):
        import_run.refresh_from_db()
    return import_run


def test_a_preview_older_than_what_was_stored_last_is_refused(
    stored: Reads, preview: Reads, organisation: Organisation
) -> None:
    stored(pupils=[pupil_row(1, Förnamn="Alva")])
    old = preview(pupils=[pupil_row(1, Förnamn="Alva")])
    stored(pupils=[pupil_row(1, Förnamn="Berit")])

    store_import(old.pk)

    assert (again(old).state, old.message) == ("rejected", OUT_OF_DATE)
    assert names(organisation) == ["Berit"]
    assert not uploads.path_of(old.pk).exists()


def test_a_preview_is_not_out_of_date_by_what_was_never_stored(preview: Reads, organisation: Organisation) -> None:
    one, _ = preview(), preview()
    with scope(organisation=organisation):
        assert not is_out_of_date(one)
    store_import(one.pk)
    assert again(one).state == "done"


def test_read_again_it_is_compared_with_the_register_as_it_is(
    stored: Reads, preview: Reads, organisation: Organisation
) -> None:
    stored(pupils=[pupil_row(1, Förnamn="Alva")])
    old = preview(pupils=[pupil_row(1, Förnamn="Alva")])
    stored(pupils=[pupil_row(1, Förnamn="Berit")])

    with scope(organisation=organisation):
        new = take_again(old, None)
    read_import(new.pk)

    assert (again(old).state, again(new).state) == ("discarded", "preview")
    assert (new.counts["pupils"]["changed"], old.counts["pupils"]["changed"]) == (1, 0)
    store_import(new.pk)
    assert names(organisation) == ["Alva"]


def test_two_presses_read_the_file_once_more_and_not_twice(preview: Reads, organisation: Organisation) -> None:
    one = preview()
    with scope(organisation=organisation):
        take_again(one, None)
        with pytest.raises(SourceRefused, match="läses redan om"):
            take_again(one, None)  # as the page had read it before the first press
        assert Import.objects.filter(state="reading").count() == 1


def test_what_somebody_stores_at_that_moment_is_not_thrown_away(preview: Reads, organisation: Organisation) -> None:
    one = preview()
    store_import(one.pk)
    assert not discard_import(one.pk)
    with scope(organisation=organisation), pytest.raises(SourceRefused):
        take_again(one, None)
    assert again(one).state == "done"


def test_what_has_no_copy_any_more_cannot_be_read_again(preview: Reads, organisation: Organisation) -> None:
    one = preview()
    uploads.delete_copy(one.pk)
    with scope(organisation=organisation), pytest.raises(SourceRefused, match="Läs in på nytt"):
        take_again(one, None)
    assert again(one).state == "preview"
