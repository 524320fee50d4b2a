"""What stands around an address is taken away where it is certain; what is none is seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.ss12000.addresses import bare_address, is_email


@pytest.mark.parametrize(
    "written",
    [
        "kim@skola.se",
        "mailto:kim@skola.se",
        "MAILTO: kim@skola.se",
        "'kim@skola.se",
        "’kim@skola.se’",
        '"kim@skola.se"',
        "=kim@skola.se",
        '="kim@skola.se"',
        "<kim@skola.se>",
        "Kim Jensen <kim@skola.se>",
        "<mailto:kim@skola.se>",
        "kim@skola.se;",
        "kim@skola.se.",
        "kim @ skola.se",
        "mailto:kim@skola.se?subject=Hej",
    ],
)
def test_what_does_not_belong_is_taken_away(written: str) -> None:
    assert bare_address(written) == "kim@skola.se"


@pytest.mark.parametrize(
    "text", ["", "kim", "a@b.se, c@d.se", "elev 1@huvudman.se", "a..b@kommun.se", "o'neil@skola.se"]
)
def test_what_is_not_certain_stays(text: str) -> None:
    assert bare_address(text) == text


@given(st.text())
def test_a_bare_address_is_bare(text: str) -> None:
    assert bare_address(bare_address(text)) == bare_address(text)


@pytest.mark.parametrize("text", ["a@b.se", "o'neil@skola.se", "a.b+c@x-y.kommun.se", "å@skola.se"])
def test_an_address(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text",
    ["", "kim", "a..b@kommun.se", ".a@kommun.se", "a.@kommun.se", "a@kommun", "a@kommun..se", "a b@x.se", "a@b@c.se"],
)
def test_no_address(text: str) -> None:
    assert not is_email(text)
