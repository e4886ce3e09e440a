"""Suggestions for what is being typed, from a cluster: the shared rules, and what they ask for."""

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

from indexer.article import Article
from indexer.errors import RequestError
from indexer.memory import OVERHEAD, Memory, Shelf, plain_bytes
from indexer.opensearch_engine.completing import misspelt
from indexer.opensearch_engine.completing.found import Finder, Found, newest_searches
from indexer.opensearch_engine.matching.filter_clauses import filter_clause
from indexer.opensearch_engine.matching.view import Clause, View
from indexer.opensearch_engine.searching.search import Searching
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.articles import Articles
from indexer.opensearch_engine.storage.cluster import Cluster
from indexer.search.suggestions import Suggestion, SuggestionKind, SuggestRequest
from indexer.text.analysis import Token, tokens
from indexer.text.language import with_plain_thousands
from indexer.text.typed_prefix import TypedPrefix, typed_readings
from indexer.understanding.suggesting import Completion, exact_suggestions, forgiving_suggestions, is_forgiven
from indexer.understanding.typo_readings import Typed
from indexer.work import checkpoint

_SUGGESTION_BYTES = 2_000  # with the article of a title, about


class _Known(NamedTuple):
    """Asks whether an article has a typed word."""

    word: Typed


class _Misspelt(NamedTuple):
    """Asks for the corrections of a typed word."""

    word: Typed


_Question = TypedPrefix | _Known | _Misspelt


class _Unknown(Exception):
    """The rules cannot go on without an answer to a question."""

    def __init__(self, question: _Question) -> None:
        super().__init__(question)
        self.question = question


class _Facts:
    """The answers so far, as a `CompletionSource` and its `TypedWords`."""

    def __init__(self, searching: Searching) -> None:
        self._searching = searching
        self.found: dict[TypedPrefix, Found] = {}
        self.newest_of: dict[tuple[SuggestionKind, str], Article] = {}
        self.known: dict[Typed, bool] = {}
        self.corrected: dict[Typed, Sequence[tuple[int, str]]] = {}

    @property
    def typed_words(self) -> "_Facts":
        """See `CompletionSource`."""
        return self

    def leading(self, kind: SuggestionKind, typed: TypedPrefix, size: int) -> Sequence[Completion]:
        """See `CompletionSource`."""
        return self._found(typed).leading[kind][:size]

    def elsewhere(self, kind: SuggestionKind, typed: TypedPrefix, size: int) -> Sequence[Completion]:
        """See `CompletionSource`."""
        return self._found(typed).elsewhere[kind][:size]

    def newest(self, completion: Completion) -> Article:
        """See `CompletionSource`."""
        return self.newest_of[completion.kind, completion.name]

    def frequent_words(self, prefix: str) -> Iterable[str]:
        """See `CompletionSource`."""
        return self._found(TypedPrefix((), prefix)).words

    def count(self, word: str) -> int:
        """See `CompletionSource`."""
        return next(found.counts[word] for found in self.found.values() if word in found.counts)

    def stem(self, word: str) -> str:
        """See `CompletionSource`."""
        return self._searching.clauses.stem(word)

    def tokens(self, text: str) -> Sequence[Token]:
        """See `CompletionSource`."""
        return tokens(with_plain_thousands(text, self._searching.language))

    def is_known(self, word: Typed) -> bool:
        """See `TypedWords`."""
        if word not in self.known:
            raise _Unknown(_Known(word))
        return self.known[word]

    def corrections(self, word: Typed) -> Sequence[tuple[int, str]]:
        """See `TypedWords`."""
        if word not in self.corrected:
            raise _Unknown(_Misspelt(word))
        return self.corrected[word]

    def _found(self, typed: TypedPrefix) -> Found:
        if typed not in self.found:
            raise _Unknown(typed)
        return self.found[typed]


class Suggester:
    """Answers from one generation of an index in a cluster."""

    def __init__(self, cluster: Cluster, searching: Searching, articles: Articles, memory: Memory) -> None:
        self._cluster = cluster
        self._searching = searching
        self._articles = articles
        self._finder = Finder(searching.clauses, searching.texts.searched)
        self._kept: Shelf[Hashable, tuple[Suggestion, ...]] = memory.shelf("suggestions", _size)

    async def suggest(self, request: SuggestRequest, view: View) -> Sequence[Suggestion]:
        """Completions of a text that is being typed. Raises RequestError for a negative size."""
        if request.size < 0:
            raise RequestError(f"there cannot be {request.size} suggestions; ask for 0 or more")
        readings = typed_readings(with_plain_thousands(request.prefix, self._searching.language))
        if not readings or not request.size:
            return ()
        key = view.moment, request.prefix, request.size, request.filter
        kept = self._kept.find(key)
        return self._kept.put(key, await self._suggested(readings, request, view)) if kept is None else kept

    async def _suggested(
        self, readings: Sequence[TypedPrefix], request: SuggestRequest, view: View
    ) -> tuple[Suggestion, ...]:
        facts = _Facts(self._searching)
        conditions = [*view.clauses(), filter_clause(request.filter)]

        def suggested() -> list[Suggestion]:
            exact = exact_suggestions(readings, facts, request.size)
            if not is_forgiven(exact, readings[-1], size=request.size):
                return [*exact.values()]
            return forgiving_suggestions(exact, readings[-1], facts, request.size)

        while True:
            checkpoint()
            try:
                return tuple(suggested())
            except _Unknown as unknown:
                question = unknown.question
            match question:
                case TypedPrefix():
                    await self._find(question, facts, view, conditions, request.size)
                case _Known(word):
                    [answer] = await self._cluster.searches(view.index, [misspelt.known_search(word, conditions)])
                    facts.known[word] = answer["hits"]["total"]["value"] > 0
                case _Misspelt(word):
                    facts.corrected[word] = await self._corrections(word, view, conditions)

    async def _find(
        self, typed: TypedPrefix, facts: _Facts, view: View, conditions: Sequence[Clause], size: int
    ) -> None:
        """Find what fits a text, with the newest articles of what is likely to be suggested."""
        answers = await self._cluster.searches(view.index, self._finder.candidate_searches(typed, conditions))
        candidates = self._finder.candidates(typed, answers)
        counting = self._finder.counting_searches(candidates, conditions)
        found = self._finder.found(candidates, await self._cluster.searches(view.index, counting))
        listed = [
            completion
            for part in (found.leading, found.elsewhere)
            for completions in part.values()
            for completion in completions[:size]
            if (completion.kind, completion.name) not in facts.newest_of
        ]
        newest = await self._cluster.searches(view.index, newest_searches(listed, conditions))
        for completion, answer in zip(listed, newest, strict=True):
            [hit] = answer["hits"]["hits"]
            article = self._articles.article(hit["_id"], hit["_source"][mapping.ARTICLE])
            facts.newest_of[completion.kind, completion.name] = article
        facts.found[typed] = found

    async def _corrections(self, word: Typed, view: View, conditions: Sequence[Clause]) -> Sequence[tuple[int, str]]:
        errors_in = misspelt.alike(word, await misspelt.terms_near(self._cluster, view.index, word, conditions))
        if not errors_in:
            return ()
        counting = misspelt.counting_search([*errors_in], word[1], conditions)
        return misspelt.corrections(errors_in, await self._cluster.search(view.index, counting))


def _size(key: Hashable, suggestions: tuple[Suggestion, ...]) -> int:
    return OVERHEAD + plain_bytes(str(key)) + _SUGGESTION_BYTES * len(suggestions)
