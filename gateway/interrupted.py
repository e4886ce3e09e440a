"""The end of a server that someone stopped at the keyboard. A file of its own, to be known without the server."""


class Interrupted(Exception):
    """Someone pressed Ctrl-C, and everything has been shut down in good order."""
