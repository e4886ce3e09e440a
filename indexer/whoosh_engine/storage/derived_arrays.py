"""The arrays that searches read, derived from a segment's contents: with the segment, or later if they are missing."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.columns.sort_values import RANKINGS, sort_values
from indexer.columns.stems import Stems
from indexer.query.tree import TextField
from indexer.search.filters import TermField
from indexer.search.suggestions import SuggestionKind
from indexer.text.analysis import BOUNDARY, parted_terms
from indexer.whoosh_engine.segment import sort_orders
from indexer.whoosh_engine.segment.arrays import groups_of
from indexer.whoosh_engine.segment.arrays_file import Arrays, joined
from indexer.whoosh_engine.segment.completion_texts import SEPARATOR, CompletionTexts
from indexer.whoosh_engine.segment.lexicon import Lexicon
from indexer.whoosh_engine.segment.term_table import TermTable
from indexer.whoosh_engine.segment.url_index import Addresses
from indexer.whoosh_engine.segment.value_table import ValueTable
from indexer.whoosh_engine.storage.article_column import article_arrays
from indexer.whoosh_engine.storage.contents import Contents


def phrases_of(contents: Contents) -> Mapping[SuggestionKind, CompletionTexts]:
    """The phrases of all documents, by kind: their titles, their topics, and their providers by domain and name."""
    titles = _texts(contents.tables["text"], TextField.TITLE, len(contents))
    return {
        SuggestionKind.TITLE: CompletionTexts.of_documents([(title,) if title else () for title in titles]),
        SuggestionKind.TOPIC: _topics(contents.values[TermField.TOPIC]),
        SuggestionKind.PROVIDER: _providers(contents),
    }


def _topics(table: ValueTable) -> CompletionTexts:
    """Topics by their terms; those without any cannot be typed."""
    phrases = sorted(
        (f"{key}{SEPARATOR}{name}", documents)
        for name, documents in table.items()
        if (key := " ".join(parted_terms(name)))
    )
    documents = np.concatenate([np.empty(0, dtype=np.int32), *(documents for _, documents in phrases)])
    offsets = np.cumsum([0, *(len(documents) for _, documents in phrases)])
    return CompletionTexts.of_texts(ValueTable([phrase for phrase, _ in phrases], offsets, documents))


def _providers(contents: Contents) -> CompletionTexts:
    """Providers by the terms of their domain, and by those of the name that each document gives them."""
    table = contents.values[TermField.PROVIDER]
    names = [*table.values, ""]
    domains = [names[number] for number in table.by_document(len(contents)).tolist()]
    texts = _texts(contents.tables[TextField.PROVIDER], TextField.PROVIDER, len(contents))
    phrases = cache(_of_provider)  # few differ
    return CompletionTexts.of_documents([phrases(domain, text) for domain, text in zip(domains, texts, strict=True)])


def _of_provider(domain: str, text: str) -> list[str]:
    """A provider's phrases. In `text`, its name stands before the domain."""
    key = " ".join(parted_terms(domain))
    name = text.removesuffix(key).strip(f" {BOUNDARY}")
    return sorted({f"{form}{SEPARATOR}{domain}" for form in (key, name) if form and domain})


def _texts(table: TermTable, field: TextField, size: int) -> list[str]:
    """The terms of a field in each document, in order, with spaces between."""
    occurrences = table.fields[field]
    numbers = groups_of(occurrences.starts)
    documents = table.documents.repeat(occurrences.frequencies)
    order = np.lexsort((occurrences.positions, documents))
    numbers = numbers[order]
    ends = np.cumsum(np.bincount(documents, minlength=size)).tolist()
    return [" ".join([table.terms[n] for n in numbers[start:end].tolist()]) for start, end in pairwise([0, *ends])]


def derived(contents: Contents, addresses: Addresses, stems: Stems) -> Arrays:
    """The arrays that `SegmentArrays` and `ArticleColumn` read, by name."""
    by_key = sort_orders.key_order(contents.keys)
    arrays: dict[str, NDArray[Any]] = {  # Any: each array has a type of its own
        "keys": joined(contents.keys),
        "order.key": by_key,
        **{f"number.{name}": column for name, column in contents.numbers.items()},
    }
    for ranking in RANKINGS:
        arrays[f"order.{ranking}"] = sort_orders.order(sort_values(ranking, contents.numbers), by_key)
    for name, table in contents.tables.items():
        arrays.update(table.arrays(name))
        arrays.update(Lexicon.of_terms(table.terms, stems).arrays(name))
    for field, values in contents.values.items():
        arrays.update(values.arrays(field))
    for kind, phrases in phrases_of(contents).items():
        arrays.update(phrases.arrays(kind))
    arrays.update(addresses.arrays())
    arrays.update(article_arrays(contents.articles))
    return arrays
