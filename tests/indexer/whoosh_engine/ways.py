"""The ways to look words up in a segment, each of which finds the same."""

import os
from typing import Protocol

import pytest

from indexer.columns.stems import Stems
from indexer.memory import Memory
from indexer.whoosh_engine.postings.compiled_words import IS_COMPILED, CompiledWords
from indexer.whoosh_engine.postings.words import Words
from indexer.whoosh_engine.segment.segment import SegmentArrays

WAYS = ("numpy", "compiled")


class NewWords(Protocol):
    """Looks the words of a segment up, and keeps them in a memory."""

    def __call__(self, segment: SegmentArrays, stems: Stems, memory: Memory) -> Words: ...


def words_by(way: str) -> NewWords:
    """Words that are looked up in one of these ways. Without a C compiler there is no compiled one, but in CI."""
    if way == "numpy":
        return Words
    if not IS_COMPILED and not os.environ.get("CI"):
        pytest.skip("the loops were not compiled, since there was no C compiler when Newsstand was installed")
    return CompiledWords
