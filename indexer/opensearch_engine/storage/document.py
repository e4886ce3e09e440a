"""An article as the document that a cluster stores and searches."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import blake2b

import numpy as np

from indexer.article import Article
from indexer.canonical import canonical_domain, canonical_url
from indexer.columns.article_json import encoded
from indexer.columns.numbers import MISSING, length_column, microseconds
from indexer.columns.sort_values import sort_values
from indexer.columns.stems import Stems
from indexer.columns.values import number_of, urls_of, values_of
from indexer.columns.words import words_of
from indexer.opensearch_engine.storage import mapping
from indexer.query.tree import SEARCHED, WITH_BODY, TextField
from indexer.search.filters import NumberField, TermField
from indexer.text.analysis import BOUNDARY, parted_terms

PAIR_REACH = 2
"""Steps by which the second stem of a pair may follow the first."""

LONGEST_TERM = 200
"""Characters of a term as it is stored."""
_MARK = "~"  # no term has it
_FORM = "="  # nor this
_DOMAIN = "="
LONGEST_PHRASE = 1_000
"""Characters of a phrase as it is stored."""

_DIGEST = 16  # bytes


def document_id(key: str, generation: int) -> str:
    """The id of the version of an article that a generation brought."""
    return f"{blake2b(key.encode(), digest_size=_DIGEST).hexdigest()}-{generation}"


def document(article: Article, *, added: int, stems: Stems) -> dict[str, object]:
    """The document of an article, served from the generation `added` on, with the words of a language's index."""
    words = {field: [*map(stored_term, words_of(article, field, stems.language))] for field in TextField}
    stemmed = {field: [*map(stems.of, terms)] for field, terms in words.items()}
    published_at = microseconds(article.published_date_time.timestamp())
    numbers = {str(field): number_of(article, field) for field in NumberField}
    return {
        mapping.KEY: article.key,
        mapping.ARTICLE: encoded(article).decode(),
        mapping.ADDED: added,
        mapping.REMOVED: mapping.NEVER,
        mapping.PUBLISHED_AT: published_at,
        mapping.HAS_IMAGE: bool(article.images),
        mapping.MONTH: _month(article.published_date_time),
        mapping.URLS: urls_of(article),
        mapping.WEB_URL: canonical_url(article.web_url),
        mapping.TITLE_PHRASE: phrase(words_of(article, TextField.TITLE, stems.language)),
        mapping.PROVIDER_PHRASES: sorted({*_provider_phrases(article)}),
        **{str(field): " ".join(terms) for field, terms in words.items()},
        **{mapping.stems_field(field): " ".join(terms) for field, terms in stemmed.items()},
        **{mapping.vocabulary_field(field): _vocabulary(words[field], stems) for field in TextField},
        **{mapping.pairs_field(field): " ".join(_pairs(stemmed[field])) for field in SEARCHED},
        **{length_column(field): len(words[field]) for field in WITH_BODY},
        **{mapping.value_field(field): values_of(article, field) for field in TermField},
        **{field: number for field, number in numbers.items() if number != MISSING},
        **_ranks({"published_at": published_at, **numbers}),
    }


def stored_term(term: str) -> str:
    """The term as it stands in documents: a digest takes the place of the end of a very long one.

    >>> len(stored_term(1000 * "a"))
    200
    """
    if len(term) <= LONGEST_TERM:
        return term
    digest = blake2b(term.encode(), digest_size=_DIGEST).hexdigest()
    return f"{term[: LONGEST_TERM - len(digest) - 1]}{_MARK}{digest}"


def form_term(stem: str, term: str) -> str:
    """The entry of a vocabulary that tells that a term has a stem."""
    return f"{_FORM}{stem}{_FORM}{term}"


def term_of_form(entry: str) -> str:
    """The term in such an entry."""
    return entry.rpartition(_FORM)[2]


def phrase(terms: Sequence[str]) -> str | None:
    """Terms as what a person may type, each with a space behind it; None without any.

    A digest takes the place of the end of a very long one.

    >>> phrase(["new", "york"])
    'new york '
    """
    text = "".join(f"{term} " for term in terms)
    if len(text) <= LONGEST_PHRASE:
        return text or None
    return f"{text[:LONGEST_PHRASE]}{_MARK}{blake2b(text.encode(), digest_size=_DIGEST).hexdigest()}"


def phrase_of_provider(stored: str) -> tuple[str, str]:
    """The phrase and the domain in a stored phrase of a provider."""
    terms, _, domain = stored.rpartition(_DOMAIN)
    return terms, domain


def pair_term(first: str, second: str, gap: int) -> str:
    """The term of two stems of which the second follows the first in at most `gap` steps, 1 or 2.

    Its frequency in a field of pairs is the number of places where the first is so followed.
    """
    return f"{first}{_MARK * gap}{second}"


def _provider_phrases(article: Article) -> Iterator[str]:
    """The provider's name and domain as phrases, each with the domain in canonical form."""
    domain = canonical_domain(article.provider.domain)
    for form in (article.provider.name, article.provider.domain):
        terms = phrase(parted_terms(form or ""))
        if terms:
            yield f"{terms}{_DOMAIN}{domain}"


def _pairs(stems: Sequence[str]) -> Iterator[str]:
    for place, first in enumerate(stems):
        if first == BOUNDARY:
            continue
        for gap in range(1, PAIR_REACH + 1):
            followers = {stem for stem in stems[place + 1 : place + 1 + gap] if stem != BOUNDARY}
            yield from (pair_term(first, second, gap) for second in sorted(followers))


def _vocabulary(terms: Sequence[str], stems: Stems) -> list[str]:
    different = sorted(set(terms))
    return [*different, *(form_term(stems.of(term), term) for term in different)]


def _month(time: datetime) -> str:
    utc = time.astimezone(UTC)
    return f"{utc.year:04}-{utc.month:02}"


def _ranks(numbers: dict[str, int]) -> dict[str, float]:
    """The numbers that the rankings sort by."""
    columns = {name: np.array([number], dtype=np.int64) for name, number in numbers.items()}
    return {field: float(sort_values(ranking, columns)[0][0]) for ranking, field in mapping.RANK_FIELDS.items()}
