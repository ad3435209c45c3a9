"""What every test may ask for."""

from hypothesis import settings

# No test depends on how fast the machine is: neither does an example.
settings.register_profile("maild", deadline=None)
settings.load_profile("maild")

pytest_plugins = [
    "tests.servers.database_fixtures",
    "tests.servers.fixtures",
    "tests.servers.postfix_fixtures",
]
