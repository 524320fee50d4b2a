"""Our own list of national tests, and the names people use for them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.catalogue.known_national_tests import KNOWN_TESTS
from provsluss.catalogue.titles import test_kind as kind_of
from provsluss.catalogue.titles import test_title as title_of
from provsluss.ss12000.ids import skolverket_id

ONLY_IN_THE_WORKBOOK = {"GRSPBIO01_7", "GRSPFYS01_7", "GRSPKEM01_7"}


@pytest.mark.shared
def test_the_list_is_skolverkets_and_so_are_the_ids(shared: Path) -> None:
    listed = json.loads((shared / "skolverket" / "activities.json").read_text(encoding="utf-8"))
    assert {each["displayName"] for each in listed} == KNOWN_TESTS.keys() - ONLY_IN_THE_WORKBOOK
    for each in listed:
        known = KNOWN_TESTS[each["displayName"]]
        assert (known.school_type, known.school_year) == (each["schoolType"], each.get("schoolYear"))
        assert str(skolverket_id(known.name)) == each["id"]


def test_the_number_of_them() -> None:
    assert len(KNOWN_TESTS) == 105


@pytest.mark.parametrize(
    ("name", "title", "kind"),
    [
        ("GRGRMAT01_6", "Matematik årskurs 6", "nationellt prov"),
        ("GRGRSAM01_6", "Samhällskunskap årskurs 6", "bedömningsstöd"),
        ("GRGRSVA01_9", "Svenska som andraspråk årskurs 9", "nationellt prov"),
        ("GRGRMSP01TYS_9", "Tyska årskurs 9", "bedömningsstöd"),
        ("GRSPMAT01_10", "Matematik årskurs 10 (specialskolan)", "nationellt prov"),
        ("GRSPBIO01_7", "Biologi årskurs 7 (specialskolan)", ""),
        ("ENGENG05_GY", "Engelska 5 (gymnasieskolan)", "nationellt prov"),
        ("FYSFYS01b1_VUXGY", "Fysik 1b1 (komvux)", "bedömningsstöd"),
        ("MODGER02_GY", "Tyska 2 (gymnasieskolan)", "bedömningsstöd"),
        ("GRGRMAT01_3", "Matematik årskurs 3", ""),
        ("GRGRXYZ01_6", "GRGRXYZ01_6", ""),
        ("MATMAT01a", "MATMAT01a", ""),
        ("", "", ""),
    ],
)
def test_titles_and_kinds(name: str, title: str, kind: str) -> None:
    assert title_of(name) == title
    assert kind_of(name) == kind


def test_every_known_test_has_a_title_of_its_own() -> None:
    titles = [title_of(name) for name in KNOWN_TESTS]
    assert len(set(titles)) == len(titles)
    assert not set(titles) & KNOWN_TESTS.keys()


@given(st.text(max_size=20) | st.from_regex(r"GR(GR|SP)[A-Z]{3}01_\d{1,2}", fullmatch=True))
def test_any_code_has_a_title(name: str) -> None:
    assert isinstance(title_of(name), str)
    assert bool(title_of(name)) == bool(name)
