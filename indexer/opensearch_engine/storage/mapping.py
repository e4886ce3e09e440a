"""The fields of the documents that articles become, and the settings of the index that has them.

Each searched text has three forms. Its terms stand in a field of its own name, `title`; their beginnings at the same
positions in `title.prefixes`; their stems at the same positions in `title_stems`. So how often an article has a word,
its other forms or a prefix is the frequency of one term. Pairs of stems near each other are terms, too (`title_pairs`).
"""

from collections.abc import Mapping
from typing import Any

from indexer.columns.numbers import length_column
from indexer.query.tree import SEARCHED, WITH_BODY, TextField
from indexer.search.filters import NumberField, TermField
from indexer.search.ranking import Ranking

VERSION = 1
"""Raise this when the fields of documents, or their contents, change."""

KEY = "key"
ARTICLE = "article"
ADDED = "added"
REMOVED = "removed"
PUBLISHED_AT = "published_at"
HAS_IMAGE = "has_image"
MONTH = "month"
URLS = "urls"
WEB_URL = "web_url"
TITLE_PHRASE = "title_phrase"
PROVIDER_PHRASES = "provider_phrases"

MOST_AT_ONCE = 10_000
"""Articles that one search can find."""

NEVER = 2**62
"""The generation that removes an article that is still served."""

LONGEST_VALUE = 8_191
"""Characters of a value that can be filtered by and counted; Lucene takes 32,766 bytes."""

_WORDS = "words"
_BEGINNINGS = "beginnings"
_FREQUENCY = "frequency"  # the score of a term: how often an article has it
_LONGEST_TOKEN = 1_000
_LONGEST_BEGINNING = 255


def stems_field(field: TextField) -> str:
    """The field that holds the stems of a text, at the positions of its terms."""
    return f"{field}_stems"


def prefixes_field(field: TextField) -> str:
    """The field that holds all beginnings of a text's terms, at the positions of these."""
    return f"{field}.prefixes"


def pairs_field(field: TextField) -> str:
    """The field of a text, one of `SEARCHED`, that holds the pairs of stems that follow each other (`pair_term`)."""
    return f"{field}_pairs"


def vocabulary_field(field: TextField) -> str:
    """The field that holds the different terms of a text, and each behind its stem (`form_term`), to be listed."""
    return f"{field}_vocabulary"


def value_field(field: TermField) -> str:
    """The field that holds the whole values of an article in canonical form."""
    return f"{field}_value"


RANK_FIELDS: Mapping[Ranking, str] = {
    Ranking.NEWEST: "by_time",
    Ranking.QUALITY: "by_quality",
    Ranking.HEAT: "by_heat",
    Ranking.TRENDING: "by_trend",
}
"""The field that holds the number by which a ranking sorts first, descending; OLDEST is NEWEST upside down."""


def settings(*, shards: int) -> dict[str, Any]:  # Any: JSON
    """The settings of a new index of articles.

    Nothing is refreshed but by commits. A second copy of each shard is kept as soon as there is a second node.
    """
    return {
        "index": {
            "number_of_shards": shards,
            "auto_expand_replicas": "0-1",
            "refresh_interval": "-1",
            "codec": "best_compression",
            "mapping.total_fields.limit": 100,
            "max_inner_result_window": MOST_AT_ONCE,
            "max_result_window": MOST_AT_ONCE,
            "similarity": {_FREQUENCY: {"type": "scripted", "script": {"source": "return query.boost * doc.freq;"}}},
        },
        "analysis": {
            "tokenizer": {_WORDS: {"type": "whitespace", "max_token_length": _LONGEST_TOKEN}},
            "filter": {_BEGINNINGS: {"type": "edge_ngram", "min_gram": 1, "max_gram": _LONGEST_BEGINNING}},
            "analyzer": {
                _WORDS: {"type": "custom", "tokenizer": _WORDS},
                _BEGINNINGS: {"type": "custom", "tokenizer": _WORDS, "filter": [_BEGINNINGS]},
            },
        },
    }


def mapping() -> dict[str, Any]:  # Any: JSON
    """The fields of documents. Others are refused."""
    return {"dynamic": "strict", "_meta": {"version": VERSION}, "properties": _properties()}


def _properties() -> dict[str, object]:
    value = {"type": "keyword", "ignore_above": LONGEST_VALUE}
    number = {"type": "integer"}
    return {
        KEY: {"type": "keyword"},
        ARTICLE: {"type": "keyword", "index": False, "doc_values": False},  # read from the source
        ADDED: {"type": "long"},
        REMOVED: {"type": "long"},
        PUBLISHED_AT: {"type": "long"},
        HAS_IMAGE: {"type": "boolean"},
        MONTH: {"type": "keyword"},
        URLS: value,
        WEB_URL: value,
        TITLE_PHRASE: value,
        PROVIDER_PHRASES: value,
        **{str(field): _terms() | {"fields": {"prefixes": _beginnings()}} for field in TextField},
        **{stems_field(field): _terms() for field in TextField},
        **{vocabulary_field(field): {"type": "keyword", "index": False} for field in TextField},
        **{pairs_field(field): _terms() | {"index_options": "freqs"} for field in SEARCHED},
        **{length_column(field): number for field in WITH_BODY},
        **{value_field(field): value for field in TermField},
        **dict.fromkeys(map(str, NumberField), number),
        **{field: {"type": "double"} for field in RANK_FIELDS.values()},
    }


def _terms() -> dict[str, Any]:  # Any: JSON
    return {"type": "text", "analyzer": _WORDS, "norms": False, "similarity": _FREQUENCY}


def _beginnings() -> dict[str, Any]:  # Any: JSON
    return _terms() | {"analyzer": _BEGINNINGS, "search_analyzer": _WORDS}
