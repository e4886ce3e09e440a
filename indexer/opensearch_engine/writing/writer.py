"""Writes one generation of an index in a cluster: documents in bulk, then the head, which is the commit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from msgspec import structs

from indexer.article import Article
from indexer.columns.stems import Stems
from indexer.errors import IndexMissing, IndexUnreachable, IndexUnreadable, SearchIndexError
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.storage.document import document, document_id
from indexer.opensearch_engine.storage.head import HEAD, HEAD_INDEX, Commit, Head, articles_index, number_of
from indexer.opensearch_engine.writing import state_pieces, sweeping
from indexer.opensearch_engine.writing.bulk import Action, Bulk, deletion, indexing, update
from indexer.opensearch_engine.writing.lock import Lock
from indexer.opensearch_engine.writing.patient_client import PatientClient
from indexer.search.access import Access
from indexer.search.build_problems import NO_PROBLEMS, BuildProblems
from indexer.search.engine import BodySearch
from indexer.text.language import Language

_FLUSHED = 1_000
"""Articles that are sent in one request, at the most."""
_FLUSHED_BYTES = 8_000_000
_COPIED_SECONDS = 30


class ClusterWriter:
    """One build of the index at an address. It is made anew where it is of another version, language or kind.

    Documents of the next generation lie beside those that are served, and no search sees them before the head says so.
    """

    def __init__(
        self,
        address: Address,
        access: Access,
        *,
        language: Language,
        bodies: BodySearch = BodySearch.KEPT,
        lock_seconds: float = 0,
    ) -> None:
        """Lock the index; another writer has `lock_seconds` to end. What a build before left unfinished is removed.

        Raises IndexBusy, IndexUnreachable where no node answers, and IndexUnreadable where nodes refuse this user.
        """
        self._address = address
        self._language = language
        self._shards = access.shards
        self._stems = Stems(language)
        self._is_changed = False
        self._buffer: dict[str, Action | None] = {}  # by key; None for an article that only goes
        self._buffered_bytes = 0
        self._written: set[str] = set()  # the ids of this build's documents
        self._client = PatientClient(address, access)
        self._bulk = Bulk(self._client)
        try:
            self._make_head_index()
            self._lock = Lock(self._client, seconds=lock_seconds)
        except BaseException:
            self._client.close()
            raise
        try:
            self._open(bodies)
        except BaseException:
            self._close()
            raise

    def _make_head_index(self) -> None:
        """Make the small index, if it is missing. Nobody else may have done so meanwhile, or they may."""
        try:
            self._client.ask("GET", f"/{self._address.name}")
        except IndexMissing:
            self._make(self._address.name, HEAD_INDEX)

    def _make(self, index: str, body: Mapping[str, Any]) -> None:  # Any: JSON
        try:
            self._client.ask("PUT", f"/{index}", body)
        except SearchIndexError as error:
            if "resource_already_exists" not in str(error):  # by a try before this one, or by whoever has the lock
                raise

    def _open(self, bodies: BodySearch) -> None:
        self._head, self._version = self._read_head()
        self._generation = self._head.commit.generation if self._head and self._head.history else 0
        has_kept = self._head is not None and self._head.has_bodies
        self.searches_bodies = has_kept if bodies is BodySearch.KEPT else bodies is BodySearch.ON
        self.replaces = _reason_to_replace(self._head, self._language, has_bodies=self.searches_bodies)
        self._state = self._read_state()
        self._is_kept = self._head is not None and not self.replaces
        self._is_changed = not self._is_kept
        if not self._lock.is_clean:
            sweeping.sweep(self._client, self._head)
        self._articles = self._head.commit.articles if self._head and self._is_kept else self._new_articles()

    def _read_head(self) -> tuple[Head | None, Mapping[str, object]]:
        """The head, and the condition under which it is still the same."""
        try:
            answer = self._client.ask("GET", f"/{self._address.name}/_doc/{HEAD}")
        except IndexMissing:
            return None, {"op_type": "create"}
        condition = {"if_seq_no": answer["_seq_no"], "if_primary_term": answer["_primary_term"]}
        return Head.decoded(answer["_source"], self._address), condition

    def _read_state(self) -> bytes:
        if not self._head or not self._head.state:
            return b""
        ids = self._head.state
        answer = self._client.ask("POST", f"/{self._address.name}/_mget", {"ids": sorted(set(ids))})
        sources: dict[str, Mapping[str, Any]] = {each["_id"]: each.get("_source") or {} for each in answer["docs"]}
        try:
            return state_pieces.joined(ids, sources, self._address)
        except IndexUnreadable as error:
            self.replaces = self.replaces or f"its state is damaged ({error})"
            return b""

    def _new_articles(self) -> str:
        """Make an index of articles beside those that are there, which another version may have made."""
        numbers = [number_of(self._address.name, index) or 0 for index in sweeping.indices(self._client)]
        name = articles_index(self._address.name, 1 + max(numbers, default=0))
        body = {"settings": mapping.settings(shards=self._shards), "mappings": mapping.mapping()}
        self._make(name, body)
        return name

    @property
    def state(self) -> bytes:
        """The state that the last commit stored; empty where the index is to be built anew."""
        return self._state if self._is_kept else b""

    @property
    def replaced_state(self) -> bytes:
        """The state of the index that is replaced; empty where there is none, or it cannot be read."""
        return self._state if self.replaces else b""

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles; one whose key is in the index already replaces the old one. Of a draft, nothing is indexed."""
        for article in articles:
            if article.published:
                self._put(article.key, self._indexing(article))
            else:
                self._put(article.key, None)

    def delete(self, keys: Iterable[str]) -> None:
        """Remove the articles with these keys; unknown ones are ignored."""
        for key in keys:
            self._put(key, None)

    def commit(self, state: bytes, problems: BuildProblems = NO_PROBLEMS) -> int:
        """Make it the index's new generation and return its number; without a change, the old one with this state."""
        self._flush()
        self._bulk.wait()
        if self._is_changed or self._head is None:
            self._client.ask("POST", f"/{self._articles}/_refresh")
            if not self._is_kept:
                self._await_copies()
            self._publish(state, problems, self._next_commit())
        elif state != self._state or problems != self._head.problems:
            self._publish(state, problems, None)
        return self._generation

    def _next_commit(self) -> Commit:
        return Commit(self._generation + 1, datetime.now(UTC), self._articles)

    def _publish(self, state: bytes, problems: BuildProblems, commit: Commit | None) -> None:
        """Write the state, then the head, if nobody else has meanwhile; then remove what no generation has."""
        before = self._head
        history = () if before is None or before.version != mapping.VERSION else before.history
        head = Head(
            version=mapping.VERSION,
            language=self._language if commit or before is None else before.language,
            has_bodies=self.searches_bodies,
            history=(*history, commit) if commit else history,
            state=self._write_state(state),
            problems=problems,
        ).without_old(datetime.now(UTC))
        self._lock.check()
        answer = self._client.ask("PUT", f"/{self._address.name}/_doc/{HEAD}", head.encoded(), params=self._version)
        self._version = {"if_seq_no": answer["_seq_no"], "if_primary_term": answer["_primary_term"]}
        self._head, self._state, self._generation = head, state, head.commit.generation
        self._is_changed, self._is_kept = False, True
        self._written = set()
        sweeping.forget(self._client, before, head)

    def _write_state(self, state: bytes) -> tuple[str, ...]:
        known, pieces = set(self._head.state) if self._head else set(), state_pieces.pieces_of(state)
        for id_, piece in dict(pieces).items():
            if id_ not in known:
                self._client.ask("PUT", f"/{self._address.name}/_doc/{id_}", state_pieces.packed(piece))
        return tuple(id_ for id_, _ in pieces)

    def _await_copies(self) -> None:
        """Wait a while until a new index has its copies, as far as there are nodes, so that it survives one of them."""
        wait = f"wait_for_no_initializing_shards=true&timeout={_COPIED_SECONDS}s"
        try:
            self._client.ask("GET", f"/_cluster/health/{self._articles}?{wait}")
        except IndexUnreachable:
            raise
        except SearchIndexError:  # it takes longer, and is served meanwhile
            return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """Drop uncommitted changes, and unlock the index."""
        self._bulk.close()
        try:
            if self._is_changed:
                sweeping.sweep(self._client, self._head)
                self._is_changed = False
        finally:
            self._close()

    def _close(self) -> None:
        self._bulk.close()
        self._lock.release(leaves=self._is_changed)
        self._client.close()

    def _indexing(self, article: Article) -> Action:
        if article.text is not None and not self.searches_bodies:
            article = structs.replace(article, text=None)
        added = self._generation + 1
        return indexing(document_id(article.key, added), document(article, added=added, stems=self._stems))

    def _put(self, key: str, action: Action | None) -> None:
        before = self._buffer.pop(key, None)
        self._buffer[key] = action
        self._buffered_bytes += len(action.source if action else b"") - len(before.source if before else b"")
        if len(self._buffer) >= _FLUSHED or self._buffered_bytes >= _FLUSHED_BYTES:
            self._flush()

    def _flush(self) -> None:
        """Send what is buffered, with the end of the versions that it replaces."""
        actions = [*self._actions()]
        self._is_changed |= bool(actions)
        self._buffer, self._buffered_bytes = {}, 0
        self._bulk.send(self._articles, actions)

    def _actions(self) -> Iterator[Action]:
        served = self._served([*self._buffer]) if self._is_kept else {}
        for key, action in self._buffer.items():
            if key in served:
                yield update(served[key], {mapping.REMOVED: self._generation + 1})
            if action is not None:
                self._written.add(action.id)
                yield action
            elif (id_ := document_id(key, self._generation + 1)) in self._written:
                yield deletion(id_)

    def _served(self, keys: Sequence[str]) -> dict[str, str]:
        """The documents of the articles that are served, by key."""
        if not keys:
            return {}
        body = {
            "size": len(keys),
            "_source": False,
            "docvalue_fields": [mapping.KEY],
            "query": {
                "bool": {
                    "filter": [{"terms": {mapping.KEY: keys}}, *sweeping.of_generation(self._generation)],
                }
            },
        }
        hits = self._client.ask("POST", f"/{self._articles}/_search", body, params=sweeping.WHOLE)["hits"]["hits"]
        return {hit["fields"][mapping.KEY][0]: hit["_id"] for hit in hits}


def _reason_to_replace(head: Head | None, language: Language, *, has_bodies: bool) -> str:
    """The reason to build an index with this head anew as a whole; empty where it is kept."""
    if head is None:
        return ""
    if head.version != mapping.VERSION:
        return f"it was built by another version of Newsstand (format {head.version}, now {mapping.VERSION})"
    if head.language != language:
        return f"its language was {head.language}, and is {language} now"
    if head.has_bodies != has_bodies:
        return "bodies were not searched, and are now" if has_bodies else "bodies were searched, and are not now"
    return ""
