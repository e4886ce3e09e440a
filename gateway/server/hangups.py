"""SIGHUP, by which operators ask a process to look for what is new."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def on_hangup(call: Callable[[], None]) -> Iterator[None]:
    """Call a function in the running event loop whenever SIGHUP comes. Where no loop can take signals, nothing is."""
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGHUP, call)
    except (NotImplementedError, RuntimeError, ValueError, AttributeError):  # Windows, or a thread beside the main one
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
