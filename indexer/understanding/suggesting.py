"""The rules of suggestions for a text that is being typed, for every engine that can list completions."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import chain, islice
from typing import NamedTuple, Protocol

from indexer.article import Article
from indexer.search.suggestions import Suggestion, SuggestionKind, are_too_few, mixed
from indexer.text.analysis import Token, parted_terms
from indexer.text.typed_prefix import TypedPrefix, typed_ranges
from indexer.understanding.typo_readings import TypedWords, typo_readings
from indexer.work import checkpoint

SHORTEST_PREFIX = 2
"""Letters of a beginning that words are suggested for: before, the most frequent are the same few, and say nothing."""

FEWEST_ARTICLES = 2
"""Articles that have a word that is suggested."""

HALF_LIFE = 30 * 24 * 3600 * 1_000_000
"""Microseconds of age that twice as many articles outweigh, where completions are ordered by their popularity.

The popularity is the binary logarithm of the number of articles, plus the time of the newest, in such units since 1970.
"""

_NAMED = (SuggestionKind.TOPIC, SuggestionKind.PROVIDER)

_Identity = tuple[SuggestionKind, Hashable]
_Suggestions = dict[_Identity, Suggestion]


class Completion(NamedTuple):
    """A title, topic or provider with its number of visible `articles`. `name` tells it from others of its kind.

    A title is named by its terms, and the others by their canonical form. `popularity` is as `HALF_LIFE` has it.
    """

    kind: SuggestionKind
    name: str
    articles: int
    popularity: float


class CompletionSource(Protocol):
    """Lists what visible articles have. Sequences come best first: by popularity, ties by name."""

    @property
    def typed_words(self) -> TypedWords:
        """Facts about typed words."""

    def leading(self, kind: SuggestionKind, typed: TypedPrefix, size: int) -> Sequence[Completion]:
        """The best completions that begin with the typed words."""

    def elsewhere(self, kind: SuggestionKind, typed: TypedPrefix, size: int) -> Sequence[Completion]:
        """The best of the others that have all typed words."""

    def newest(self, completion: Completion) -> Article:
        """The newest visible article of a completion; ties by key."""

    def frequent_words(self, prefix: str) -> Iterable[str]:
        """The words of texts that begin so, the most frequent first: not numbers, nor those of a single article."""

    def count(self, word: str) -> int:
        """The number of visible articles that a search for a word finds."""

    def stem(self, word: str) -> str:
        """The stem of a word."""

    def tokens(self, text: str) -> Sequence[Token]:
        """The tokens of a text."""


def exact_suggestions(readings: Sequence[TypedPrefix], source: CompletionSource, size: int) -> _Suggestions:
    """At most `size` suggestions for a text as it was typed, in any of its readings."""
    exact = dict(_matching(readings[0], source, size))
    for reading in readings[1:]:
        missing = (each for each in _matching(reading, source, size) if each[0] not in exact)
        exact.update(list(islice(missing, size - len(exact))))
    return exact


def is_forgiven(exact: _Suggestions, typed: TypedPrefix, *, size: int) -> bool:
    """Tell whether so few suggestions are exact that typing errors are tolerated."""
    return are_too_few(len(exact), typed.words, size=size)


def forgiving_suggestions(
    exact: _Suggestions, typed: TypedPrefix, source: CompletionSource, size: int
) -> list[Suggestion]:
    """The exact suggestions, and those with as few wrong words as possible, the likeliest readings first."""
    suggestions = dict(exact)
    for readings in typo_readings(typed, source.typed_words):
        for reading in readings:
            checkpoint()
            for identity, suggestion in _matching(reading, source, size):
                suggestions.setdefault(identity, suggestion)
            if len(suggestions) >= size:
                break
        if len(suggestions) > len(exact):
            break
    return list(suggestions.values())[:size]


def _matching(typed: TypedPrefix, source: CompletionSource, size: int) -> list[tuple[_Identity, Suggestion]]:
    return mixed(
        _names(source.leading, typed, source, size),
        _titles(typed, source, size),
        _names(source.elsewhere, typed, source, size),
        _words(typed, source),
        size=size,
    )


def _titles(typed: TypedPrefix, source: CompletionSource, size: int) -> Iterator[tuple[_Identity, Suggestion]]:
    listed = (search(SuggestionKind.TITLE, typed, size) for search in (source.leading, source.elsewhere))
    for completion in chain.from_iterable(listed):
        article = source.newest(completion)
        ranges = typed_ranges(article.title, source.tokens(article.title), typed)
        suggestion = Suggestion(
            kind=completion.kind, text=article.title, ranges=ranges, count=completion.articles, article=article
        )
        yield (SuggestionKind.TITLE, completion.name), suggestion


class _Search(Protocol):
    def __call__(self, kind: SuggestionKind, typed: TypedPrefix, size: int, /) -> Sequence[Completion]: ...


def _names(
    search: _Search, typed: TypedPrefix, source: CompletionSource, size: int
) -> Iterator[tuple[_Identity, Suggestion]]:
    """Topics and providers, best first."""
    found = (search(kind, typed, size) for kind in _NAMED)
    for completion in merge(*found, key=lambda one: (-one.popularity, one.kind)):
        article = source.newest(completion)
        text = _spelled(completion, typed, article)
        if text is not None:
            ranges = typed_ranges(text, source.tokens(text), typed)
            suggestion = Suggestion(kind=completion.kind, text=text, ranges=ranges, count=completion.articles)
            yield (completion.kind, completion.name), suggestion


def _words(typed: TypedPrefix, source: CompletionSource) -> Iterator[tuple[_Identity, Suggestion]]:
    if typed.words or len(typed.prefix) < SHORTEST_PREFIX:
        return
    seen = set()
    for word in source.frequent_words(typed.prefix):
        stem = source.stem(word)
        if stem in seen:  # another form of a word finds the same articles
            continue
        seen.add(stem)
        ranges = ((0, len(typed.prefix)),)
        suggestion = Suggestion(kind=SuggestionKind.WORD, text=word, ranges=ranges, count=source.count(word))
        yield (SuggestionKind.WORD, stem), suggestion


def _spelled(completion: Completion, typed: TypedPrefix, article: Article) -> str | None:
    """A topic or provider as its newest article spells it; None if only an earlier spelling fits the typed words."""
    if completion.kind is SuggestionKind.TOPIC:
        return article.topic_named(completion.name)
    forms = (article.provider.name, article.provider.domain)
    return next((form for form in forms if form and typed.is_among(parted_terms(form))), None)
