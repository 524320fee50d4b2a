"""What every test can ask for. The fixtures themselves stand in tests/fixtures, one idea a file."""

pytest_plugins = [
    "tests.fixtures.accounts",
    "tests.fixtures.browser",
    "tests.fixtures.command",
    "tests.fixtures.postgresql",
    "tests.fixtures.processes",  # before those that import it, so that its assertions are rewritten
    "tests.fixtures.demo",
    "tests.fixtures.shared",
]
