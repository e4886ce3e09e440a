"""Encodes values alone, so that parts of answers can be kept."""

from secrets import token_bytes
from typing import cast

from indexer.memory import Memory
from schema.compiler.parts import BaseContext, Part, parts
from schema.compiler.run import Bail, Complete, Run
from schema.limits.answer_size import as_json

_PRIVATE_USE = 0xE000  # the first of Unicode's characters for private use
_MARK_BYTES = 16
_LARGEST = 1_000_000
"""Bytes of a part that is made of many: the answer it is for may be refused as too large."""


class PartMaker:
    """Makes the parts of one place in one operation, and keeps them in `memory`."""

    def __init__(self, memory: Memory) -> None:
        self.parts = parts(memory)
        # In the place of the base: nobody can guess it, so it stands nowhere else. Few texts have such characters, so
        # that looking for it is fast.
        self._base = "".join(chr(_PRIVATE_USE + byte) for byte in token_bytes(_MARK_BYTES))
        self._mark = self._base.encode()

    def encoded(self, value: object, make: Complete, run: Run, around: tuple[object, ...]) -> Part:
        """The part that `make` makes of a value and what is around it, kept or new."""
        part = self.parts.find(id(value))
        if part is None or part.around != around:
            based = self._based(run)
            made = as_json(make(value, None, based))
            if based.holes:
                raise Bail
            base = cast("BaseContext", run.context).asset_base_url
            part = Part(value, made.split(self._mark), around, base=base)
            self.parts.replace(id(value), part)
        return part

    def again(self, value: object, source: object, make: Complete, run: Run, around: tuple[object, ...]) -> Part:
        """The same of a `source` whose `value` tells it from others: a blank part where that is met for the first time.

        Most searches come once, and a whole page of each would drive all else out of the memory. The part stays blank
        where it is large, or something in it is still to be loaded.
        """
        part = self.parts.find(id(value))
        if part is None:
            part = Part(value, (), None)
            self.parts.put(id(value), part)
        elif part.around != around:
            based = self._based(run)
            made = _encoded(make(source, None, based))
            part = Part(value, () if made is None or based.holes else made.split(self._mark), around)
            self.parts.replace(id(value), part)
        return part

    def _based(self, run: Run) -> Run:
        return Run(cast("BaseContext", run.context).with_base(self._base), run.variables)


def _encoded(value: object) -> bytes | None:
    """A list or an object in JSON; None where it is large, of which one entry more than is allowed is encoded."""
    if not isinstance(value, list):
        return as_json(value)
    entries: list[bytes] = []
    left = _LARGEST
    for entry in value:
        entries.append(as_json(entry))
        left -= len(entries[-1])
        if left < 0:
            return None
    return b"[%b]" % b",".join(entries)
