"""What `provsluss doctor` says of workers: a killed one counts for half a minute more, so it says when it was seen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from provsluss.connection.check import Check
from provsluss.operations.installation_checkup import check_installation
from provsluss.transfers.models import Worker

pytestmark = pytest.mark.django_db


def _said() -> Check:
    return next(check for check in check_installation() if check.title == "Arbetsprocess")


def test_when_the_latest_was_seen() -> None:
    now = timezone.now()
    for name, seconds in (("a", 20), ("b", 3), ("gone", 31)):
        Worker.objects.create(name=name, seen_at=now - timedelta(seconds=seconds))
    seen = timezone.localtime(now - timedelta(seconds=3))
    assert _said().sentence == f"2 arbetsprocesser igång, senast sedd {seen:%H:%M:%S}."


def test_nobody() -> None:
    Worker.objects.create(name="gone", seen_at=timezone.now() - timedelta(seconds=31))
    assert not _said().is_right
