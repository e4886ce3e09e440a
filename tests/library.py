"""A few dozen articles in which values repeat at different intervals, so that all their combinations occur."""

from datetime import timedelta

from indexer.article import Article, Image, Related
from tests.strategies import CATEGORIES, INSTANTS, NUMBERS, PROVIDERS, TOPICS, URLS, WORDS


def _article(number: int) -> Article:
    words = [WORDS[(number * step + step) % len(WORDS)] for step in range(1, 9)]
    return Article(
        key=f"news/{number}",
        title=" ".join(words[: 1 + number % 4]),
        published_date_time=INSTANTS[number % len(INSTANTS)] - timedelta(hours=number // 20),
        web_url=URLS[number // 12] if number % 12 == 0 else f"https://daily.example/story/{number}",
        provider=PROVIDERS[number % len(PROVIDERS)],
        excerpt=" ".join(words[4 : 4 + number % 5]) or None,
        category=(None, *CATEGORIES)[number % 5],
        type=(None, *CATEGORIES)[number % 3],
        quality=NUMBERS[number % len(NUMBERS)],
        heat=NUMBERS[number // 2 % len(NUMBERS)],
        published=number % 11 != 0,
        amp_web_url=(None, *URLS)[number % (len(URLS) + 1)],
        topics=tuple({topic.casefold(): topic for topic in (TOPICS[number % 8], TOPICS[number % 5], "AI")}.values()),
        images=(Image(url="/a.png"),) * (number % 3),
        related=tuple(Related(title="x", web_url=URLS[(number + step) % len(URLS)]) for step in range(number % 4)),
    )


LIBRARY = tuple(_article(number) for number in range(48))
"""The instants around `NOW`, drafts among them; some share AMP addresses with the webUrl of others."""
