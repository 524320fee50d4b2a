"""What a database or a parser quotes in its error never reaches a log line, however the error is told."""

import logging

import psycopg
import pytest
from django.db import DataError, IntegrityError

from provsluss.ss12000.log_filter import PersonalDataFilter, masked_excepthook

NAME = "Anna Karin Andersson"
KEY_TAKEN = (
    'duplicate key value violates unique constraint "register_person_name"\n'
    f"DETAIL:  Key (name, unit)=({NAME}, 1) already exists."
)
TEXTS = (
    KEY_TAKEN,
    'null value in column "eppn" violates not-null constraint\n'
    f"DETAIL:  Failing row contains (17, {NAME}\n{NAME}, null).",
    f'value too long for type character varying(3)\nCONTEXT:  COPY register_person, line 1, column name: "{NAME}"',
    f"syntax error\nLINE 1: INSERT INTO register_person VALUES ('{NAME}')\n                                      ^",
    f'invalid input syntax for type bigint: "{NAME}"',
    f"Key (name)=({NAME}) already exists.",
    f"Failing row contains (17, {NAME}, null).",
    f"(sqlite3.IntegrityError) UNIQUE constraint failed: t.name\n[SQL: INSERT INTO t (name) VALUES (?)]\n"
    f"[parameters: ('{NAME}', [1], '{NAME}')]\n(Background on this error at: https://sqlalche.me/e/20/gkpj)",
    f"1 validation error for Person\nname\n  Too long [type=string_too_long, input_value='{NAME}', input_type=str]",
)


def logged(record: logging.LogRecord) -> str:
    assert PersonalDataFilter().filter(record)
    return logging.Formatter("{levelname} {message}", style="{").format(record)


def record_of(error: BaseException | None, message: str, *args: object) -> logging.LogRecord:
    told = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("provsluss", logging.ERROR, __file__, 1, message, args, told)  # type: ignore[arg-type]


def chained(text: str) -> BaseException:
    """The driver's error, Django's of the same text, and one of ours that was raised while that was handled."""
    try:
        try:
            try:
                raise psycopg.errors.UniqueViolation(text)
            except psycopg.Error as problem:
                raise IntegrityError(text) from problem
        except IntegrityError:
            raise RuntimeError("the step failed")  # noqa: B904 - the implicit chain is meant
    except RuntimeError as problem:
        return problem


@pytest.mark.parametrize("text", TEXTS)
def test_no_value_is_logged_by_any_link_of_a_chain(text: str) -> None:
    line = logged(record_of(chained(text), "import %d failed", 7))
    assert "Anna" not in line and "Andersson" not in line
    assert line.startswith("ERROR import 7 failed")
    for told in (
        "UniqueViolation",
        "IntegrityError",
        "direct cause",
        "During handling",
        "RuntimeError: the step failed",
    ):
        assert told in line, "what is no value is kept"


@pytest.mark.parametrize("text", TEXTS)
def test_no_value_is_logged_in_a_message(text: str) -> None:
    error = DataError(text)
    for message, args in (("away: %s", (error,)), ("away: %r", (error,)), (f"away: {error}", ()), ("%s", (text,))):
        assert "Anna" not in logged(record_of(None, message, *args))


@pytest.mark.postgresql
def test_what_postgresql_really_says(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url, autocommit=True, cursor_factory=psycopg.ClientCursor) as database:
        database.execute("CREATE TEMPORARY TABLE t (name text UNIQUE, unit int NOT NULL)")
        database.execute("INSERT INTO t VALUES (%s, 1)", [NAME])
        for wrong, values in (
            ("INSERT INTO t VALUES (%s, 1)", [NAME]),
            ("INSERT INTO t VALUES (%s, NULL)", [f"{NAME}\n{NAME}"]),
            ("INSERT INTO t VALUES ('x', %s::text::int)", [NAME]),
            ("INSERT INTO t VALUES (%s, %s)", [NAME, NAME]),
            ("INSERT INTO t VALUES (%s, nowhere)", [NAME]),
        ):
            with pytest.raises(psycopg.Error) as refused:
                database.execute(wrong, values)
            assert "Anna" in str(refused.value)
            for line in (logged(record_of(refused.value, "x")), logged(record_of(None, "%r", refused.value))):
                assert "Anna" not in line


def test_the_constraint_and_the_column_are_kept() -> None:
    line = logged(record_of(chained(KEY_TAKEN), "failed"))
    assert 'violates unique constraint "register_person_name"' in line


def test_a_command_that_breaks_prints_no_value(capsys: pytest.CaptureFixture[str]) -> None:
    error = chained(KEY_TAKEN)
    masked_excepthook(type(error), error, error.__traceback__)
    printed = capsys.readouterr().err
    assert printed.startswith("Traceback") and "UniqueViolation" in printed
    assert "Anna" not in printed


def test_ordinary_lines_stay_as_they_are() -> None:
    for line in (
        "worker local is ready",
        'the file "elever.xlsx" has 3 sheets',
        "sync job 3, call 4: HTTP 503 (2 in a row)",
    ):
        assert logged(record_of(None, line)) == f"ERROR {line}"


def test_every_log_that_we_write_goes_through_the_filter(settings: object) -> None:
    config = settings.LOGGING  # type: ignore[attr-defined]
    assert all("personal_data" in handler["filters"] for handler in config["handlers"].values())
    assert config["loggers"]["dbos"] == {"handlers": ["stderr"], "propagate": False}
