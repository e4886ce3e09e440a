"""Articles to build tests from: a plain one under any key, and one that has everything."""

from datetime import UTC, datetime, timedelta

from indexer.article import Article, Extra, Image, Provider, Related

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def plain(key: str) -> Article:
    """An article with nothing but what every article has, published a day before `NOW`."""
    return Article(
        key=key,
        title="Harvest begins",
        published_date_time=NOW - DAY,
        web_url=f"https://daily.example/{key}",
        provider=Provider(domain="daily.example"),
    )


def full(key: str) -> Article:
    """An article with a value in every field, published two days before `NOW`, to the microsecond."""
    portrait = Image(url="/assets/portrait.png", width=640, height=480, title="A “portrait”")
    provider = Provider(domain="naïve.example", name="Naïve & Sons", images=(portrait, Image(url="https://i.example/")))
    return Article(
        key=key,
        title="C++ café opens in 東京",
        published_date_time=NOW - 2 * DAY + timedelta(microseconds=123457),
        web_url=f"https://naive.example/{key}",
        provider=provider,
        excerpt="Runners ran.\nThey run\tagain: <b>A.I.</b> & GPT-4",
        body="# Heading\n\nTwo paragraphs: “quoted”, and an emoji 🗞️.\n",
        category="news",
        type="article",
        quality=-3,
        heat=2**31 - 1,
        amp_web_url=f"https://naive.example/amp/{key}",
        cdn_amp_web_url=f"https://cdn.example/{key}",
        topics=("AI", "Machine Learning", "東京"),
        images=(portrait,),
        authors=("Ann Lee", "Bo Ødegård"),
        updated_date_time=NOW - DAY,
        language="en-GB",
        extras=(Extra.of("series", ["Owls", 2]), Extra.of("part", {"of": 3.5, "done": True, "by": None})),
        related=(_quoted(provider, portrait), Related(title="Bare", web_url="https://daily.example/bare")),
    )


def _quoted(provider: Provider, image: Image) -> Related:
    return Related(
        title="Quoted",
        web_url="https://daily.example/quoted",
        excerpt="What it says",
        published_date_time=NOW - 3 * DAY,
        amp_web_url="https://daily.example/amp/quoted",
        cdn_amp_web_url="https://cdn.example/quoted",
        type="article",
        quality=50,
        provider=provider,
        images=(image,),
    )
