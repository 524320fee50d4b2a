"""How numbers, times, EPPN and states are written."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from hypothesis import example, given
from hypothesis import strategies as st

from provsluss.register.models import ImportState
from provsluss.transfers.models import BatchState, ObjectState, TestActivityState, TransferState
from provsluss.web.frame.icons import ICONS
from provsluss.web.frame.states import look_of
from provsluss.web.templatetags import provsluss


def test_numbers_and_times() -> None:
    moment = datetime(2026, 7, 1, 12, 5, 9, tzinfo=UTC)

    assert provsluss.number(1234567) == "1\u00a0234\u00a0567"
    assert provsluss.number(None) == ""
    assert provsluss.plural(1, "elev,elever") == "1\u00a0elev"
    assert provsluss.plural(1200, "elev,elever") == "1\u00a0200\u00a0elever"
    assert provsluss.local_time(moment) == "2026-07-01 14:05"
    assert provsluss.local_time(moment, "s") == "2026-07-01 14:05:09"
    assert provsluss.local_time(None) == ""


@given(st.from_regex(r"[a-z0-9-]{1,60}@[a-z0-9.-]{1,60}\.se", fullmatch=True))
@example("0@0000000000000000000000.se")
def test_an_eppn_is_short_to_see_and_whole_to_hear(eppn: str) -> None:
    html = provsluss.short_eppn(eppn)

    assert eppn in html
    if len(eppn) > 28:
        seen = html.split('aria-hidden="true">')[1].split("<")[0]
        assert len(seen) <= 30
        assert "…" in seen
        assert 'tabindex="0"' in html


@pytest.mark.parametrize(
    "state",
    [str(v) for states in (TransferState, ObjectState, ImportState, TestActivityState, BatchState) for v in states],
)
def test_every_state_has_words_and_an_icon_of_its_own(state: str) -> None:
    html = Template("{% state_badge state %}").render(Context({"state": state}))

    assert "<svg" in html
    assert f">{state}<" not in html
    assert look_of(state).icon in ICONS
    assert 'data-icon="info"' not in html  # what an unknown state would get


def test_a_retry_says_when() -> None:
    html = provsluss.state_badge("retrying", datetime(2026, 11, 23, 13, 5, tzinfo=UTC))

    assert "Tillfälligt fel (nytt försök 14:05)" in html


def test_progress_is_written_for_machines() -> None:
    assert 'value="1500" max="20000"' in provsluss.progress(1500, 20000, "Användare")
    assert "value=" not in provsluss.progress(0, 0, "Användare")


def test_what_users_wrote_is_escaped() -> None:
    html = Template("{% empty 'person' title %}{{ title }}{% endempty %}{{ title|short_eppn }}").render(
        Context({"title": "<script>"})
    )

    assert "<script>" not in html
