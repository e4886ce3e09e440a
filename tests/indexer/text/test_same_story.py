"""Articles that tell the same story."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.text.same_story import Stories, Story
from tests.replacing import replace
from tests.samples import plain


def article(title: str, excerpt: str | None = None) -> Article:
    return replace(plain("a"), title=title, excerpt=excerpt)


@pytest.mark.parametrize(
    ("one", "other", "are_copies"),
    [
        (article("Café opens", "in May"), article("CAFE opens!", "Something else altogether"), True),
        (article("Owls return"), article("Return, owls"), True),
        (article("One two three four", "five six"), article("One two three four", "five"), True),
        (article("One two three four", "five"), article("Two three four", "five"), False),
        (article("One two three four five"), article("Two three four five"), False),
        (article("Owls return"), article("Owls return to the mill"), False),
        (article("!!!"), article("???"), False),
        (article("!!!", "owls"), article("???", "owls"), True),
    ],
)
def test_copies_have_the_same_title_or_nearly_the_same_words(one: Article, other: Article, *, are_copies: bool) -> None:
    assert Story(one).is_copy_of(Story(other)) is are_copies
    assert Story(other).is_copy_of(Story(one)) is are_copies


def test_an_article_is_a_copy_of_itself() -> None:
    assert Story(article("Owls")).is_copy_of(Story(article("Owls")))


TEXTS = st.lists(st.sampled_from("abcdefghijklmnopqrstuvw"), max_size=16).map(" ".join)
STORIES = st.lists(st.builds(article, TEXTS, TEXTS), max_size=12)


@given(STORIES)
def test_a_story_is_added_where_none_before_is_a_copy(articles: list[Article]) -> None:
    stories, added = Stories(), list[Story]()
    for each in map(Story, articles):
        is_new = not any(map(each.is_copy_of, added))
        assert stories.add(each) is is_new
        if is_new:
            added.append(each)


class Compared(Story):
    """A story that counts comparisons."""

    count = 0

    def is_copy_of(self, other: Story) -> bool:
        Compared.count += 1
        return super().is_copy_of(other)


def test_stories_that_share_few_words_are_not_compared() -> None:
    stories = Stories()
    for number in range(200):
        words = " ".join(f"{word}{number}" for word in ("mill", "owl", "barn"))
        assert stories.add(Compared(article(f"Zebra zero {words}")))
    assert Compared.count == 0
