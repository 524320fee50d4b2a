"""Every public code, every series and every attribute has a text that a school secretary can read."""

import re
from pathlib import Path

import pytest

from provsluss.rules.explained_attributes import attributes
from provsluss.rules.explained_codes import PUBLIC_CODES
from provsluss.rules.explained_series import BY_KIND, BY_MESSAGE, SERIES, UNKNOWN, UNKNOWN_ABOUT
from provsluss.rules.explanations import Explanation, explain
from provsluss.rules.who import Who
from provsluss.ss12000.code_lists import KINDS

# rules.md section 2
THE_PUBLIC_CODES = [
    "2010",
    "2011",
    "2024",
    "2025",
    "3047",
    "3085",
    "4001",
    "5002",
    "5004",
    "5020",
    "5021",
    "5022",
    "6001",
]
ENGLISH = re.compile(
    r"\b(the|and|of|is|are|not|with|error|warning|unknown|invalid|missing|value|field|token|bulk|payload|request|retry)\b",
    re.IGNORECASE,
)
ATTRIBUTE_NAMES = [
    "Enrolment.enroledAt",
    "Enrolment.schoolYear",
    "eppn",
    "civicNo",
    "Group.groupMemberships",
    "Activity.teachers",
    "Activity.parentActivity",
    "nationality",
    "organisation",
    "Person.externalIdentifiers.value",
]


def texts(explanation: Explanation) -> list[str]:
    return [explanation.title, explanation.meaning, explanation.where, explanation.how]


def everything_that_can_be_said() -> list[Explanation]:
    said = [explain(code, "") for code in PUBLIC_CODES]
    for series in ("2", "3", "4", "5", "6", "9"):
        said += [explain(series + "999", "", kind=kind) for kind in ("", *KINDS)]
        said += [explain(series + "999", "", attribute=name) for name in ATTRIBUTE_NAMES]
    return said


@pytest.mark.parametrize("code", THE_PUBLIC_CODES)
def test_a_public_code_has_a_text_of_its_own(code: str) -> None:
    explanation = explain(code, "")
    assert explanation.known
    assert all(texts(explanation))
    assert explanation.title == PUBLIC_CODES[code].title


@pytest.mark.shared
def test_no_code_of_the_official_api_description_is_forgotten(shared: Path) -> None:
    description = shared / "skolverket/dnp-provisioning-api.yaml"
    codes = set(re.findall(r'"id":\s*"(\d{4})"', description.read_text(encoding="utf-8")))
    assert {"3047", "4001", "5020"} <= codes
    assert codes <= set(THE_PUBLIC_CODES)


def test_every_text_is_short_whole_swedish_sentences() -> None:
    said = [text for explanation in everything_that_can_be_said() for text in texts(explanation)]
    for table in (
        SERIES.values(),
        BY_KIND.values(),
        PUBLIC_CODES.values(),
        [UNKNOWN, *(text for _, text in BY_MESSAGE)],
    ):
        said += [text for entry in table for text in (entry.title, entry.meaning, entry.where, entry.how)]
    for attribute in attributes():
        for series, (title, meaning) in UNKNOWN_ABOUT.items():
            assert series in {"", "2", "3", "4"}
            said += [title.format(name=attribute.name), meaning.format(expected=attribute.expected), attribute.how]
    for text in said:
        assert text.endswith("."), text
        assert len(text) <= 220, text
        assert not ENGLISH.search(text), text
        assert text[0].isupper(), text


def test_eppn_is_never_mentioned_without_saying_that_it_is_the_login_name() -> None:
    for explanation in everything_that_can_be_said():
        whole = " ".join(texts(explanation))
        if "EPPN" in whole:
            assert "nloggningsnamn" in whole


def test_everybody_who_mends_has_a_swedish_label_and_what_passes_by_itself_needs_nobody() -> None:
    assert all(str(who) == who.label and who.label[0].isupper() for who in Who)
    for explanation in everything_that_can_be_said():
        assert explanation.retried == (explanation.who is Who.NOBODY)
        assert explanation.retried == explanation.how.startswith("Du behöver inte göra något;")
