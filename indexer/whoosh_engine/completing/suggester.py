"""Suggestions for what is being typed, from all segments of a generation."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from indexer.article import Article
from indexer.columns.stems import Stems
from indexer.errors import RequestError
from indexer.memory import Memory, Shelf, plain_bytes
from indexer.query.tree import SEARCHED, TextField, Word
from indexer.search.filters import EVERYTHING, Filter, is_long
from indexer.search.suggestions import Suggestion, SuggestionKind, SuggestRequest, are_too_few, mixed
from indexer.text.analysis import Token, parted_terms, tokens
from indexer.text.language import with_plain_thousands
from indexer.text.typed_prefix import TypedPrefix, typed_ranges, typed_readings
from indexer.whoosh_engine.completing.completions import Completions
from indexer.whoosh_engine.completing.frequent_words import SHORTEST_PREFIX, FrequentWords
from indexer.whoosh_engine.completing.popularity import Popularity
from indexer.whoosh_engine.completing.typo_readings import TypoReadings
from indexer.whoosh_engine.matching.searchable_segment import Collection, SearchableSegment
from indexer.whoosh_engine.segment.completion_texts import PHRASED
from indexer.work import checkpoint

_NAMED = (SuggestionKind.TOPIC, SuggestionKind.PROVIDER)

# The mark that tells suggestions apart: the number of a completion, the stem of a word.
_Identity = tuple[SuggestionKind, int | str]
_Suggestions = dict[_Identity, Suggestion]


@dataclass(frozen=True, slots=True)
class _Moment:
    """The visible articles, and everything that is made of them: popularities, word counts, readings of typos."""

    collection: Collection
    popularities: Mapping[SuggestionKind, Popularity]
    words: FrequentWords
    readings: TypoReadings


class Suggesting:
    """The answer to one request, as far as no typing errors are tolerated."""

    def __init__(self, exact: _Suggestions, forgiving: Callable[[], list[Suggestion]] | None) -> None:
        """Take exact suggestions, and where they are too few, a function that looks for more."""
        self.exact = list(exact.values())
        self._forgiving = forgiving

    @property
    def is_enough(self) -> bool:
        """True where `exact` is the whole answer."""
        return self._forgiving is None

    def forgiving(self) -> list[Suggestion]:
        """The whole answer, exact suggestions first. May take milliseconds."""
        return self._forgiving() if self._forgiving else self.exact


class Suggester:
    """Answers from one generation. A moment is computed once, until another article becomes visible."""

    def __init__(
        self,
        segments: Sequence[SearchableSegment],
        stems: Stems,
        memory: Memory,
        searched: tuple[TextField, ...] = SEARCHED,
    ) -> None:
        """Take the segments, the stems of their language, the memory, and the fields of words without one."""
        self._memory = memory
        self._tokens = memory.kept("tokens", _tokens_bytes, self._tokens_of)
        self._stems = stems
        self._searched = searched
        self._completions = {kind: Completions(kind, [segment.segment for segment in segments]) for kind in PHRASED}
        self._moment: _Moment | None = None
        self._narrowed: Shelf[Hashable, _Moment] = memory.shelf("narrowed suggestions", _moment_bytes)

    def is_ready(self, appeared: tuple[int, ...]) -> bool:
        """Tell whether the moment at which so many articles of each segment have appeared was computed last."""
        return self._moment is not None and self._moment.collection.appeared == appeared

    def suggest(self, request: SuggestRequest, collection: Collection) -> "Suggesting":
        """Look for exact suggestions among the visible articles. Raises RequestError for a negative size."""
        if request.size < 0:
            raise RequestError(f"there cannot be {request.size} suggestions; ask for 0 or more")
        typed = typed_readings(with_plain_thousands(request.prefix, self._stems.language))
        if not typed or not request.size:
            return Suggesting({}, None)
        moment = self._at(collection) if request.filter == EVERYTHING else self._within(request.filter, collection)
        exact = dict(self._matching(typed[0], moment, request.size))
        for reading in typed[1:]:
            missing = (each for each in self._matching(reading, moment, request.size) if each[0] not in exact)
            exact.update(list(islice(missing, request.size - len(exact))))
        if not are_too_few(len(exact), typed[-1].words, size=request.size):
            return Suggesting(exact, None)
        return Suggesting(exact, lambda: self._with_errors(typed[-1], moment, request.size, dict(exact)))

    def _with_errors(
        self, typed: TypedPrefix, moment: _Moment, size: int, suggestions: _Suggestions
    ) -> list[Suggestion]:
        """The exact suggestions, and those with as few wrong words as possible, the likeliest readings first."""
        exact = len(suggestions)
        for readings in moment.readings.of(typed):
            for reading in readings:
                checkpoint()
                for identity, suggestion in self._matching(reading, moment, size):
                    suggestions.setdefault(identity, suggestion)
                if len(suggestions) >= size:
                    break
            if len(suggestions) > exact:
                break
        return list(suggestions.values())[:size]

    def _at(self, collection: Collection) -> _Moment:
        moment = self._moment
        if moment is None or moment.collection.appeared != collection.appeared:
            moment = self._moment = self._made(collection)
        return moment

    def _within(self, condition: Filter, collection: Collection) -> _Moment:
        key = condition, collection.appeared
        moment = None if is_long(condition) else self._narrowed.find(key)
        if moment is None:
            moment = self._made(Collection(collection.segments, collection.appeared, condition))
            if not is_long(condition):
                self._narrowed.put(key, moment)
        return moment

    def _made(self, collection: Collection) -> _Moment:
        visible = [row.documents.mask for row in collection.rows]
        readings = TypoReadings([(row.segment.vocabulary, row.documents.mask) for row in collection.rows], self._memory)
        popularities = {kind: completions.popularity(visible) for kind, completions in self._completions.items()}
        words = FrequentWords((row.segment.segment.tables["text"], row.documents) for row in collection.rows)
        return _Moment(collection, popularities, words, readings)

    def _matching(self, typed: TypedPrefix, moment: _Moment, size: int) -> list[tuple[_Identity, Suggestion]]:
        return mixed(
            self._names(typed, moment, size),
            self._titles(typed, moment, size),
            self._names(typed, moment, size, elsewhere=True),
            self._words(typed, moment),
            size=size,
        )

    def _titles(self, typed: TypedPrefix, moment: _Moment, size: int) -> Iterator[tuple[_Identity, Suggestion]]:
        completions, popularity = self._completions[SuggestionKind.TITLE], moment.popularities[SuggestionKind.TITLE]
        for number in completions.best(typed, popularity, size):
            article = completions.newest(number, popularity)
            count = int(popularity.counts[number])
            suggestion = self._suggestion(SuggestionKind.TITLE, article.title, typed, count, article)
            yield (SuggestionKind.TITLE, number), suggestion

    def _names(
        self, typed: TypedPrefix, moment: _Moment, size: int, *, elsewhere: bool = False
    ) -> Iterator[tuple[_Identity, Suggestion]]:
        """Topics and providers that begin with the typed words, or else those that have them elsewhere; best first."""
        ranked = merge(*(self._ranked(kind, typed, moment, size, elsewhere=elsewhere) for kind in _NAMED))
        for _, kind, number in ranked:
            completions, popularity = self._completions[kind], moment.popularities[kind]
            article = completions.newest(number, popularity)
            text = _spelled(kind, completions.names[number], typed, article)
            if text is not None:
                yield (kind, number), self._suggestion(kind, text, typed, int(popularity.counts[number]))

    def _ranked(
        self, kind: SuggestionKind, typed: TypedPrefix, moment: _Moment, size: int, *, elsewhere: bool
    ) -> Iterator[tuple[float, SuggestionKind, int]]:
        completions, popularity = self._completions[kind], moment.popularities[kind]
        numbers = completions.leading(typed, popularity, size)
        if elsewhere:
            numbers = completions.elsewhere(typed, popularity, size, but=numbers)
        for number in numbers:
            yield -float(popularity.scores[number]), kind, number

    def _words(self, typed: TypedPrefix, moment: _Moment) -> Iterator[tuple[_Identity, Suggestion]]:
        if typed.words or len(typed.prefix) < SHORTEST_PREFIX:
            return
        seen = set()
        for word in moment.words.beginning(typed.prefix):
            stem = self._stems.of(word)
            if stem in seen:  # another form of a word finds the same articles
                continue
            seen.add(stem)
            count = moment.collection.count(Word(word, self._searched))
            ranges = ((0, len(typed.prefix)),)
            suggestion = Suggestion(kind=SuggestionKind.WORD, text=word, ranges=ranges, count=count)
            yield (SuggestionKind.WORD, stem), suggestion

    def _suggestion(
        self, kind: SuggestionKind, text: str, typed: TypedPrefix, count: int, article: Article | None = None
    ) -> Suggestion:
        ranges = typed_ranges(text, self._tokens(text), typed)
        return Suggestion(kind=kind, text=text, ranges=ranges, count=count, article=article)

    def _tokens_of(self, text: str) -> Sequence[Token]:
        return tokens(with_plain_thousands(text, self._stems.language))


def _moment_bytes(_key: Hashable, moment: _Moment) -> int:
    return sum(each.nbytes for each in moment.popularities.values()) + moment.words.nbytes


def _tokens_bytes(text: str, tokens: Sequence[Token]) -> int:
    return plain_bytes(text) + plain_bytes(tokens)


def _spelled(kind: SuggestionKind, name: str, typed: TypedPrefix, article: Article) -> str | None:
    """A topic or provider as its newest article spells it; None if only an earlier spelling fits the typed words."""
    if kind is SuggestionKind.TOPIC:
        return article.topic_named(name)
    forms = (article.provider.name, article.provider.domain)
    return next((form for form in forms if form and typed.is_among(parted_terms(form))), None)
