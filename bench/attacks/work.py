"""Kinds that make the server work: normalization, misspelt words, prices, and requests that wait for others."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from prices.priced import Variables, Words

from attacks.attack import Attack, Hostile, Kind, get, post
from attacks.connection import Connection

_MARKS = 160_000
_MARKS_IN_ADDRESS = 10_000  # six bytes each; httptools takes addresses of up to 64 KiB
_UNKNOWN_WORDS = 55
_LISTED = "edges { node { key title excerpt topics provider { name } images { url } } highlights { title { html } } }"
SEARCHED = f"query ($q: String) {{ articles(search: $q) {{ totalCount {_LISTED} search {{ didYouMean leftOut }} }} }}"
"""A question that costs about as much as /search.json."""
_SUGGESTIONS = 22  # in one operation
_LONG = 60  # long searches at once, several seconds of work
_OTHER_CLIENT = "127.0.0.2"
_DEADLINE = 5.0  # seconds that long work may take
_END = 60.0  # seconds until work must have come to an end
_QUIET = 0.02  # processor seconds in half a second, of a server that has nothing to do


def marks(count: int) -> str:
    """A letter with so many combining marks, of two classes by turns, which normalization sorts."""
    return "a" + "\u0301\u0316" * (count // 2)


def unknown_words(words: Words, count: int = _UNKNOWN_WORDS) -> str:
    """Words that no article has, as many as a text may hold."""
    text = ""
    for _ in range(count):
        text += words.misspelt(1)[:8] + " "
    return text[:499].strip()


async def _marks(document: str, attack: Attack, *, make: Callable[[str], object] = lambda text: text) -> None:
    text = make(marks(attack.count(_MARKS)))
    await attack.alone([post(document, t=text)])


async def _marks_in_key(attack: Attack) -> None:
    key = attack.asking.articles[0].key
    document = "query ($t: String, $k: String) { article(key: $k) { whyNot(topic: $t) { rank } } }"
    await attack.alone([post(document, t=marks(attack.count(_MARKS)), k=key)])


async def _marks_in_address(attack: Attack) -> None:
    text = marks(attack.count(_MARKS_IN_ADDRESS))
    await attack.alone(
        [get("/search.json", "query ($t: String) { articles(topic: $t) { totalCount } }", {"t": text}, topic=text)]
    )


async def _misspelt(attack: Attack) -> None:
    texts = [unknown_words(attack.asking.words) for _ in range(attack.count(10))]
    await attack.alone([search_json(text) for text in texts])


async def _misspelt_operation(attack: Attack) -> None:
    await attack.alone([post(SEARCHED, q=unknown_words(attack.asking.words)) for _ in range(attack.count(10))])


async def _misspelt_feed(attack: Attack) -> None:
    texts = [unknown_words(attack.asking.words) for _ in range(attack.count(10))]
    await attack.alone([get("/feed.json", SEARCHED, {"q": text}, q=text) for text in texts])


async def _misspelt_steadily(attack: Attack) -> None:
    """Two a second."""

    async def one() -> None:
        async with Connection(attack.port) as connection:
            await attack.ask(connection, search_json(unknown_words(attack.asking.words)))

    async with asyncio.TaskGroup() as tasks:
        for _ in range(attack.count(40)):
            tasks.create_task(one())
            await asyncio.sleep(0.5)


def search_json(text: str) -> Hostile:
    """A search by /search.json."""
    return get("/search.json", SEARCHED, {"q": text}, q=text)


def _why_not() -> Hostile:
    """About all articles that one operation may ask about."""
    return post("{ articles(first: 40) { nodes { whyNot(tuning: { maxPerProvider: 2 }) { rank } } } }")


def _long(attack: Attack) -> Hostile:
    """As long a search as one operation may ask for, each time another one."""
    texts: Variables = {f"t{each}": attack.asking.words.any_of_many() for each in range(3)}
    declared = ", ".join(f"${each}: String" for each in texts)
    asked = " ".join(f"{each}: articles(search: ${each}, first: 1) {{ totalCount }}" for each in texts)
    return post(f"query ({declared}) {{ {asked} }}", **texts)


async def _why_not_of_a_page(attack: Attack) -> None:
    await attack.alone([_why_not()])


async def _turns_of_providers(attack: Attack) -> None:
    await attack.alone(
        [
            post(f"{{ articles(tuning: {{ maxPerProvider: {each} }}, first: 1) {{ nodes {{ key }} }} }}")
            for each in range(1, 11)
        ]
    )


async def _suggestions(attack: Attack) -> None:
    def one() -> Hostile:
        texts: Variables = {f"t{each}": attack.asking.words.misspelt(3) for each in range(_SUGGESTIONS)}
        declared = ", ".join(f"${each}: String!" for each in texts)
        asked = " ".join(f"{each}: suggest(prefix: ${each}, first: 1) {{ text }}" for each in texts)
        return post(f"query ({declared}) {{ {asked} }}", **texts)

    await attack.alone([one() for _ in range(attack.count(5))])


async def _similar(attack: Attack) -> None:
    keys = [article.key for article in attack.asking.articles[: attack.count(10)]]
    document = "query ($k: String) { article(key: $k) { similar(first: 100) { key } } }"
    await attack.alone([post(document, k=key) for key in keys])


async def _behind_long_work(attack: Attack) -> None:
    """Another client's `similar` while one has sent much long work at once."""

    async def ask() -> None:
        async with Connection(attack.port) as connection:
            await attack.ask(connection, _long(attack))

    async with Connection(attack.port, own_address=_OTHER_CLIENT) as second:
        long = asyncio.gather(*(ask() for _ in range(attack.count(_LONG))))
        await asyncio.sleep(0.5)
        key = attack.asking.articles[1].key
        other = post("query ($k: String) { article(key: $k) { similar(first: 3) { key } } }", k=key)
        started = time.monotonic()
        answer = await attack.ask(second, other)
        seen = f"{time.monotonic() - started:.1f} s{'' if answer else ', no answer'}"
        attack.promise(
            "another client's long work begins within a second", is_kept=time.monotonic() - started < 1, seen=seen
        )
        await long
        seen = f"{time.monotonic() - started + 0.5:.1f} s"
        attack.promise(
            f"long work ends by its deadline of {_DEADLINE:.0f} s",
            is_kept=time.monotonic() - started < _DEADLINE + 1,
            seen=seen,
        )


async def _client_that_goes(attack: Attack) -> None:
    """A client that asks for much long work at once and goes."""
    connections = [Connection(attack.port) for _ in range(attack.count(_LONG))]
    for connection in connections:
        written = _long(attack).request.written(attack.port)
        attack.sent(written)
        await connection.send(written)
    await asyncio.sleep(0.5)
    for connection in connections:
        connection.close()
    started, cpu = time.monotonic(), attack.server.cpu()
    while time.monotonic() - started < _END:
        before = attack.server.cpu()
        await asyncio.sleep(0.5)
        if attack.server.cpu() - before < _QUIET:
            break
    took = attack.server.cpu() - cpu
    attack.promise("work stops when its client has gone", is_kept=took < 1, seen=f"{took:.1f} s of CPU after it went")


_TEXTS: Sequence[tuple[str, str, Callable[[str], object]]] = (
    ("topic", "query ($t: String) { articles(topic: $t) { totalCount } }", str),
    ("name", "query ($t: String!) { topic(name: $t) { name } }", str),
    ("domain", "query ($t: String!) { provider(domain: $t) { name } }", str),
    (
        "filter",
        "query ($t: [String!]) { articles(filter: { topics: { any: $t } }) { totalCount } }",
        lambda text: [text],
    ),
    ("host", "query ($t: URL) { article(webUrl: $t) { key } }", lambda text: f"https://{text}.com/"),
    ("search", "query ($t: String) { articles(search: $t) { totalCount } }", str),
    ("prefix", "query ($t: String!) { suggest(prefix: $t) { text } }", str),
    ("facet", "query ($t: String) { articles { facets { topics(prefix: $t) { totalCount } } } }", str),
    ("key", "query ($t: String) { article(key: $t) { key } }", str),
)


def _of_marks(name: str, document: str, make: Callable[[str], object]) -> Kind:
    play: Callable[[Attack], Awaitable[None]] = partial(_marks, document, make=make)
    return Kind(name=f"marks-{name}", promise="texts are refused or folded in linear time", play=play)


WORK: Sequence[Kind] = (
    *(_of_marks(*text) for text in _TEXTS),
    Kind(name="marks-whynot", promise="texts are refused or folded in linear time", play=_marks_in_key),
    Kind(name="marks-address", promise="texts are refused or folded in linear time", play=_marks_in_address),
    Kind(name="misspelt-search-json", promise="correcting is cheap, or not in the event loop", play=_misspelt),
    Kind(name="misspelt-operation", promise="correcting is cheap, or not in the event loop", play=_misspelt_operation),
    Kind(name="misspelt-feed", promise="feeds obey the limit on costs", play=_misspelt_feed),
    Kind(name="misspelt-steadily", promise="two misspelt searches a second harm nobody", play=_misspelt_steadily),
    Kind(name="price-whynot", promise="whyNot costs its price", play=_why_not_of_a_page),
    Kind(name="price-tuning", promise="maxPerProvider costs its price", play=_turns_of_providers),
    Kind(name="price-suggest", promise="suggestions cost their price", play=_suggestions),
    Kind(name="price-similar", promise="similar articles cost their price", play=_similar),
    Kind(
        name="waiting",
        promise="long work waits for nobody else's, and has a deadline",
        play=_behind_long_work,
        flood=True,
    ),
    Kind(name="gone-client-work", promise="work stops when its client has gone", play=_client_that_goes, flood=True),
)
"""By the promises about time."""
