"""Fixtures for every test; each file of tests/harness says what it brings."""

pytest_plugins = [
    "tests.harness.servers",
    "tests.harness.databases",
    "tests.harness.lints",
    "tests.harness.records",
    "tests.harness.browsers",
    "tests.harness.addresses",
    "tests.harness.mail",
    "tests.harness.work",
    "tests.harness.site",
]
