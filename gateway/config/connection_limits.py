"""Limits on the connections of one serving process."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """The limits that an operator may set.

    At most `max_connections` are open at once, and always fewer than the process may open files. The head of a request
    must come within `head_seconds` and its body within `body_seconds`; of an answer, some bytes must be taken every
    `write_seconds`; and a connection without a request is closed after `keep_alive_seconds`.

    Requests that have not come to their end hold at most `max_unfinished_bytes`, and answers that their clients have
    not taken `max_unsent_bytes`, those of all connections together. Where requests, or their calls in threads, have
    been waiting for their turn for `queue_seconds` of processor time without a break, there are more than can be
    answered, and the rest is refused.

    Of the connections, at most `max_streams` are WebSockets and event streams, each of which may have
    `max_subscriptions` operations under way, and is looked after every `heartbeat_seconds`.
    """

    max_connections: int = 1000
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    write_seconds: float = 30.0
    keep_alive_seconds: int = 5
    max_unfinished_bytes: int = 64 * 1024 * 1024
    max_unsent_bytes: int = 256 * 1024 * 1024
    queue_seconds: float = 0.1
    max_streams: int = 500
    max_subscriptions: int = 100
    heartbeat_seconds: float = 15.0
