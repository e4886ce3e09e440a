"""Two indexes that must answer alike: one of visible articles alone, and one in which others are hidden among them.

Hidden are drafts, articles dated later, deleted ones, and older versions of changed ones. They share words, topics,
providers and addresses with what is visible, and have many of their own that are nearly the same: so whatever counts
them, completes or corrects by them answers otherwise.
"""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from hypothesis import strategies as st

from indexer.article import Article, Extra, Image, Provider, Related
from tests.engine_place import Place, write
from tests.replacing import replace
from tests.samples import DAY, NOW

SHOWN_WORDS = (
    *("harbour", "harbours", "crane", "cranes", "ferry", "lighthouse", "light", "house", "keeper", "secret", "plan"),
    *("government", "goverment", "reserves", "reserve", "bonds", "oil", "prices", "x-ray", "O'Brien", "gold", "wort"),
    *("café", "東京", "C++", "AI", "embargo", "port", "ports", "machine", "learning", "a", "the", "of"),
)
HIDDEN_WORDS = (
    *("embargowort", "harbor", "harbors", "craine", "ferrry", "secretplan", "secrets", "plans", "keepers", "zeppelin"),
    *("xray", "obrien", "resreves", "goverments", "lighthouses", "hause", "golden", "machines", "lerning", "cafés"),
)
SHOWN_TOPICS = ("Harbours", "AI", "Machine Learning", "Gold", "東京")
HIDDEN_TOPICS = ("Embargowort", "harbours", "Golden Plans", "MACHINE LEARNING", "Machine Lerning")
SHOWN_PROVIDERS = (
    Provider(domain="daily.example", name="The Daily"),
    Provider(domain="daily.example"),
    Provider(domain="weekly.example", name="Harbour Weekly", images=(Image(url="/logo.png"),)),
    Provider(domain="evening.example", name="Embargo Evening"),
)
HIDDEN_PROVIDERS = (
    Provider(domain="daily.example", name="Embargo Daily", images=(Image(url="/hidden.png"),)),
    Provider(domain="harbor.example", name="Harbor Post"),
)


def _article(
    key: str, words: Sequence[str], topics: Sequence[str], providers: Sequence[Provider], hours: int
) -> Article:
    """An article made of such words; the same key makes the same one."""
    chance = Random(key)  # noqa: S311 - no secret
    number = chance.randrange(40)
    text = " ".join(chance.choices(words, k=chance.randint(3, 12)))
    kind = chance.choice(("excerpt", "excerpt", "lead", "neither"))
    return Article(
        key=key,
        title=" ".join(chance.choices(words, k=chance.randint(1, 5))),
        published_date_time=NOW - timedelta(hours=hours),
        web_url=f"https://daily.example/{key}",
        provider=chance.choice(providers),
        excerpt=text if kind == "excerpt" else None,
        lead=text if kind == "lead" else None,
        body=" ".join(chance.choices(words, k=20)) if kind != "neither" else None,
        authors=tuple(dict.fromkeys(chance.choices(topics, k=chance.randint(0, 2)))),
        language=chance.choice((None, "en", words[-1][:2])),
        extras=(Extra.of("series", chance.choice(words)),) * chance.randint(0, 1),
        category=chance.choice((None, "news", "opinion", words[0])),
        type=chance.choice((None, "article", words[-1])),
        quality=chance.choice((None, 5, 50, 90)),
        heat=chance.choice((None, 3, 40, 107)),
        amp_web_url=chance.choice((None, f"https://amp.example/{number}")),
        topics=tuple({topic.casefold(): topic for topic in chance.choices(topics, k=chance.randint(0, 3))}.values()),
        images=(Image(url="/a.png"),) * chance.randint(0, 1),
        related=tuple(
            Related(title="Quoted", web_url=f"https://daily.example/{kind}/{number}")
            for kind in chance.sample(("shown", "draft", "later", "gone"), k=chance.randint(0, 2))
        ),
    )


def shown(number: int) -> Article:
    """A visible article."""
    return _article(f"shown/{number}", SHOWN_WORDS, SHOWN_TOPICS, SHOWN_PROVIDERS, 1 + number // 2)


def _hidden(key: str, *, hours: int) -> Article:
    """An article that is not for anybody, more like the hidden ones than like the visible ones."""
    words, topics = (*SHOWN_WORDS, *HIDDEN_WORDS * 3), (*SHOWN_TOPICS, *HIDDEN_TOPICS)
    return _article(key, words, topics, (*SHOWN_PROVIDERS, *HIDDEN_PROVIDERS), hours)


VISIBLE = tuple(map(shown, range(90)))
DRAFTS = tuple(replace(_hidden(f"draft/{number}", hours=number), published=False) for number in range(30))
SCHEDULED = tuple(_hidden(f"later/{number}", hours=-1 - number) for number in range(30))
DELETED = tuple(_hidden(f"gone/{number}", hours=number) for number in range(30))
OLDER = tuple(replace(_hidden(article.key, hours=2), key=article.key) for article in VISIBLE[:24])
ALL_APPEARED = NOW + 7 * DAY
"""A time when all scheduled articles are visible."""
KEYS = [article.key for article in (*VISIBLE, *DRAFTS, *SCHEDULED, *DELETED)]


def write_hidden(place: Place) -> None:
    """The index with hidden articles, of several segments with deleted documents."""
    write(place, (*OLDER[:20], *VISIBLE[20:], *DELETED, *SCHEDULED, *DRAFTS[:10]))
    write(place, (*OLDER[20:], *VISIBLE[:20]), without=[article.key for article in DELETED[:10]])
    write(place, (*DRAFTS[10:], *(replace(article, published=False) for article in DELETED[10:20])))
    write(place, VISIBLE[20:24], without=[article.key for article in DELETED[20:]])
    write(place, VISIBLE[:1])


_ALL_WORDS = tuple(dict.fromkeys((*SHOWN_WORDS, *HIDDEN_WORDS)))
_LETTERS = st.sampled_from("abeorsté")


def _mistyped(drawn: tuple[str, int, str, str]) -> str:
    word, place, kind, letter = drawn
    place %= len(word)
    match kind:
        case "left out":
            return word[:place] + word[place + 1 :]
        case "added":
            return word[:place] + letter + word[place:]
        case "replaced":
            return word[:place] + letter + word[place + 1 :]
        case _:
            return word[:place] + word[place : place + 2][::-1] + word[place + 2 :]


words = st.sampled_from(_ALL_WORDS)
mistyped = st.tuples(
    words, st.integers(0, 20), st.sampled_from(("left out", "added", "replaced", "swapped")), _LETTERS
).map(_mistyped)
prefixes = st.tuples(words | mistyped, st.integers(1, 8)).map(lambda drawn: drawn[0][: drawn[1]])
_word = st.one_of(words, mistyped, mistyped, st.tuples(words, words).map("".join))
_part = st.one_of(
    _word,
    _word,
    _word.map("-{}".format),
    prefixes.map("{}*".format),
    st.tuples(st.sampled_from(("title", "excerpt", "topic", "provider")), _word).map(":".join),
    st.lists(_word, min_size=2, max_size=3).map(lambda some: f'"{" ".join(some)}"'),
    st.tuples(_word, _word).map(" OR ".join),
)
texts = st.lists(_part, min_size=1, max_size=4).map(" ".join)
"""Searches: words of visible and of hidden articles, often misspelt, joined, begun, excluded, or of one field."""
typed = st.one_of(prefixes, st.lists(_word, min_size=1, max_size=2).map(" ".join), prefixes.map("{} ".format))
"""Texts in a search box while somebody types."""
