"""Exit codes, the same for every command."""

from enum import IntEnum


class Exit(IntEnum):
    """What a command's exit code says."""

    DONE = 0
    NEGATIVE = 1  # it worked, and the answer is no
    WRONG_CALL = 2  # the configuration, or the call, is wrong
    UNAVAILABLE = 3  # a server or the database could not be used
    INTERRUPTED = 130  # by Ctrl-C, as shells have it
