"""What searches need of a segment, derived from its contents: made with the segment, or anew where it is missing."""

from typing import Any

from numpy.typing import NDArray

from indexer.whoosh_engine import order
from indexer.whoosh_engine.addresses import Addresses
from indexer.whoosh_engine.arrays_file import Arrays, joined
from indexer.whoosh_engine.contents import Contents
from indexer.whoosh_engine.lexicon import Stems
from indexer.whoosh_engine.phrases import phrases_of


def derived(contents: Contents, addresses: Addresses, stems: Stems) -> Arrays:
    """The arrays that `Segment` reads, by name."""
    by_key = order.key_order(contents.keys)
    arrays: dict[str, NDArray[Any]] = {  # Any: each array has a type of its own
        "keys": joined(contents.keys),
        "order.key": by_key,
        **{f"number.{name}": column for name, column in contents.numbers.items()},
    }
    for ranking in order.RANKINGS:
        arrays[f"order.{ranking}"] = order.order(order.sort_values(ranking, contents.numbers), by_key)
    for name, table in contents.tables.items():
        arrays.update(table.arrays(name))
        arrays.update(stems.lexicon(table.terms).arrays(name))
    for field, values in contents.values.items():
        arrays.update(values.arrays(field))
    for kind, phrases in phrases_of(contents).items():
        arrays.update(phrases.arrays(kind))
    arrays.update(addresses.arrays())
    return arrays
