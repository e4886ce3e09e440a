"""Several segments as one: their arrays are joined, and no article is looked into again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress

import numpy as np

from indexer.search.filters import TermField
from indexer.whoosh_engine.segment.arrays import Documents, Mask
from indexer.whoosh_engine.segment.term_table import TABLES
from indexer.whoosh_engine.segment.url_index import Addresses
from indexer.whoosh_engine.storage.contents import Contents
from indexer.whoosh_engine.storage.whoosh_fields import NUMBERS
from indexer.whoosh_engine.writing.merged_tables import merged_terms, merged_values


@dataclass(frozen=True, slots=True)
class Source:
    """A segment to merge, of which the documents stay for which `live` is true."""

    contents: Contents
    addresses: Addresses
    live: Mask


def merged(sources: Sequence[Source]) -> tuple[Contents, Addresses]:
    """The live documents of all sources, one source after another: the same as if a build had collected them all.

    The articles are read from the sources each time that they are needed.
    """
    if len(sources) == 1 and sources[0].live.all():
        return sources[0].contents, sources[0].addresses
    contents, numbers = [source.contents for source in sources], [*_numbers(sources)]
    all_live = Contents(
        keys=[*chain.from_iterable(compress(source.contents.keys, source.live.tolist()) for source in sources)],
        articles=_LiveArticles(sources),
        numbers={
            name: np.concatenate([source.contents.numbers[name][source.live] for source in sources]) for name in NUMBERS
        },
        tables={name: merged_terms([one.tables[name] for one in contents], numbers) for name in TABLES},
        values={field: merged_values([one.values[field] for one in contents], numbers) for field in TermField},
    )
    return all_live, _merged_addresses([source.addresses for source in sources], numbers)


def _numbers(sources: Sequence[Source]) -> Iterator[Documents]:
    """For each source, the new number of each document, -1 where it is gone."""
    first = 0
    for source in sources:
        following = first + np.cumsum(source.live)
        yield np.where(source.live, following - 1, -1).astype(np.int32)
        first = int(following[-1]) if len(following) else first


def _merged_addresses(addresses: Sequence[Addresses], numbers: Sequence[Documents]) -> Addresses:
    documents = np.concatenate([new[each.documents] for each, new in zip(addresses, numbers, strict=True)])
    hashes = np.concatenate([each.hashes for each in addresses])
    order = np.argsort(hashes, kind="stable")
    order = order[documents[order] >= 0]
    return Addresses(hashes[order], documents[order])


class _LiveArticles:
    """The stored articles of the live documents, source after source."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources

    def __len__(self) -> int:
        return sum(int(np.count_nonzero(source.live)) for source in self._sources)

    def __iter__(self) -> Iterator[bytes]:
        for source in self._sources:
            yield from compress(source.contents.articles, source.live.tolist())
