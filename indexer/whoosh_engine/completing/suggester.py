"""Suggestions for what is being typed, from all segments of a generation."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.article import Article
from indexer.columns.stems import Stems
from indexer.errors import RequestError
from indexer.memory import Memory, Shelf, plain_bytes
from indexer.query.tree import SEARCHED, TextField, Word
from indexer.search.filters import EVERYTHING, Filter, is_long
from indexer.search.suggestions import Suggestion, SuggestionKind, SuggestRequest
from indexer.text.analysis import Token, tokens
from indexer.text.language import with_plain_thousands
from indexer.text.typed_prefix import TypedPrefix, typed_readings
from indexer.understanding.suggesting import Completion, exact_suggestions, forgiving_suggestions, is_forgiven
from indexer.understanding.typo_readings import TypedWords
from indexer.whoosh_engine.completing.completions import Completions
from indexer.whoosh_engine.completing.frequent_words import FrequentWords
from indexer.whoosh_engine.completing.popularity import Popularity
from indexer.whoosh_engine.completing.typed_words import SegmentWords
from indexer.whoosh_engine.matching.searchable_segment import Collection, SearchableSegment
from indexer.whoosh_engine.segment.completion_texts import PHRASED


@dataclass(frozen=True, slots=True)
class _Moment:
    """The visible articles, and everything that is made of them: a source of completions."""

    collection: Collection
    completions: Mapping[SuggestionKind, Completions]
    popularities: Mapping[SuggestionKind, Popularity]
    words: FrequentWords
    typed_words: TypedWords
    stem: Callable[[str], str]
    tokens: Callable[[str], Sequence[Token]]
    searched: tuple[TextField, ...]

    def leading(self, kind: SuggestionKind, typed: TypedPrefix, size: int) -> Sequence[Completion]:
        """See `CompletionSource`."""
        return self._named(kind, self.completions[kind].leading(typed, self.popularities[kind], size))

    def elsewhere(self, kind: SuggestionKind, typed: TypedPrefix, size: int) -> Sequence[Completion]:
        """See `CompletionSource`."""
        completions, popularity = self.completions[kind], self.popularities[kind]
        leading = completions.leading(typed, popularity, size)
        return self._named(kind, completions.elsewhere(typed, popularity, size, but=leading))

    def newest(self, completion: Completion) -> Article:
        """See `CompletionSource`."""
        completions = self.completions[completion.kind]
        return completions.newest(completions.number(completion.name), self.popularities[completion.kind])

    def frequent_words(self, prefix: str) -> Iterable[str]:
        """See `CompletionSource`."""
        return self.words.beginning(prefix)

    def count(self, word: str) -> int:
        """See `CompletionSource`."""
        return self.collection.count(Word(word, self.searched))

    def _named(self, kind: SuggestionKind, numbers: Sequence[int]) -> list[Completion]:
        names, popularity = self.completions[kind].names, self.popularities[kind]
        return [
            Completion(kind, names[number], int(popularity.counts[number]), float(popularity.scores[number]))
            for number in numbers
        ]


class Suggesting:
    """The answer to one request, as far as no typing errors are tolerated."""

    def __init__(self, exact: Iterable[Suggestion], forgiving: Callable[[], list[Suggestion]] | None) -> None:
        """Take exact suggestions, and where they are too few, a function that looks for more."""
        self.exact = list(exact)
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
            return Suggesting((), None)
        moment = self._at(collection) if request.filter == EVERYTHING else self._within(request.filter, collection)
        exact = exact_suggestions(typed, moment, request.size)
        if not is_forgiven(exact, typed[-1], size=request.size):
            return Suggesting(exact.values(), None)
        return Suggesting(exact.values(), lambda: forgiving_suggestions(exact, typed[-1], moment, request.size))

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
        vocabularies = [(row.segment.vocabulary, row.documents.mask) for row in collection.rows]
        words = FrequentWords((row.segment.segment.tables["text"], row.documents) for row in collection.rows)
        return _Moment(
            collection=collection,
            completions=self._completions,
            popularities={kind: each.popularity(visible) for kind, each in self._completions.items()},
            words=words,
            typed_words=SegmentWords(vocabularies, self._memory),
            stem=self._stems.of,
            tokens=self._tokens,
            searched=self._searched,
        )

    def _tokens_of(self, text: str) -> Sequence[Token]:
        return tokens(with_plain_thousands(text, self._stems.language))


def _moment_bytes(_key: Hashable, moment: _Moment) -> int:
    return sum(each.nbytes for each in moment.popularities.values()) + moment.words.nbytes


def _tokens_bytes(text: str, tokens: Sequence[Token]) -> int:
    return plain_bytes(text) + plain_bytes(tokens)
