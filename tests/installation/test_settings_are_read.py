"""Every setting that cannot be used is named with its value, what it should be and what counts without it."""

import pytest

from provsluss.installation.settings_model import setting_names
from provsluss.installation.unknown_settings import unknown_settings
from provsluss.installation.wrong_settings import WrongSettings, read_settings


@pytest.fixture(autouse=True)
def none_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "ture"), ("DEBUG", ""), ("HTTPS", "2"), ("PAYLOAD_DAYS", "-1"), ("PAYLOAD_DAYS", "trettio"),
        ("TOTALS_DAYS", "0.5"), ("TRANSFER_RATE", "nan"), ("TRANSFER_RATE", "2,5"), ("READ_RATE", "-3"),
        ("TOKEN_PINS", "abc"), ("PRODUCTION_URL", "api.skolverket.se"), ("SIMULATOR_URL", "ftp://x"),
        ("SECRET_KEY", "kort"), ("SECRET_KEY", "a" * 60), ("EMAIL_PORT", "99999"), ("ALLOWED_HOSTS", "https://x"),
        ("DATABASE_URL", "mysql://a@b/c"), ("LOG_LEVEL", "högt"), ("REMOVAL_PERCENT", "101"), ("DATA_DIR", ""),
        ("CALLS_AT_ONCE", "0"), ("TRUSTED_PROXIES", "-1"), ("WORKER_DEAD_AFTER", "soon"),
    ],
)  # fmt: skip
def test_a_wrong_one_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PROVSLUSS_{name}", value)
    with pytest.raises(WrongSettings) as problem:
        read_settings()
    text = str(problem.value)
    assert text.startswith(f"PROVSLUSS_{name} är ")
    assert "då " in text
    assert "\n" not in text


def test_all_wrong_ones_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVSLUSS_DEBUG", "ture")
    monkeypatch.setenv("PROVSLUSS_PAYLOAD_DAYS", "-1")
    with pytest.raises(WrongSettings) as problem:
        read_settings()
    assert len(str(problem.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres//provsluss:hemligt@server/db"),
        ("DATABASE_URL", "postgresql://provsluss:hemligt#1@server"),
        ("SECRET_KEY", "hemligt"),
    ],
)
def test_what_may_be_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"PROVSLUSS_{name}", value)
    with pytest.raises(WrongSettings) as problem:
        read_settings()
    assert "hemligt" not in str(problem.value)
    assert problem.value.__cause__ is None
    assert problem.value.__context__ is None


def test_a_misspelt_name_is_told_with_the_nearest() -> None:
    (told,) = unknown_settings({"PROVSLUSS_PAYLOADDAYS": "10", "PATH": "x", "PROVSLUSS_HTTPS": "ja"})
    assert (
        told
        == "Inställningen PROVSLUSS_PAYLOADDAYS finns inte, så den gör ingenting. Menade du PROVSLUSS_PAYLOAD_DAYS?"
    )


def test_without_any_all_have_a_value() -> None:
    chosen = read_settings()
    assert (chosen.payload_days, chosen.debug, chosen.transfer_rate) == (30, False, 5.0)
