import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element

import pytest
from httpx2 import Response
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.config.settings import Settings
from indexer.article import Article, Image, Provider
from tests.gateway.feed_rules import ATOM, MEDIA, atom_feed, json_feed
from tests.gateway.http_client import application, serving, status_of, without_index
from tests.gateway.twice import Twice, steps
from tests.replacing import replace
from tests.samples import DAY, NOW, full, plain

FEEDS = ("/feed.atom", "/feed.json")
ARTICLES = (
    *(replace(plain(f"n/{number}"), published_date_time=NOW - number * DAY, topics=("AI",)) for number in range(5)),
    replace(plain("draft"), title="Unseen", published=False),
    replace(plain("future"), title="Unseen", published_date_time=NOW + 365_000 * DAY),
)
SITE = Settings(
    public_url="https://api.example/news/", site_url="https://www.example/news", feed_title="Example & Sons"
)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


async def fetch(path: str, *articles: Article, given: Settings | None = None) -> Response:
    async with serving(articles, given) as http:
        response = await http.get(path)
    assert response.status_code == 200, response.text
    return response


async def atom(query: str, *articles: Article, given: Settings | None = None) -> Element:
    return atom_feed((await fetch(f"/feed.atom{query}", *articles, given=given)).content)


def link(element: Element, relation: str) -> str | None:
    found = [each.get("href") for each in element.findall(f"{ATOM}link") if each.get("rel") == relation]
    return found[0] if found else None


async def test_an_atom_feed_has_all_of_an_article():
    root = await atom("", full("a"), given=replace(SITE, asset_base_url="https://img.example"))
    [entry] = root.findall(f"{ATOM}entry")
    texts = [entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated", "published", "summary")]
    assert texts == [
        "https://naive.example/a",
        "C++ café opens in 東京",
        "2024-05-31T12:00:00Z",
        "2024-05-30T12:00:00.123457Z",
        "Runners ran.\nThey run\tagain: <b>A.I.</b> & GPT-4",
    ]
    assert link(entry, "alternate") == "https://naive.example/a"
    assert [each.text for each in entry.findall(f"{ATOM}author/{ATOM}name")] == ["Ann Lee", "Bo Ødegård"]
    assert [each.get("term") for each in entry.findall(f"{ATOM}category")] == ["AI", "Machine Learning", "東京"]
    [thumbnail] = entry.findall(f"{MEDIA}thumbnail")
    assert thumbnail.get("url") == "https://img.example/assets/portrait.png"


async def test_a_json_feed_has_all_of_an_article():
    given = replace(SITE, asset_base_url="https://img.example")
    feed = json_feed((await fetch("/feed.json", full("a"), given=given)).content)
    assert feed["items"] == [
        {
            "id": "https://naive.example/a",
            "url": "https://naive.example/a",
            "title": "C++ café opens in 東京",
            "content_text": "Runners ran.\nThey run\tagain: <b>A.I.</b> & GPT-4",
            "date_published": "2024-05-30T12:00:00.123457Z",
            "date_modified": "2024-05-31T12:00:00Z",
            "authors": [{"name": "Ann Lee"}, {"name": "Bo Ødegård"}],
            "language": "en-GB",
            "tags": ["AI", "Machine Learning", "東京"],
            "image": "https://img.example/assets/portrait.png",
        }
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/a.png", "http://n.example/a.png"),
        ("//i.example/b.png", "https://i.example/b.png"),
        ("https://i.example/c.png", "https://i.example/c.png"),
    ],
)
async def test_an_image_has_an_absolute_address(url: str, expected: str):
    article = replace(plain("a"), images=(Image(url=url), Image(url="https://i.example/d.png")))
    assert json_feed((await fetch("/feed.json", article)).content)["items"][0]["image"] == expected
    [thumbnail] = (await atom("", article)).iter(f"{MEDIA}thumbnail")
    assert thumbnail.get("url") == expected


async def test_an_article_without_an_excerpt_has_its_title_as_content():
    feed = json_feed((await fetch("/feed.json", plain("a"))).content)
    assert feed["items"][0]["content_text"] == "Harvest begins"
    assert (await atom("", plain("a"))).find(f"{ATOM}entry/{ATOM}summary") is None


async def test_the_lead_stands_in_for_an_excerpt_that_is_missing():
    article = replace(plain("a"), lead="Owls & mice.", body="Owls & *mice*.")
    feed = json_feed((await fetch("/feed.json", article)).content)
    assert feed["items"][0]["content_text"] == "Owls & mice."
    assert (await atom("", article)).findtext(f"{ATOM}entry/{ATOM}summary") == "Owls & mice."


async def test_a_feed_says_whose_it_is_and_where():
    query = "?q=harvest%20begins&topic=AI&provider=daily.example"
    root = await atom(query, *ARTICLES, given=SITE)
    address = "https://api.example/news/feed.atom?q=harvest+begins&topic=AI&provider=daily.example"
    assert root.findtext(f"{ATOM}title") == "Example & Sons: “harvest begins”, AI, daily.example"
    assert root.findtext(f"{ATOM}id") == address
    assert (link(root, "self"), link(root, "alternate")) == (address, "https://www.example/news")
    feed = json_feed((await fetch(f"/feed.json{query}", *ARTICLES, given=SITE)).content)
    assert feed["title"] == "Example & Sons: “harvest begins”, AI, daily.example"
    assert (feed["feed_url"], feed["home_page_url"]) == (address.replace("atom", "json"), "https://www.example/news")


async def test_without_settings_a_feed_is_where_it_was_asked_for():
    root = await atom("", plain("a"))
    assert (link(root, "self"), link(root, "alternate")) == ("http://n.example/feed.atom", "http://n.example/")


@pytest.mark.parametrize("host", [b"", b"n.example/<script>", b"a b", b"[", b"\xff", b"n.example:x"])
async def test_a_host_that_cannot_be_one_is_refused(host: bytes):
    async with application([plain("a")]) as app:
        assert await status_of(app, "/feed.atom", b"", [(b"host", host)]) == 400
    async with application([plain("a")], SITE) as app:
        assert await status_of(app, "/feed.atom", b"", [(b"host", host)]) == 200


@pytest.mark.parametrize(("days", "updated"), [(-1, "2024-06-01T12:00:00Z"), (-9, None), (3650, None)])
async def test_a_change_before_publication_or_yet_to_come_is_none(days: int, updated: str | None):
    article = replace(plain("a"), published_date_time=NOW - 2 * DAY, updated_date_time=NOW + (days + 1) * DAY)
    [item] = json_feed((await fetch("/feed.json", article)).content)["items"]
    assert item.get("date_modified") == updated
    assert item["authors"] == [{"name": "daily.example"}]


async def test_a_feed_is_as_new_as_its_newest_article():
    root = await atom("?ranking=oldest&to=2024-05-30", *ARTICLES)
    assert root.findtext(f"{ATOM}updated") == "2024-05-30T12:00:00Z"


async def test_a_feed_without_articles_is_a_feed():
    root = await atom("?q=nothing", plain("a"))
    assert root.findall(f"{ATOM}entry") == []
    assert json_feed((await fetch("/feed.json?q=nothing", plain("a"))).content)["items"] == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["n/0", "n/1", "n/2", "n/3", "n/4"]),
        ("?q=harvest&first=2", ["n/0", "n/1"]),
        ("?topic=ai&ranking=oldest&first=1", ["n/4"]),
        ("?to=2024-05-29", ["n/3", "n/4"]),
        ("?topic=sport", []),
    ],
)
async def test_a_feed_is_of_any_search_and_newest_first_unless_asked_otherwise(query: str, expected: list[str]):
    feed = json_feed((await fetch(f"/feed.json{query}", *ARTICLES)).content)
    assert [item["url"].removeprefix("https://daily.example/") for item in feed["items"]] == expected
    entries = (await atom(query, *ARTICLES)).findall(f"{ATOM}entry")
    assert [link(entry, "alternate") for entry in entries] == [item["url"] for item in feed["items"]]


async def test_a_feed_of_words_too_is_newest_first():
    better = replace(plain("old"), title="Quince, quince, quince", published_date_time=NOW - 9 * DAY)
    worse = replace(plain("new"), title="A long title about a quince among many other words")
    feed = json_feed((await fetch("/feed.json?q=quince", better, worse)).content)
    ranked = json_feed((await fetch("/feed.json?q=quince&ranking=relevance", better, worse)).content)
    assert [item["id"] for item in feed["items"]] == ["https://daily.example/new", "https://daily.example/old"]
    assert [item["id"] for item in ranked["items"]] == ["https://daily.example/old", "https://daily.example/new"]


async def test_the_pages_of_a_feed_lead_through_all_of_it():
    found: dict[str, list[str | None]] = {"json": [], "atom": []}
    addresses: list[str | None] = []
    async with serving(ARTICLES) as http:
        address: str | None = "http://n.example/feed.json?first=2"
        while address:
            feed = json_feed((await http.get(address)).content)
            assert feed["feed_url"] == "http://n.example/feed.json?first=2"
            found["json"] += [item["url"] for item in feed["items"]]
            address = feed.get("next_url")
        address = "http://n.example/feed.atom?first=2"
        while address:
            root = atom_feed((await http.get(address)).content)
            addresses.append(link(root, "self"))
            assert root.findtext(f"{ATOM}id") == "http://n.example/feed.atom?first=2"
            found["atom"] += [link(entry, "alternate") for entry in root.findall(f"{ATOM}entry")]
            address = link(root, "next")
    expected = [f"https://daily.example/n/{number}" for number in range(5)]
    assert found == {"json": expected, "atom": expected}
    assert len(set(addresses)) == 3


@pytest.mark.parametrize("spelling", ["HTTPS://Daily.Example/n/", "http://daily.example:80/n#top"])
async def test_an_item_stays_the_same_however_its_address_is_spelled(spelling: str):
    one = json_feed((await fetch("/feed.json", replace(plain("a"), web_url="https://daily.example/n"))).content)
    other = json_feed((await fetch("/feed.json", replace(plain("b"), web_url=spelling))).content)
    assert one["items"][0]["id"] == other["items"][0]["id"]


@pytest.mark.parametrize(
    "hostile",
    [
        "]]>",
        "<script>alert(1)</script>",
        "&amp; &lt; &#0; &bogus; %s",
        "\x00\x01\x08\x0b\x0c\x1f control \ufffe\uffff",
        "<!-- <![CDATA[ <?xml?>",
        "\u202e\u05e2\u05d1\u05e8\u05d9\u05ea \u0627\u0644\u0639\u0631\u0628\u064a\u0629\u202c",
        "👩\u200d👩\u200d👧 🏳️\u200d🌈 é \U0010ffff",
        "\"quoted' = \\ \x85 \x9f \u2028",
    ],
)
async def test_hostile_text_is_only_text(hostile: str):
    article = replace(
        plain("a"),
        title=hostile,
        excerpt=hostile,
        topics=(hostile,),
        provider=Provider(domain="daily.example", name=hostile),
    )
    shown = FORBIDDEN.sub("", hostile)
    [entry] = (await atom("", article, given=replace(SITE, feed_title=hostile))).findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}{name}") for name in ("title", "summary")] == [shown, shown]
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == shown
    [item] = json_feed((await fetch("/feed.json", article)).content)["items"]
    assert (item["title"], item["content_text"], item["tags"]) == (hostile, hostile, [hostile])


@settings(max_examples=15)
@given(st.lists(st.tuples(st.text(), st.text(max_size=10)), min_size=1, max_size=20))
async def test_whatever_articles_hold_a_feed_is_valid(drawn: list[tuple[str, str]]):
    articles = [
        replace(plain(f"{place}"), title=title, topics=(title,), web_url=f"https://daily.example/{place}/{path}")
        for place, (title, path) in enumerate(drawn)
    ]
    entries = (await atom("", *articles)).findall(f"{ATOM}entry")
    plain_text = {FORBIDDEN.sub("", article.title).replace("\r\n", "\n").replace("\r", "\n") for article in articles}
    assert {entry.findtext(f"{ATOM}title") for entry in entries} == plain_text
    assert len(json_feed((await fetch("/feed.json", *articles)).content)["items"]) == len(articles)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/feed.atom", "application/atom+xml; charset=utf-8"), ("/feed.json", "application/feed+json")],
)
async def test_a_feed_names_its_format(path: str, media_type: str):
    response = await fetch(path, plain("a"))
    assert response.headers["content-type"] == media_type


@pytest.mark.parametrize("path", FEEDS)
async def test_drafts_and_later_articles_are_in_no_feed(path: str):
    seen = await fetch(path, *ARTICLES)
    assert "Unseen" not in seen.text
    assert parsedate_to_datetime(seen.headers["last-modified"]) <= datetime.now(UTC)


@pytest.mark.parametrize("path", FEEDS)
async def test_only_reading_is_possible(path: str):
    async with serving(ARTICLES) as http:
        full_answer, head, posted = await http.get(path), await http.head(path), await http.post(path)
        missing = await http.get(f"{path}.xml")
    assert head.status_code == 200
    for name in ("etag", "last-modified", "content-type", "content-length"):
        assert head.headers[name] == full_answer.headers[name]
    assert (posted.status_code, posted.headers["allow"], missing.status_code) == (405, "GET, HEAD", 404)


@pytest.mark.parametrize("path", FEEDS)
async def test_a_feed_of_nonsense_is_refused(path: str):
    async with serving(ARTICLES) as http:
        response = await http.get(f"{path}?tpoic=ai")
    assert (response.status_code, response.json()["errors"][0]["message"]) == (
        400,
        "'tpoic': there is no such parameter; did you mean topic?",
    )


async def test_without_an_index_a_feed_is_unavailable_for_now():
    async with without_index() as http:
        assert (await http.get("/feed.atom")).status_code == 503


@pytest.mark.parametrize("path", FEEDS)
@given(steps=steps)
async def test_feeds_are_the_same_whether_results_are_at_hand_or_not(
    path: str, steps: list[tuple[str, int, bool, timedelta]]
):
    both, following = Twice(), dict[str, str]()
    for asked, first, goes_on, passing in steps:
        address = following.get(asked, "") if goes_on else ""
        answer = await both.get(address or f"{path}?{asked}&first={first}", passing=passing)
        following[asked] = answer.json().get("next_url", "") if path == "/feed.json" else ""
