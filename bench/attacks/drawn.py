"""Requests that are drawn: ordinary ones with changes of their document, body, headers, encoding or method."""

import gzip
import json
import random
import re
from collections.abc import Sequence
from urllib.parse import quote

from load.request import Answer

from attacks.attack import Attack, Kind

_REQUESTS = 20_000
_PATIENCE = 2.0  # seconds for an answer; a request may promise a body that never comes
_WORST = 0.1  # processor seconds of one request
_INTERNAL = re.compile(rb"Traceback|site-packages|\.py\b|<[a-z_.]+ object at 0x|\b(?:indexer|schema|gateway)\.\w+\.")
_DOCUMENTS = (
    "{ __typename }",
    "{ articles(first: 100) { totalCount nodes { key title excerpt webUrl related { title } images { url } } } }",
    'query Q($q: String = "owls", $n: Int = 5) { articles(search: $q, first: $n) { edges { cursor node { title } } } }',
    '{ articles(search: "facial recogniton zebra") { search { didYouMean leftOut words { word match found } } } }',
    '{ articles(filter: { topics: { any: ["ai"] } }) { facets { topics { totalCount values { value count } } } } }',
    '{ suggest(prefix: "fac", first: 8) { kind text count ranges { start end } article { webUrl } } }',
    '{ article(key: "a") { whyNot(search: "b") { rank reasons { kind message } } similar(first: 3) { title } } }',
    "{ __schema { types { name fields { name args { name type { ofType { name } } } } } } }",
    "fragment F on Article { title topics { name } } { a: articles { nodes { ...F } } b: articles { nodes { ...F } } }",
    "subscription { articleChanges { generation } }",
    "mutation { drop }",
)
_PIECES = (
    "{", "}", "(", ")", "[", "]", ":", "...", "$", "@skip(if: true)", "@include(if: $x)", '"', '"""', "#", "\\", "\\u",
    "9" * 90, "-0", "1e400", "null", "true", "first: -1", 'after: "AAAA"', "\u202e", "\ufeff", "\u0301" * 40, "\ud7ff",
    "on Article", "fragment", "query", "articles", "nodes { title }", "a: title ", "e\u0301", "\U0001d11e", "\x00",
)  # fmt: skip
_PATHS = (
    *("/graphql",) * 20, *("/search.json",) * 4, "/suggest.json", "/feed.atom", "/feed.json", "/readyz", "//",
    "/metrics", "/assets/../../etc/passwd", "/assets/%2e%2e/x", "/static//etc/passwd", "/nowhere", "/%00", "/graphql/",
)  # fmt: skip
_NAMES = (
    "Accept", "Accept-Encoding", "Content-Encoding", "Origin", "If-None-Match", "If-Modified-Since", "Range", "Cookie",
    "X-Request-ID", "X-Forwarded-For", "X-Forwarded-Host", "Upgrade", "Sec-WebSocket-Key", "Last-Event-ID", "TE",
    "Access-Control-Request-Method", "Expect",
)  # fmt: skip
_VALUES = (
    "", "*", "*/*;q=0", "text/html", "text/event-stream", "application/graphql-response+json", "multipart/mixed", "-1",
    "gzip", "gzip;q=0, br", "identity;q=0", "websocket", "h2c", "bytes=0-", "bytes=-1,0-0,5-1", 'W/"a"', '"a", *',
    "Thu, 01 Jan 1970 00:00:00 GMT", "https://other.example", "1e9", "x" * 7000, "a, " * 900, "\xff\xfe", ";;;=,",
)  # fmt: skip
_TYPES = (
    "application/json", "application/json; charset=utf-8", "application/json; charset=utf-16", "application/graphql",
    "text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json;;=", "",
)  # fmt: skip
_METHODS = ("POST", "GET", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get", "G(T")
_VARIABLES = (
    None, [], {}, 5, -1, 2**70, 1.5, True, "x", "\x00", ["a"] * 200, {"any": ["ai"]}, "e\u0301" * 300, [[[[[]]]]],
)  # fmt: skip
_EXTRAS = (
    "Q", 1, None, "sha256:0", {"persistedQuery": 7}, {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}},
)  # fmt: skip


def _changed(text: str, drawn: random.Random) -> str:
    """The text with a few stretches cut out, repeated, turned round or replaced."""
    for _ in range(drawn.choice((0, 0, 0, 1, 1, 2, 3))):
        start, end = sorted(drawn.choices(range(len(text) + 1), k=2))
        end = min(end, start + drawn.choice((1, 5, 40)))
        stretch, piece = text[start:end], drawn.choice(_PIECES)
        other = drawn.choice(("", stretch * 2, stretch * 30, stretch[::-1], piece, piece * 50))
        text = text[:start] + other + text[end:]
    return text


def _body(document: str, drawn: random.Random) -> bytes:
    """A body with the document, more or less."""
    fields: dict[str, object] = {"query": document}
    if drawn.randrange(2):
        named = {name: drawn.choice(_VARIABLES) for name in ("q", "n", "x")}
        fields["variables"] = drawn.choice((named, named, drawn.choice(_VARIABLES)))
    if not drawn.randrange(5):
        fields[drawn.choice(("operationName", "extensions", "documentId", "id"))] = drawn.choice(_EXTRAS)
    text = json.dumps(fields, ensure_ascii=bool(drawn.randrange(2)))
    whole = text.encode()
    if drawn.randrange(4):
        return whole
    start = drawn.randrange(len(whole))
    others = (
        whole[:start], whole[:start] + drawn.randbytes(5) + whole[start:], b"[" * drawn.choice((9, 5_000)), b"null",
        b"[%b, %b]" % (whole, whole), gzip.compress(whole), text.encode("utf-16"), b"\xef\xbb\xbf" + whole, b'"x"',
        drawn.randbytes(drawn.choice((0, 9, 3_000))), whole + whole,
    )  # fmt: skip
    return drawn.choice(others)


def _target(path: str, document: str, drawn: random.Random) -> str:
    """A path with parameters."""
    text, usual = (document, "query") if path == "/graphql" else (_changed("facial recogniton", drawn), "q")
    names = (*(usual,) * 9, "query", "q", "prefix", "topic", "first", "after", "from", "variables", "")
    pairs = [(drawn.choice(names), text[:3_000])]
    further = ("first", "ranking", "typing", "to")
    pairs += [(drawn.choice(further), drawn.choice(_PIECES)) for _ in range(drawn.choice((0, 0, 1, 2)))]
    return f"{path}?" + "&".join(f"{name}={quote(value)}" for name, value in pairs)


def request(port: int, drawn: random.Random) -> bytes:
    """A request as it goes over the wire, whose body has an end."""
    document, path = _changed(drawn.choice(_DOCUMENTS), drawn), drawn.choice(_PATHS)
    method = "POST" if path == "/graphql" and drawn.randrange(2) else "GET"
    if not drawn.randrange(12):
        method = drawn.choice(_METHODS)
    body = _body(document, drawn) if method != "GET" or not drawn.randrange(20) else b""
    host = f"127.0.0.1:{port}" if drawn.randrange(40) else drawn.choice(("", "..", "a b", "[::1"))
    headers = [("Host", host)]
    headers += [(drawn.choice(_NAMES), drawn.choice(_VALUES)) for _ in range(drawn.choice((0, 0, 1, 3)))]
    if body:
        content_type = drawn.choice(_TYPES) if not drawn.randrange(5) else _TYPES[0]
        headers += [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    version = "HTTP/1.1" if drawn.randrange(40) else drawn.choice(("HTTP/1.0", "HTTP/3", ""))
    target = _target(path, document, drawn) if method == "GET" or not drawn.randrange(10) else path
    lines = [f"{method} {target} {version}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


async def _drawn(attack: Attack) -> None:
    drawn = random.Random(1)  # noqa: S311 - a fixed draw, no secret
    slow = failures = leaks = 0
    for _ in range(attack.count(_REQUESTS)):
        written = request(attack.port, drawn)
        answer, took = await attack.measured(written, patience=_PATIENCE)
        is_failure = answer is not None and _is_failure(answer)
        is_leak = answer is not None and bool(_INTERNAL.search(answer.body + repr(answer.headers).encode()))
        slow, failures, leaks = slow + (took > _WORST), failures + is_failure, leaks + is_leak
        if took > _WORST or is_failure or is_leak:
            print(f"    {1000 * took:.0f} ms, {answer and answer.status}: {written[:1_000]!r}", flush=True)
    attack.promise("no status above 499 but 503 OVERLOADED", is_kept=not failures, seen=failures)
    attack.promise("nothing internal in an answer", is_kept=not leaks, seen=leaks)
    attack.promise("no request takes 100 ms of the processor", is_kept=not slow, seen=slow)


def _is_failure(answer: Answer) -> bool:
    return answer.status >= 500 and not (answer.status == 503 and b'"OVERLOADED"' in answer.body)  # noqa: PLR2004


DRAWN: Sequence[Kind] = (
    Kind(name="drawn", promise="no request is a failure of the server, whatever it is", play=_drawn),
)
