"""Random articles and searches, drawn from few values so that ties and shared topics, providers and URLs happen."""

from datetime import datetime, timedelta

from hypothesis import strategies as st

from indexer.article import Article, Extra, Image, Provider, Related
from indexer.canonical import canonical_topic, canonical_url
from indexer.search.facets import Calendar, FacetField, FacetOrder, FacetRequest, SpreadRequest
from indexer.search.filters import (
    AllOf,
    Among,
    AnyOf,
    AtLeast,
    Filter,
    HasImage,
    Not,
    NumberField,
    PublishedBefore,
    PublishedFrom,
    TermField,
)
from indexer.search.ranking import End, Ranking, Window
from indexer.search.requests import SearchRequest
from tests.samples import DAY, MOMENT, NOW

KEYS = ("a", "b", "B", "a/b", "a-b", "news/1", "news/10", "news/2", "é", "京")
INSTANTS = (NOW, NOW - MOMENT, NOW - DAY, NOW - 2 * DAY, NOW - 20_000 * DAY, NOW + MOMENT, NOW + 3 * DAY)
CLOCKS = (NOW, NOW - DAY, NOW + MOMENT, NOW + 7 * DAY, NOW - 30_000 * DAY)
WORDS = (
    *("run", "running", "runs", "Runners", "the", "IT", "it", "café", "cafe", "CAFÉ", "Müller's", "resume", "résumé"),
    *("C++", "C", "C#", ".NET", "U.S.", "US", "us", "A.I.", "AI", "GPT-4", "GPT4", "GPT", "4", "wi-fi", "wifi", "5G"),
    *(
        "1,250",
        "1250",
        "1.5",
        "15",
        "2-1",
        "Wi\u00adFi",
        "5\ufe0f\u20e3",
        "GPT-4o",
        "\U0001f1e9\U0001f1ea",
        "\u201cAI\u201d",
        "&",
    ),
    *("東京", "東", "京都", "ラジオ", "Москва", "москвы", "OR", "or", "not", "daily"),
)
URLS = (
    *(
        "https://daily.example/1",
        "http://Daily.example/1/",
        "https://daily.example/2",
        "https://daily.example/2?page=2",
    ),
    *("https://weekly.example/amp/1", "https://weekly.example/é", "https://weekly.example/%C3%A9#top"),
)
TOPICS = ("AI", "ai", "Machine Learning", "machine  learning", "C++", "東京", "Élection", "the running cafe")
PROVIDERS = (
    Provider(domain="daily.example", name="The Daily"),
    Provider(domain="daily.example"),
    Provider(domain="weekly.example", name="Café Weekly", images=(Image(url="/logo.png"),)),
    Provider(domain="xn--mller-kva.example", name="東京 AI"),
)
CATEGORIES = ("news", "News", "opinion", "run")
AUTHORS = ("Ann Lee", "ann  LEE", "Bo Ødegård", "東京 AI")
EXTRAS = tuple(
    Extra.of(*extra) for extra in (("part", 2), ("part", None), ("series", "Owls"), ("series", ["Owls", 2.0]))
)
NUMBERS = (None, 0, 3, 5, 107, -1)
"""Qualities and heats: no two have the ratio of a power of two, so that rounding cannot decide what trends more."""

_TERMS = {
    TermField.TOPIC: TOPICS,
    TermField.PROVIDER: ("daily.example", "Weekly.EXAMPLE.", "nobody.example"),
    TermField.CATEGORY: CATEGORIES,
    TermField.TYPE: CATEGORIES,
    TermField.AUTHOR: AUTHORS,
    TermField.RELATED_URL: (*URLS, "no URL"),
    TermField.EXTRA: ("part=2", 'series="Owls"', 'series=["Owls",2]', "series=2", "part=null", "none=1"),
}

sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
images = st.lists(st.sampled_from((Image(url="/a.png"), Image(url="https://i.example/b", width=1))), max_size=2)
related = st.builds(Related, title=sentences, web_url=st.sampled_from(URLS), excerpt=st.none() | sentences)
articles = st.builds(
    Article,
    key=st.sampled_from(KEYS),
    title=sentences,
    published_date_time=st.sampled_from(INSTANTS),
    web_url=st.sampled_from(URLS) | st.integers(0, 99).map("https://daily.example/story/{}".format),
    provider=st.sampled_from(PROVIDERS),
    excerpt=st.none() | sentences,
    lead=st.none() | sentences,
    text=st.none() | sentences,
    category=st.sampled_from((None, *CATEGORIES)),
    type=st.sampled_from((None, *CATEGORIES)),
    quality=st.sampled_from(NUMBERS),
    heat=st.sampled_from(NUMBERS),
    published=st.sampled_from((True, True, True, False)),
    amp_web_url=st.sampled_from((None, *URLS)),
    cdn_amp_web_url=st.sampled_from((None, *URLS)),
    topics=st.lists(st.sampled_from(TOPICS), max_size=3, unique_by=canonical_topic).map(tuple),
    images=images.map(tuple),
    authors=st.lists(st.sampled_from(AUTHORS), max_size=2, unique_by=canonical_topic).map(tuple),
    updated_date_time=st.none() | st.sampled_from(INSTANTS),
    language=st.sampled_from((None, "en", "pt-BR")),
    extras=st.lists(st.sampled_from(EXTRAS), max_size=2, unique_by=lambda extra: extra.name).map(tuple),
    related=st.lists(related, max_size=2).map(tuple),
)


def corpora(*, max_size: int = 8) -> st.SearchStrategy[list[Article]]:
    """Lists of articles with different keys and different webUrls."""
    return st.lists(
        articles,
        max_size=max_size,
        unique_by=(lambda article: article.key, lambda article: canonical_url(article.web_url)),
    )


def among(field: TermField) -> st.SearchStrategy[Among]:
    """Conditions on one field, in all kinds of spelling, also with values that no article has."""
    return st.builds(Among, st.just(field), st.frozensets(st.sampled_from(_TERMS[field]), max_size=3))


def _combined(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    parts = st.lists(inner, max_size=3).map(tuple)
    return st.builds(AllOf, parts) | st.builds(AnyOf, parts) | st.builds(Not, inner)


_bounds: st.SearchStrategy[datetime] = st.sampled_from((*INSTANTS, NOW - timedelta(hours=1)))
_conditions: st.SearchStrategy[Filter] = st.one_of(
    st.sampled_from(TermField).flatmap(among),
    st.builds(AtLeast, st.sampled_from(NumberField), st.sampled_from((-1, 0, 1, 5, 107, 108))),
    st.builds(PublishedFrom, _bounds),
    st.builds(PublishedBefore, _bounds),
    st.builds(HasImage),
)
filters: st.SearchStrategy[Filter] = st.recursive(_conditions, _combined, max_leaves=6) | st.just(AllOf())

_typed = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).map("-{}".format),
    st.sampled_from(WORDS).map("{}*".format),
    st.sampled_from(("r*", "ca*", "g*", "OR", "-", "-the*", '"', "title:", "nobody")),
    st.tuples(st.sampled_from(("title", "excerpt", "body", "topic", "provider", "Title")), st.sampled_from(WORDS)).map(
        ":".join
    ),
    sentences.map('"{}"'.format),
    sentences.map('-excerpt:"{}"'.format),
)
texts = st.lists(_typed, min_size=1, max_size=3).map(" ".join) | st.text(max_size=8)
"""Texts that a person may type, and texts that only a cat on the keyboard would."""

offsets = st.just(0) | st.integers(0, 9)
windows = st.builds(Window, size=st.integers(0, 5), offset=offsets, end=st.sampled_from(End))
facet_fields: st.SearchStrategy[FacetField] = st.sampled_from((*TermField, *Calendar))
facet_requests = st.builds(
    FacetRequest,
    field=facet_fields,
    size=st.integers(0, 4),
    order=st.sampled_from(FacetOrder),
    prefix=st.sampled_from(("", "", " ", "run", "É", "machine le", "c++", "n", "20", "-", "京", "EXAMPLE")) | st.text(),
    filter=st.none() | filters,
)
spread_requests = st.builds(SpreadRequest, field=st.sampled_from(NumberField), filter=st.none() | filters)
requests = st.builds(
    SearchRequest,
    now=st.sampled_from(CLOCKS),
    text=st.just("") | texts,
    filter=filters,
    ranking=st.sampled_from(Ranking),
    window=windows,
    total=st.booleans(),
    facets=st.lists(facet_requests, max_size=2).map(tuple),
    spreads=st.lists(spread_requests, max_size=2).map(tuple),
    scores=st.booleans(),
)
