"""An index in a cluster opened from its URL: the only file of this folder that others import."""

from collections.abc import Sequence

from indexer.errors import ContentProblem
from indexer.memory import Memory
from indexer.opensearch_engine.engine import ClusterEngine
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.writing import index_check
from indexer.opensearch_engine.writing.secret import secret
from indexer.opensearch_engine.writing.writer import ClusterWriter
from indexer.query.synonyms import Synonyms
from indexer.search.access import Access
from indexer.search.engine import BodySearch, IndexWriter, SearchEngine
from indexer.text.language import Language


async def open_engine(url: str, access: Access, *, synonyms: Synonyms, memory: Memory | None) -> SearchEngine:
    """Open the index at a URL. See `indexer.engines`, also of the others."""
    return await ClusterEngine.open(Address.of_url(url), access=access, synonyms=synonyms, memory=memory)


def open_writer(
    url: str, access: Access, *, language: Language, bodies: BodySearch, lock_seconds: float
) -> IndexWriter:
    """Start a build of the index at a URL."""
    return ClusterWriter(Address.of_url(url), access, language=language, bodies=bodies, lock_seconds=lock_seconds)


def index_problems(url: str, access: Access) -> Sequence[ContentProblem]:
    """The damage of the index at a URL."""
    return index_check.index_problems(Address.of_url(url), access)


def index_secret(url: str, access: Access) -> bytes:
    """The secret of the index at a URL."""
    return secret(Address.of_url(url), access)
