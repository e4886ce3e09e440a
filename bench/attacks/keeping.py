"""Kinds that make the server remember, or send, more and more."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count

import orjson
from load.operations import FEED, PATH
from load.request import Request
from prices.asking import Asking
from prices.priced import Words

from attacks.attack import Attack, Hostile, Kind, get, post
from attacks.connection import Connection
from attacks.work import SEARCHED, search_json

_MANY = 20_000
_MEGABYTE = 1_000_000
_BOUNDED = 16  # MiB of one answer
_HELD = 200  # MB
_PROGRESS = 30  # seconds that a reader may take without progress


def _documents() -> Iterator[Hostile]:
    return (post(f"{{ articles(first: 1) {{ nodes {{ key title a{each}: excerpt }} }} }}") for each in count())


def _repeated() -> Iterator[Hostile]:
    """Documents that come twice, so that they are compiled."""
    return (each for document in _documents() for each in (document, document))


def _refused() -> Iterator[Hostile]:
    return (post("{ " + " ".join(f"n{each}_{number}" for number in range(100)) + " }") for each in count())


def _arguments() -> Iterator[Hostile]:
    """Two kilobytes of scalars each, which are arguments of prepared calls."""
    names = "abcd"
    declared = " ".join(f"${name}: String" for name in names)
    fields = " ".join(f"{name}: articles(topic: ${name}, first: 1) {{ totalCount }}" for name in names)
    for each in count():
        yield post(f"query ({declared}) {{ {fields} }}", **{name: f"{each} {name} " + "x" * 480 for name in names})


def _missed(words: Words) -> Iterator[Hostile]:
    document = "query ($q: String) { articles(first: 1) { nodes { whyNot(search: $q) { rank } } } }"
    return (post(document, q=f"{words.some(2)} -{each}") for each in count())


def _counted(words: Words) -> Iterator[Hostile]:
    document = "query ($q: String) { articles(search: $q) { facets { topics(first: 5) { values { count } } } } }"
    return (post(document, q=f"{words.some(1)} -{each}") for each in count())


def _names() -> Iterator[Hostile]:
    return (post(FEED.replace("Feed", f"N{each}", 1)) for each in count())


def _variables() -> Iterator[Hostile]:
    """Two kilobytes each, for a few documents by turns."""
    for each in count():
        values = [f"value {each} {number:08}" for number in range(90)]
        fields = " ".join(f"b{number}: articles(filter: $f, first: 1) {{ totalCount }}" for number in range(4))
        document = f"query ($f: ArticleFilter) {{ a{each % 12}: __typename {fields} }}"
        yield post(document, f={"topics": {"any": values}})


def _misspelt(words: Words) -> Iterator[Hostile]:
    return (post(SEARCHED, q=f"{words.misspelt(3)} {each}") for each in count())


def _long_texts(words: Words) -> Iterator[Hostile]:
    return (post(SEARCHED, q=f"{each} {words.many_beginnings()}"[:499]) for each in count())


def _short_texts(words: Words) -> Iterator[Hostile]:
    return (post(SEARCHED, q=f"{words.some(2)} {each}") for each in count())


def _prefixes(words: Words) -> Iterator[Hostile]:
    return (
        post("query ($t: String!) { suggest(prefix: $t) { text } }", t=f"{words.some(1)[:5]}{each}") for each in count()
    )


def _topics() -> Iterator[Hostile]:
    document = "query ($t: String) { articles(topic: $t) { totalCount } }"
    return (post(document, t=f"topic {each} " + "x" * 400) for each in count())


def _related(keys: Sequence[str]) -> Iterator[Hostile]:
    document = "query ($k: String, $n: Int) { article(key: $k) { similar(first: $n) { key } } }"
    return (post(document, k=keys[each % len(keys)], n=1 + each // len(keys)) for each in count())


def _addresses() -> Iterator[Hostile]:
    document = "query ($t: String) { articles(topic: $t) { totalCount } }"
    for each in count():
        variables = orjson.dumps({"t": f"{each} " + "x" * 400}).decode()
        yield get(PATH, document, {"t": "x"}, query=f"{document} #{'x' * 6000}", variables=variables)


def _registrations() -> Iterator[Hostile]:
    for each in count():
        document = f"{{ articles(first: 0) {{ totalCount }} }} # {each} {'x' * 2000}"
        hashed = {"version": 1, "sha256Hash": hashlib.sha256(document.encode()).hexdigest()}
        body = orjson.dumps({"query": document, "extensions": {"persistedQuery": hashed}})
        yield Hostile(Request(PATH, body), document, {})


def _absent_operations(size: int) -> Iterator[Hostile]:
    """Names of a megabyte, of operations that the document does not have."""
    for each in count():
        body = {"query": "{ articles(first: 0) { totalCount } }", "operationName": f"N{each}" + "x" * size}
        yield Hostile(Request(PATH, orjson.dumps(body)))


async def _flood_of(attack: Attack, requests: Iterator[Hostile], most: int = _MANY) -> None:
    await attack.flood(requests, most)


def _long_alias() -> Hostile:
    """An alias of 48 kB, in an answer of 4,000 objects."""
    inner = f"articles(first: 40) {{ nodes {{ {'a' * 48_000}: key }} }}"
    return post(f"{{ articles(first: 100) {{ nodes {{ provider {{ {inner} }} }} }} }}")


async def _big_answer(attack: Attack) -> None:
    async with Connection(attack.port) as connection:
        hostile, cpu = _long_alias(), attack.server.cpu()
        attack.tally.cost = attack.asking.cost(hostile.document, hostile.variables)
        answer = await attack.ask(connection, hostile)
        attack.tally.worst = attack.server.cpu() - cpu
    size = int(answer.headers.get("content-length", 0)) / 2**20 if answer else 0
    attack.promise(f"an answer has {_BOUNDED} MiB at most", is_kept=size <= _BOUNDED, seen=f"{size:.1f} MiB")


async def _readers_that_stop(attack: Attack) -> None:
    """Eight clients that ask for a big answer and do not read it."""
    written = _long_alias().request.written(attack.port)
    connections = [Connection(attack.port) for _ in range(8)]
    for each in connections:
        attack.sent(written)
        await each.send(written)
    patience = 4 + attack.count(_PROGRESS)
    started, held = time.monotonic(), 0.0
    while time.monotonic() - started < patience:
        await asyncio.sleep(1)
        held = attack.server.megabytes() - attack.tally.before
    attack.promise(
        "little is held for readers that stop", is_kept=held < _HELD, seen=f"{held:.0f} MB after {patience} s"
    )
    for each in connections:
        each.close()


def _flood(name: str, requests: Callable[[Asking], Iterator[Hostile]]) -> Kind:
    """Distinct requests, of which little may be kept."""
    return Kind(
        name=name,
        promise="memory after 20,000 distinct requests is about that after 2,000",
        flood=True,
        play=lambda attack: _flood_of(attack, requests(attack.asking)),
    )


KEEPING: Sequence[Kind] = (
    _flood("many-documents", lambda _: _documents()),
    _flood("many-plans", lambda _: _repeated()),
    _flood("many-refused", lambda _: _refused()),
    _flood("many-names", lambda _: _names()),
    _flood("many-variables", lambda _: _variables()),
    _flood("many-arguments", lambda _: _arguments()),
    _flood("many-why-not", lambda asking: _missed(asking.words)),
    _flood("many-counts", lambda asking: _counted(asking.words)),
    _flood("many-misspelt", lambda asking: _misspelt(asking.words)),
    _flood("many-long-texts", lambda asking: _long_texts(asking.words)),
    _flood("many-texts", lambda asking: _short_texts(asking.words)),
    _flood("many-search-json", lambda asking: (search_json(f"{asking.words.some(2)} {each}") for each in count())),
    _flood("many-prefixes", lambda asking: _prefixes(asking.words)),
    _flood("many-topics", lambda _: _topics()),
    _flood("many-similar", lambda asking: _related([each.key for each in asking.articles])),
    _flood("many-addresses", lambda _: _addresses()),
    _flood("many-registered", lambda _: _registrations()),
    Kind(
        name="long-names",
        promise="nothing is kept for an operation that does not exist",
        flood=True,
        play=lambda attack: _flood_of(attack, _absent_operations(_MEGABYTE), 520),
    ),
    Kind(name="big-answer", promise="the bytes of an answer are bounded", play=_big_answer),
    Kind(name="stopped-readers", promise="answers are not held for ever", play=_readers_that_stop),
)
"""By the promises about memory."""
