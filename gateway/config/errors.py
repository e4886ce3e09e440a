"""Errors that stop a command: a setting that cannot be used, a server that cannot start, Ctrl-C."""

from indexer.errors import NewsstandError

SIGNALLED = 128
"""The exit status of a process that a signal has ended at once, without the number of the signal."""


class SettingError(NewsstandError):
    """A setting has a value that cannot be used. The message names its source, the value and the values allowed."""


class ServingError(NewsstandError):
    """The server cannot start."""


class Interrupted(Exception):
    """Someone pressed Ctrl-C, and everything has been shut down in good order."""
