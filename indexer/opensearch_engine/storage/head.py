"""The head of an index: one small document that says which generation is served. Writing it is the commit."""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from indexer.errors import IndexMissing, IndexUnreadable
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.storage.mapping import VERSION
from indexer.query.tree import SEARCHED, WITH_BODY, TextField
from indexer.search.build_problems import NO_PROBLEMS, BuildProblems

HEAD = "head"
LOCK = "lock"
SECRET = "secret"  # noqa: S105 - the name of a document
STATE = "state"
"""The documents of the small index that has the name of the whole."""

KEPT = timedelta(minutes=10)
"""The time for which articles that a generation took away stay for those who still read the one before."""

HEAD_INDEX = {
    "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-2"}},
    "mappings": {"dynamic": False, "properties": {}},
}
"""The small index, of which each of three nodes has a copy. Its documents are read by id alone."""


class Commit(NamedTuple):
    """A generation, the time of its build, and the index that has its articles."""

    generation: int
    built_at: datetime
    articles: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The generation that is served, by the layout, language and fields that its articles are searched by.

    `history` has the commits of which all articles are still there, the newest last. `state` names the pieces of the
    builder's state, in order.
    """

    version: int
    language: str
    has_bodies: bool
    history: tuple[Commit, ...]
    state: tuple[str, ...] = ()
    problems: BuildProblems = NO_PROBLEMS

    @property
    def commit(self) -> Commit:
        """The newest commit."""
        return self.history[-1]

    @property
    def searched(self) -> tuple[TextField, ...]:
        """The fields of words that are typed without one."""
        return WITH_BODY if self.has_bodies else SEARCHED

    def without_old(self, now: datetime) -> "Head":
        """The head without the commits whose successor is older than `KEPT`."""
        old = sum(following.built_at < now - KEPT for following in self.history[1:])
        return replace(self, history=self.history[old:])

    def encoded(self) -> bytes:
        """The head as the source of its document."""
        fields = {
            "version": self.version,
            "language": self.language,
            "has_bodies": self.has_bodies,
            "history": self.history,
            "state": self.state,
            "problems": b64encode(self.problems.encoded()).decode(),
        }
        return orjson.dumps(fields, default=tuple)

    @classmethod
    def decoded(cls, fields: Mapping[str, Any], address: Address) -> "Head":  # Any: JSON
        """Read a source, of whatever version. Raises IndexUnreadable where it is none."""
        try:
            if fields["version"] != VERSION:
                return cls(version=fields["version"], language="", has_bodies=False, history=())
            history = [Commit(number, datetime.fromisoformat(time), name) for number, time, name in fields["history"]]
            return cls(
                version=fields["version"],
                language=fields["language"],
                has_bodies=fields["has_bodies"],
                history=tuple(history),
                state=tuple(fields["state"]),
                problems=BuildProblems.decoded(b64decode(fields["problems"])),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise IndexUnreadable(
                f"the index {address} is damaged (its head cannot be read); build it anew with `newsstand index --full`"
            ) from error


def readable(fields: Mapping[str, Any] | None, address: Address) -> Head:  # Any: JSON
    """The head of an index that this version can search.

    Raises IndexMissing where there is none, and IndexUnreadable where it is of another version.
    """
    if fields is None:
        raise IndexMissing(f"there is no index {address}; build it with `newsstand index`")
    head = Head.decoded(fields, address)
    if head.version != VERSION:
        raise IndexUnreadable(
            f"the index {address} was built by another version of Newsstand (format {head.version}, now {VERSION}); "
            "build it anew with `newsstand index`"
        )
    return head


def articles_index(name: str, number: int) -> str:
    """The name of the indices of articles of the index called `name`, by number."""
    return f"{name}-articles-{number}"


def number_of(name: str, index: str) -> int | None:
    """The number of an index of articles; None where an index has none of the index called `name`."""
    matched = re.fullmatch(rf"{re.escape(name)}-articles-([0-9]{{1,9}})", index)
    return int(matched[1]) if matched else None
