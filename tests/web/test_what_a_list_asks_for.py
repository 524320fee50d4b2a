"""Filter, order and page from the address: only what the list allows, whatever stands there."""

from hypothesis import given
from hypothesis import strategies as st

from provsluss.web.frame.tables import PAGE_SIZES, read_choice

SORTS = {"namn": ("family_name", "given_name"), "nar": ("-created_at",)}


def test_what_is_asked_for() -> None:
    choice = read_choice(
        {"sok": " Alva ", "sortera": "-namn", "sida": "3", "antal": "100"}, filters=("sok", "roll"), sorts=SORTS
    )

    assert (choice["sok"], choice["roll"]) == ("Alva", "")
    assert choice.fields == ["-family_name", "-given_name", "-pk"]
    assert (choice.page, choice.page_size, choice.is_filtered) == (3, 100, True)


def test_nothing_asked_for() -> None:
    choice = read_choice({}, filters=("sok",), sorts=SORTS)

    assert choice.fields == ["family_name", "given_name", "pk"]
    assert (choice.page, choice.page_size, choice.is_filtered) == (1, PAGE_SIZES[0], False)


def test_the_lists_own_order() -> None:
    assert read_choice({}, filters=(), sorts=SORTS, default="-nar").fields == ["created_at", "-pk"]


def test_a_page_past_the_end_is_the_last() -> None:
    choice = read_choice({"sida": "99"}, filters=(), sorts=SORTS)

    assert list(choice.page_of(list(range(120)))) == list(range(100, 120))


@given(st.dictionaries(st.sampled_from(["sok", "sortera", "sida", "antal", "annat"]), st.text()))
def test_nothing_else_comes_through(query: dict[str, str]) -> None:
    choice = read_choice(query, filters=("sok",), sorts=SORTS)

    assert choice.sort in SORTS
    assert choice.page >= 0
    assert choice.page_size in PAGE_SIZES
    assert set(choice.filters) == {"sok"}
    assert len(choice["sok"]) <= 200
    assert {name.removeprefix("-") for name in choice.fields} <= {"family_name", "given_name", "created_at", "pk"}
    assert len(choice.page_of(list(range(3)))) == 3
