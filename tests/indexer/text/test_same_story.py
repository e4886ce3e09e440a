"""Articles that tell the same story."""

from dataclasses import replace

import pytest

from indexer.article import Article
from indexer.text.same_story import Story
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
