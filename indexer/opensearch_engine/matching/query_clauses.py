"""Query trees in the language of OpenSearch's queries, which match stems and prefixes as terms of documents."""

from indexer.columns.stems import Stems
from indexer.opensearch_engine.matching.view import EVERYTHING, Clause, every, sendable, some, without
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.document import stored_term
from indexer.query.tree import Every, Phrase, Prefix, Query, Some, TextField, Without, Word


class QueryClauses:
    """Writes query trees as clauses, by the stems of an index's language."""

    def __init__(self, stems: Stems) -> None:
        self._stems = stems

    def stem(self, term: str) -> str:
        """The stem of a term, as it stands in documents."""
        return self._stems.of(sent_term(term))

    def clause(self, query: Query) -> Clause:
        """The clause that matches what a query does."""
        match query:
            case Word(term, fields):
                return some(*({"term": {mapping.stems_field(field): self.stem(term)}} for field in fields))
            case Prefix(prefix, fields):
                return some(*({"term": {mapping.prefixes_field(field): sent_term(prefix)}} for field in fields))
            case Phrase(_, fields, is_open=is_open):
                return some(*((self._open_phrase if is_open else self._phrase)(query, field) for field in fields))
            case Every(queries):
                return every(*map(self.clause, queries)) if queries else EVERYTHING
            case Some(queries):
                return some(*map(self.clause, queries))
            case Without(operand):
                return without(self.clause(operand))

    def exactly(self, term: str, fields: tuple[TextField, ...]) -> Clause:
        """The clause of a term itself, without its other forms."""
        return some(*({"term": {str(field): sent_term(term)}} for field in fields))

    def _phrase(self, phrase: Phrase, field: TextField) -> Clause:
        return {"match_phrase": {mapping.stems_field(field): " ".join(map(self.stem, phrase.terms))}}

    def _open_phrase(self, phrase: Phrase, field: TextField) -> Clause:
        """The last word of the phrase is a prefix, which stands in another field at the same position."""
        *words, prefix = phrase.terms
        rules: list[Clause] = [{"match": {"query": self.stem(word)}} for word in words]
        rules.append({"match": {"query": sent_term(prefix), "use_field": mapping.prefixes_field(field)}})
        in_a_row = {"mode": "ordered", "max_gaps": 0, "intervals": rules}
        return {"intervals": {mapping.stems_field(field): {"all_of": in_a_row}}}


def sent_term(term: str) -> str:
    """A term as it stands in documents."""
    return stored_term(sendable(term))
