"""An index from URLs to documents: sorted hashes of canonical URLs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from indexer.whoosh_engine.segment.arrays_file import Arrays


@dataclass(frozen=True, slots=True)
class Addresses:
    """`hashes` ascend; beside each is the document that has the URL. Different URLs may share a hash."""

    hashes: NDArray[np.uint64]
    documents: NDArray[np.int32]

    def candidates(self, url: str) -> list[int]:
        """The documents that may have a canonical URL, ascending."""
        sought = np.uint64(_hash(url))
        low, high = np.searchsorted(self.hashes, sought, "left"), np.searchsorted(self.hashes, sought, "right")
        return sorted(self.documents[low:high].tolist())

    def arrays(self) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """The addresses as named arrays, for a file."""
        yield "addresses.hashes", self.hashes
        yield "addresses.documents", self.documents

    @classmethod
    def of_arrays(cls, arrays: Arrays) -> "Addresses":
        """Read what `arrays` wrote."""
        return cls(arrays["addresses.hashes"], arrays["addresses.documents"])

    @classmethod
    def of_documents(cls, urls: Sequence[Sequence[str]]) -> "Addresses":
        """The addresses of documents of which each has several canonical URLs."""
        hashes = np.array([_hash(url) for document in urls for url in document], dtype=np.uint64)
        documents = np.repeat(np.arange(len(urls), dtype=np.int32), [len(document) for document in urls])
        order = np.argsort(hashes, kind="stable")
        return cls(hashes[order], documents[order])


def _hash(url: str) -> int:
    return int.from_bytes(blake2b(url.encode(), digest_size=8).digest(), "little")
