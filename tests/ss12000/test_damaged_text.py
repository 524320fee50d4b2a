"""Text that was read in the wrong encoding is made whole where that is certain, and seen where it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.ss12000.damaged_text import has_lost_letters, repaired
from provsluss.ss12000.person_names import is_no_name, is_odd_name

SWEDISH = "Åsa Öberg Sjögren Ärlig Çelik Müller Zoë José Peña"


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman", "cp850"])
def test_what_was_read_in_the_wrong_encoding_is_made_whole(encoding: str) -> None:
    damaged = "".join(
        letter.encode().decode(encoding) if encoding != "cp1252" or _is_known(letter) else letter for letter in SWEDISH
    )
    assert damaged != SWEDISH
    assert repaired(damaged) == SWEDISH


def _is_known(letter: str) -> bool:
    return "\ufffd" not in letter.encode().decode("cp1252", errors="replace")


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("SjÃ¶gren", "Sjögren"),
        ("SjÃƒÂ¶gren", "Sjögren"),
        ("Sj&ouml;gren", "Sjögren"),
        ("Sj&amp;ouml;gren", "Sjögren"),
        ("Sj&#246;gren", "Sjögren"),
        ("Sj&#xF6;gren", "Sjögren"),
        ("MA &amp; NO", "MA & NO"),
        ("Ã…ke", "Åke"),
    ],
)
def test_examples(damaged: str, whole: str) -> None:
    assert repaired(damaged) == whole


@pytest.mark.parametrize("text", ["R&D", "MA&NO;", "A & B", "João", "JOÃO", "Grupp A–Ö", "Å–Ö", "√2", "6A/6B"])
def test_what_may_be_meant_stays(text: str) -> None:
    assert repaired(text) == text


@given(st.text(alphabet="abcåäöÅÄÖéü -'0189"))
def test_ordinary_text_needs_no_repair(text: str) -> None:
    assert repaired(text) == text


@pytest.mark.parametrize("text", ["Sj?gren", "Sj\ufffdgren", "?berg", "Andr?"])
def test_lost_letters_are_seen(text: str) -> None:
    assert has_lost_letters(text)
    assert is_odd_name(text)


@pytest.mark.parametrize(
    "text", ["", "-", "–", "0", ".", "null", "NULL", "N/A", "#N/A", "nan", "None", "Saknas", "TRUE"]
)
def test_what_is_no_name(text: str) -> None:
    assert is_no_name(text)


@pytest.mark.parametrize(
    "name",
    [
        "Null",
        "True",
        "O",
        "Å",
        "Nan",
        "Al-Ali",
        "O'Neil",
        "O’Neil",
        "Sant",
        "von der Leyen",
        "Mac (Bo)",
        "José",
        "李",
        "Jr.",
    ],
)
def test_what_may_be_a_name(name: str) -> None:
    assert not is_no_name(name)
    assert not is_odd_name(name)


@pytest.mark.parametrize("name", ["Sj<gren", "kim@skola", "Sj÷gren", "Kim_Jensen", "Sj¤gren"])
def test_odd_names(name: str) -> None:
    assert is_odd_name(name)
