"""What Newsstand is meant to reach beside its peers."""

from collections.abc import Mapping

from measure import table
from operations import FEED_PAGE, NEVER_SEEN, REVALIDATION, SEARCH_BOX, SEARCH_PAGE, TOPIC_PAGE
from servers.registry import BARE, MERCURIUS, OURS, STRAWBERRY
from turns import Measured, median

_BESIDE = (
    (FEED_PAGE, MERCURIUS),
    (FEED_PAGE, STRAWBERRY),
    (FEED_PAGE, BARE),
    (TOPIC_PAGE, MERCURIUS),
    (SEARCH_PAGE, MERCURIUS),
    (SEARCH_BOX, MERCURIUS),
    (SEARCH_BOX, STRAWBERRY),
    (NEVER_SEEN, STRAWBERRY),
    (REVALIDATION, BARE),
)


def print_goals(measured: Mapping[str, Measured]) -> None:
    """Print the ratios of requests a second that were measured."""
    print("\nRequests a second of Newsstand, as a multiple of another's\n")
    rates = {
        (operation, name): median(loads).per_second
        for name, one in measured.items()
        for operation, loads in one.full.items()
    }
    pairs = [pair for pair in _BESIDE if pair in rates]
    rows = [[operation, name, rates[operation, OURS] / rates[operation, name]] for operation, name in pairs]
    table(["operation", "beside", "ratio"], rows)
