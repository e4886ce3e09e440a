"""Kinds about connections: too many, too slow, gone, or not quite HTTP."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import count
from statistics import quantiles

from load.operations import PATH, first_request
from load.request import Request

from attacks.attack import Attack, Hostile, Kind, post
from attacks.connection import Connection
from attacks.work import SEARCHED, search_json

_HEAD_SECONDS = 10
_BODY_SECONDS = 30
_HELD = 100  # MB
_GRACE = 3  # seconds that a time-out may be late
_MEGABYTE = 1_000_000
_DESCRIPTORS = 128
_CAPACITY_SECONDS = 4
_OVERLOAD_SECONDS = 10
_SETTLING_SECONDS = 2.0  # of these, in which a crowd is let in, as it may be, and not counted
_ADMITTED_PATIENCE = 30
_UNAVAILABLE = 503
_BYTE_SECONDS = 0.5  # between two bytes of a slow client
_UNSENT = 256  # MiB
_BATCH = 20
_MOST_SENT = 1_000_000


async def _closed(connections: Sequence[Connection], patience: float) -> int:
    """The number of connections that the server closes within so many seconds."""
    return sum(await asyncio.gather(*(each.is_closed(patience=patience) for each in connections)))


async def _opened(attack: Attack, number: int, beginning: bytes) -> list[Connection]:
    connections = [Connection(attack.port) for _ in range(number)]
    for each in connections:
        attack.sent(beginning)
        try:
            await asyncio.wait_for(each.send(beginning), 5)
        except (OSError, TimeoutError):
            attack.tally.outcomes["lost"] += 1
    return connections


async def _held(attack: Attack, number: int, beginning: bytes, seconds: float) -> None:
    connections = await _opened(attack, number, beginning)
    await asyncio.sleep(2)
    held = attack.server.megabytes() - attack.tally.before
    attack.promise("unfinished requests hold little memory", is_kept=held < _HELD, seen=f"{held:.0f} MB for {number}")
    closed = await _closed(connections, seconds + _GRACE)
    attack.promise(f"closed after {seconds:.0f} s", is_kept=closed == number, seen=f"{closed} of {number}")
    for each in connections:
        each.close()


async def _silence(attack: Attack) -> None:
    await _held(attack, attack.count(1000), b"", _HEAD_SECONDS)


async def _begun_heads(attack: Attack) -> None:
    await _held(
        attack, attack.count(400), b"POST /graphql HTTP/1.1\r\nHost: a\r\nX-Long: " + b"x" * 60_000, _HEAD_SECONDS
    )


async def _begun_bodies(attack: Attack) -> None:
    head = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
    await _held(attack, attack.count(400), head + b" " * (_MEGABYTE - 1), _BODY_SECONDS)


async def _trickled(attack: Attack, number: int, beginning: bytes, seconds: float) -> None:
    """Requests whose bytes come one after another, so that each connection is always in use."""
    connections = await _opened(attack, number, beginning)

    async def trickle(connection: Connection) -> None:
        while True:
            await asyncio.sleep(_BYTE_SECONDS)
            attack.sent(b"x", requests=0)
            await connection.send(b"x")

    tricklers = [asyncio.create_task(trickle(each)) for each in connections]
    closed = await _closed(connections, seconds + _GRACE)
    attack.promise(f"closed after {seconds:.0f} s", is_kept=closed == number, seen=f"{closed} of {number}")
    for task in tricklers:
        task.cancel()
    await asyncio.gather(*tricklers, return_exceptions=True)
    for each in connections:
        each.close()


async def _slow_heads(attack: Attack) -> None:
    await _trickled(attack, attack.count(200), b"POST /graphql HTTP/1.1\r\nHost: a\r\nX-Long: ", _HEAD_SECONDS)


async def _slow_bodies(attack: Attack) -> None:
    head = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
    await _trickled(attack, attack.count(200), head, _BODY_SECONDS)


async def _slow_readers(attack: Attack) -> None:
    """Clients that ask for large answers, and take a few bytes of each every second."""
    number = attack.count(400)
    written = _large().request.written(attack.port)
    connections = await _opened(attack, number, written)
    held = 0.0
    for _ in range(15):
        await asyncio.sleep(1)
        for each in connections:
            await each.sip(64)
        held = max(held, attack.server.megabytes() - attack.tally.before)
    seen = f"{held:.0f} MB for {number}"
    attack.promise("answers that nobody takes are counted together", is_kept=held < _UNSENT + _HELD, seen=seen)
    for each in connections:
        each.close()


async def _large_answers(attack: Attack) -> None:
    """The largest answers of each address."""
    page = _large()
    batch = b"[" + b",".join([page.request.body] * _BATCH) + b"]"
    for request in (
        page.request,
        Request(PATH, batch),
        Request("/search.json?first=100"),
        Request("/feed.atom?first=100"),
    ):
        async with Connection(attack.port) as connection:
            answer = await attack.ask_raw(connection, request.written(attack.port), patience=60)
        size = int(answer.headers.get("content-length", 0)) if answer else 0
        is_kept = answer is not None and size <= _MOST_SENT
        attack.promise(f"at most {_MOST_SENT:,} bytes are sent", is_kept=is_kept, seen=f"{size:,}")


def _large() -> Hostile:
    """A page as large as aliases make it, within the limits on its cost and on aliases."""
    fields = " ".join(f"{'a' * 90}{number}: excerpt" for number in range(28))
    return post(f"{{ articles(first: 100) {{ nodes {{ key {fields} }} }} }}")


async def _many_connections(attack: Attack) -> None:
    """More connections than are taken, all of which ask."""
    written = post("{ __typename }").request.written(attack.port)
    async with AsyncExitStack() as stack:
        connections = [await stack.enter_async_context(Connection(attack.port)) for _ in range(attack.count(1200))]
        answers = await asyncio.gather(*(attack.ask_raw(each, written, patience=20) for each in connections))
    statuses = Counter(answer.status if answer else 0 for answer in answers)
    is_kept = set(statuses) <= {200, _UNAVAILABLE}
    attack.promise("each is answered, with 200 or with 503", is_kept=is_kept, seen=dict(statuses))


async def _big_head(attack: Attack) -> None:
    for size in (140_000, 200_000):
        async with Connection(attack.port) as connection:
            written = b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: " + b"x" * size + b"\r\n\r\n"
            answer = await attack.ask_raw(connection, written, patience=10)
            status = answer.status if answer else 0
            attack.promise(f"a head of {size:,} bytes is refused", is_kept=status in (431, 0), seen=status or "closed")


async def _no_descriptors(attack: Attack) -> None:
    connections = await _opened(attack, 2 * _DESCRIPTORS, b"")
    await asyncio.sleep(2)
    async with Connection(attack.port) as connection:
        answer = await attack.ask(connection, post("{ __typename }"), patience=10)
    seen = answer.status if answer else "no answer"
    attack.promise("too many connections are answered with 503", is_kept=seen == _UNAVAILABLE, seen=seen)
    log = attack.server.log()
    says = [word for word in ("descriptor", "Too many open files", "connections", "no index") if word in log]
    attack.promise(
        "the log says which limit it is, and does not blame the index",
        is_kept=bool(says) and "no index" not in says and "index trouble" not in log,
        seen=f"{', '.join(says) or 'nothing'}; {len(log)} bytes",
    )
    for each in connections:
        each.close()


async def _overload(attack: Attack) -> None:
    """Twice the capacity, by searches that nobody has asked for; before it, half of the capacity."""
    numbers = count()

    def request() -> bytes:
        text = f"{attack.asking.words.some(3)} {next(numbers)}"
        return post(SEARCHED, q=text).request.written(attack.port)

    async def closed_loop() -> int:
        answers, deadline = 0, time.monotonic() + _CAPACITY_SECONDS
        async with Connection(attack.port) as connection:
            while time.monotonic() < deadline:
                answers += await attack.ask_raw(connection, request(), patience=10) is not None
        return answers

    async def one(times: list[float], refusals: list[float]) -> None:
        started = time.monotonic()
        async with Connection(attack.port) as connection:
            answer = await attack.ask_raw(connection, request(), patience=_ADMITTED_PATIENCE)
        took = time.monotonic() - started
        refused = answer is not None and answer.status == _UNAVAILABLE
        (refusals if refused else times).append(took if answer else _ADMITTED_PATIENCE)

    async def load(rate: float) -> tuple[list[float], list[float]]:
        times: list[float] = []
        refusals: list[float] = []
        async with asyncio.TaskGroup() as tasks:
            started = time.monotonic()
            for number in range(int(rate * attack.count(_OVERLOAD_SECONDS))):
                await asyncio.sleep(max(0, started + number / rate - time.monotonic()))
                is_counted = number / rate >= _SETTLING_SECONDS
                tasks.create_task(one(times, refusals) if is_counted else one([], []))
        return times, refusals

    capacity = sum(await asyncio.gather(*(closed_loop() for _ in range(4)))) / _CAPACITY_SECONDS
    half, _ = await load(capacity / 2)
    times, refusals = await load(2 * capacity)
    few = (_ADMITTED_PATIENCE, _ADMITTED_PATIENCE)
    p99_half, p99 = (quantiles(each if len(each) > 1 else few, n=100)[-1] for each in (half, times))
    attack.promise(
        "admitted requests keep p99 within three times that at half load",
        is_kept=p99 <= 3 * p99_half,
        seen=f"{capacity:.0f}/s; half: {1000 * p99_half:.0f} ms; twice: {1000 * p99:.0f} ms",
    )
    attack.promise(
        "the rest is refused with 503", is_kept=bool(refusals), seen=f"{len(refusals)} of {len(times) + len(refusals)}"
    )


async def _gone(attack: Attack) -> None:
    """Clients that go while they are answered, or within a body, or with requests waiting behind the first."""
    number, before = attack.count(200), len(attack.server.log())
    head = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
    for each in range(number):
        text = f"{attack.asking.words.some(2)} {each}"
        for written in (
            post(SEARCHED, q=text).request.written(attack.port),
            search_json(text).request.written(attack.port) * 20,
            Request("/graphql?query={articles(first:4){nodes{similar{key}}}}").written(attack.port),
            head,
        ):
            connection = Connection(attack.port)
            attack.sent(written)
            await connection.send(written)
            await asyncio.sleep(attack.asking.random.random() / 100)
            connection.close()
    await asyncio.sleep(2)
    log = attack.server.log()
    seen = f"{(len(log) - before) / attack.tally.requests:.0f} bytes each, {log.count('Traceback')} tracebacks"
    attack.promise("no traceback is logged for clients that go", is_kept="Traceback" not in log, seen=seen)


async def _odd_requests(attack: Attack) -> None:
    """Requests that are not quite HTTP, and what answers have on them."""
    for what, head in (
        ("HTTP/1.1 without Host is refused", b"GET /healthz HTTP/1.1\r\n\r\n"),
        ("`Host: ..` is refused", b"GET /feed.json HTTP/1.1\r\nHost: ..\r\n\r\n"),
        ("two Hosts are refused", b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    ):
        async with Connection(attack.port) as connection:
            answer = await attack.ask_raw(connection, head, patience=10)
            status = answer.status if answer else 0
            attack.promise(what, is_kept=status == 400, seen=status)  # noqa: PLR2004  # Bad Request
    for each in (first_request(), Request("/search.json?q=a"), Request("/feed.json"), Request("/nothing")):
        async with Connection(attack.port) as connection:
            answer = await attack.ask_raw(connection, each.written(attack.port), patience=10)
            seen = answer.headers.get("x-content-type-options", "none") if answer else "no answer"
            attack.promise(f"{each.path.partition('?')[0]} has nosniff", is_kept=seen == "nosniff", seen=seen)


async def _hints(attack: Attack) -> None:
    """Mistakes of every kind, of which no answer may say which name was meant."""
    documents = (
        post("{ article { titel } }"),
        post("{ articels { nodes { key } } }"),
        post('{ articles(serach: "a") { totalCount } }'),
        post("{ articles(ranking: NEWST) { totalCount } }"),
        post("{ articles(filter: { topcs: { any: [] } }) { totalCount } }"),
        post("query ($r: Ranking) { articles(ranking: $r) { totalCount } }", r="NEWST"),
        post("query ($f: ArticleFilter) { articles(filter: $f) { totalCount } }", f={"topcs": None}),
        post("query ($f: ArticelFilter) { articles(filter: $f) { totalCount } }"),
        post("{ articles { ...Fielts } } fragment Fields on ArticleConnection { totalCount }"),
    )
    requests = [
        *(each.request for each in documents),
        *(Request(f"/search.json?{each}") for each in ("frist=1", "ranking=newst")),
    ]
    for request in requests:
        async with Connection(attack.port) as connection:
            answer = await attack.ask_raw(connection, request.written(attack.port), patience=10)
            body = answer.body.decode().lower() if answer else "no answer"
            if not answer or "did you mean" in body:
                asked = (request.body.decode() or request.path)[:70]
                attack.promise("without hints no name is guessed", is_kept=False, seen=asked)


HOLDING: Sequence[Kind] = (
    Kind(name="silence", promise="a head must come within 10 s", play=_silence),
    Kind(name="begun-heads", promise="a head must come within 10 s", play=_begun_heads),
    Kind(name="begun-bodies", promise="bodies must come within 30 s, and are counted together", play=_begun_bodies),
    Kind(name="slow-heads", promise="a head must come within 10 s", play=_slow_heads),
    Kind(name="slow-bodies", promise="a body must come within 30 s", play=_slow_bodies),
    Kind(name="slow-readers", promise="unsent answers are counted together", flood=True, play=_slow_readers),
    Kind(name="many-connections", promise="connections are counted", flood=True, play=_many_connections),
    Kind(
        name="large-answers",
        promise="the bytes of an answer are bounded",
        flood=True,
        play=_large_answers,
        environment={"NEWSSTAND_MAX_BATCH": f"{_BATCH}", "NEWSSTAND_MAX_ANSWER_BYTES": f"{_MOST_SENT}"},
    ),
    Kind(name="big-head", promise="a head has 128 KiB at most", play=_big_head),
    Kind(
        name="no-descriptors",
        promise="a limit on connections lies below the limit on descriptors",
        play=_no_descriptors,
        descriptors=_DESCRIPTORS,
    ),
    Kind(name="overload", promise="a bounded queue, and 503 at once behind it", flood=True, play=_overload),
    Kind(name="gone-clients", promise="clients that go leave no traceback", flood=True, play=_gone),
    Kind(name="odd-requests", promise="odd requests are refused, and JSON has nosniff", play=_odd_requests),
    Kind(
        name="hints",
        promise="without hints no name is guessed",
        play=_hints,
        environment={"NEWSSTAND_SCHEMA_HINTS": "off"},
    ),
)
"""By the promises about connections."""
