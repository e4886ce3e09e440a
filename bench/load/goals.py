"""Goals of Newsstand beside its peers."""

from collections.abc import Mapping

from measures.measure import table
from servers.registry import BARE, MERCURIUS, OURS, SILENT, STRAWBERRY

from load.operations import FEED_PAGE, NEVER_SEEN, NEW_SEARCH, REVALIDATION, SEARCH_BOX, SEARCH_PAGE, TOPIC_PAGE
from load.turns import Measured, median

_BESIDE = (
    (FEED_PAGE, MERCURIUS),
    (FEED_PAGE, STRAWBERRY),
    (FEED_PAGE, BARE),
    (TOPIC_PAGE, MERCURIUS),
    (SEARCH_PAGE, MERCURIUS),
    (NEW_SEARCH, MERCURIUS),
    (SEARCH_BOX, MERCURIUS),
    (SEARCH_BOX, STRAWBERRY),
    (FEED_PAGE, SILENT),
    (NEVER_SEEN, STRAWBERRY),
    (REVALIDATION, BARE),
)


def print_goals(measured: Mapping[str, Measured]) -> None:
    """Print those that were measured: requests a second beside a peer's, and how far times spread at half load."""
    print("\nIn short\n")
    rates = {
        (operation, name): median(loads).per_second
        for name, one in measured.items()
        for operation, loads in one.full.items()
    }
    pairs = [pair for pair in _BESIDE if pair in rates]
    rows = [[one, f"requests/s, Newsstand / {name}", rates[one, OURS] / rates[one, name]] for one, name in pairs]
    halves = {operation: median(loads) for operation, loads in measured[OURS].half.items()}
    rows += [[one, "p99 / p50 at half load", half.p99_ms / half.median_ms] for one, half in halves.items()]
    table(["operation", "what", "ratio"], rows)
