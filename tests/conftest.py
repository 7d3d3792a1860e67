pytest_plugins = [
    "tests.fixtures.browser",
    "tests.fixtures.celery",
    "tests.fixtures.database",
    "tests.fixtures.postgresql",
    "tests.fixtures.smtp",
    "tests.fixtures.valkey",
    "tests.fixtures.web",
]
