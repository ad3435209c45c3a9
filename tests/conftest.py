"""What every test may ask for."""

pytest_plugins = [
    "tests.servers.database_fixtures",
    "tests.servers.fixtures",
    "tests.servers.postfix_fixtures",
]
