"""Suggestions as simply as they can be said: everything that can be suggested is listed, and what fits is sorted."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import product

import Stemmer

from indexer.article import Article
from indexer.canonical import canonical_domain, canonical_topic
from indexer.errors import RequestError
from indexer.search.suggestions import Suggestion, SuggestionKind, SuggestRequest, are_too_few, mixed
from indexer.text.analysis import terms, tokens
from indexer.text.spelling import misspellings
from indexer.text.typed_prefix import TypedPrefix, read_typed, typed_ranges, typed_readings
from tests.plain_text import plain_terms
from tests.samples import NOW

_MONTH = timedelta(days=30)
_KEPT = 10_000
_terms = lru_cache(_KEPT)(terms)  # an article is looked at for each reading of a text
_Named = tuple[str, Suggestion]  # with what tells it apart


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something with a name, spelled in one or more ways, and its articles, the newest first."""

    kind: SuggestionKind
    name: str
    spellings: tuple[str, ...]
    articles: tuple[Article, ...]

    @property
    def order(self) -> tuple[float, SuggestionKind, str]:
        age = (self.articles[0].published_date_time - NOW) / _MONTH
        return -math.log2(len(self.articles)) - age, self.kind, self.name

    def suggestion(self, typed: TypedPrefix) -> Suggestion | None:
        text = next((text for text in self.spellings if typed.is_among(plain_terms(text))), None)
        if text is None:
            return None
        article = self.articles[0] if self.kind is SuggestionKind.TITLE else None
        ranges = typed_ranges(text, tokens(text), typed)
        return Suggestion(kind=self.kind, text=text, ranges=ranges, count=len(self.articles), article=article)

    def begins_with(self, typed: TypedPrefix) -> bool:
        return any(typed.begins(" ".join(plain_terms(text))) for text in self.spellings)


def plain_suggestions(request: SuggestRequest, visible: Iterable[Article]) -> list[Suggestion]:
    """Suggestions that fit as typed and, where those are too few, that fit with the fewest wrong words."""
    if request.size < 0:
        raise RequestError(f"{request.size} suggestions; ask for 0 or more")
    articles = list(visible)
    found = _found(request.prefix, articles, request.size)
    if (typed := read_typed(request.prefix)) is None:
        return []
    exact = len(found)
    for wrong in (1, 2) if are_too_few(min(exact, request.size), typed.words, size=request.size) else ():
        for reading in _readings(typed, articles, wrong):
            for name, suggestion in _exact(reading, articles, request.size):
                found.setdefault(name, suggestion)
        if len(found) > exact:
            break
    return list(found.values())[: request.size]


def exact_suggestions(text: str, articles: Sequence[Article], size: int) -> list[Suggestion]:
    """Suggestions that fit a text as typed, as the beginning of a number before all others."""
    return list(_found(text, articles, size).values())[:size]


def _found(text: str, articles: Sequence[Article], size: int) -> dict[str, Suggestion]:
    found: dict[str, Suggestion] = {}
    for typed in typed_readings(text):
        for name, suggestion in _exact(typed, articles, size):
            found.setdefault(name, suggestion)
    return found


def _exact(typed: TypedPrefix, articles: Sequence[Article], size: int) -> list[_Named]:
    entries = sorted(_entries(articles), key=lambda entry: entry.order)
    titles = [entry for entry in entries if entry.kind is SuggestionKind.TITLE]
    names = [entry for entry in entries if entry.kind is not SuggestionKind.TITLE]
    return mixed(
        _fitting(typed, (entry for entry in names if entry.begins_with(typed))),
        _fitting(typed, sorted(titles, key=lambda entry: not entry.begins_with(typed))),
        _fitting(typed, (entry for entry in names if not entry.begins_with(typed))),
        _words(typed, articles),
        size=size,
    )


def _fitting(typed: TypedPrefix, entries: Iterable[_Entry]) -> Iterator[_Named]:
    for entry in entries:
        if suggestion := entry.suggestion(typed):
            yield f"{entry.kind} {entry.name}", suggestion


def _entries(articles: Sequence[Article]) -> Iterator[_Entry]:
    having: dict[tuple[SuggestionKind, str], list[Article]] = {}
    for article in sorted(articles, key=lambda article: (-article.published_date_time.timestamp(), article.key)):
        names = [(SuggestionKind.TITLE, " ".join(plain_terms(article.title)))]
        names += [(SuggestionKind.TOPIC, canonical_topic(topic)) for topic in article.topics]
        names.append((SuggestionKind.PROVIDER, canonical_domain(article.provider.domain)))
        for name in dict.fromkeys(names):
            having.setdefault(name, []).append(article)
    for (kind, name), found in having.items():
        yield _Entry(kind, name, tuple(_spellings(kind, name, found[0])), tuple(found))


def _spellings(kind: SuggestionKind, name: str, newest: Article) -> Iterator[str]:
    match kind:
        case SuggestionKind.TITLE:
            yield newest.title
        case SuggestionKind.TOPIC:
            yield next(topic for topic in newest.topics if canonical_topic(topic) == name)
        case _:
            yield from filter(None, (newest.provider.name, newest.provider.domain))


def _words(typed: TypedPrefix, articles: Sequence[Article]) -> Iterator[_Named]:
    if typed.words or len(typed.prefix) < 2:
        return
    seen = [set(_terms(f"{article.title}\n{article.summary or ''}\n{article.text or ''}")) for article in articles]
    counts = Counter(word for found in seen for word in found if word.startswith(typed.prefix))
    stems = set()
    for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        stem = _stem(word)
        if count > 1 and len(word) > 1 and not word.isdecimal() and stem not in stems:
            stems.add(stem)
            having = sum(stem in map(_stem, found) for found in seen)
            ranges = ((0, len(typed.prefix)),)
            yield f"word {stem}", Suggestion(kind=SuggestionKind.WORD, text=word, ranges=ranges, count=having)


@lru_cache(_KEPT)
def _stem(word: str) -> str:
    return Stemmer.Stemmer("english").stemWord(word) if word.isalpha() else word


def _readings(typed: TypedPrefix, articles: Sequence[Article], wrong: int) -> list[TypedPrefix]:
    """Readings with so many words corrected; the fewest errors first."""
    texts = [text for entry in _entries(articles) for text in entry.spellings]
    known = sorted(
        {
            word
            for text in (*texts, *(f"{article.summary or ''}\n{article.text or ''}" for article in articles))
            for word in _terms(text)
        }
    )
    beginnings = sorted({word[:end] for word in known for end in range(1, len(word) + 1)})
    choices = [_choices(word, known) for word in typed.words]
    if typed.prefix:
        choices.append(_choices(typed.prefix, beginnings))
    found = []
    for chosen in product(*choices):
        if sum(errors > 0 for errors, _ in chosen) == wrong:
            words = [word for _, word in chosen]
            reading = TypedPrefix(tuple(words[: len(typed.words)]), "".join(words[len(typed.words) :]))
            found.append((sum(errors for errors, _ in chosen), reading))
    return [reading for _, reading in sorted(found, key=lambda one: one[0])]


def _choices(word: str, known: Sequence[str]) -> list[tuple[int, str]]:
    """The word itself, and what it may be a misspelling of."""
    return [(0, word), *((errors, known[place]) for place, errors in misspellings(word, known))]
