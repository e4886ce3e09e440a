"""An article with a search's matches marked, with the attributes that the GraphQL type `Highlights` declares."""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.article import Article
from indexer.query import marked_text
from indexer.query.highlight import Highlighter
from indexer.query.tree import TextField


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedFragment:
    """A fragment, and the name of the element that marks its matches."""

    fragment: marked_text.Fragment
    mark: str

    @property
    def start(self) -> int:
        """In code points of the whole text."""
        return self.fragment.start

    @property
    def end(self) -> int:
        """In code points of the whole text."""
        return self.fragment.end

    @property
    def ranges(self) -> Sequence[marked_text.MarkedRange]:
        """The matches within the fragment."""
        return self.fragment.matches

    @property
    def html(self) -> str:
        """Safe to put into a page."""
        return self.fragment.html(self.mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedField:
    """A field's text with its matches, the element that marks them, and the longest fragment."""

    text: marked_text.MarkedText
    mark: str
    length: int

    @property
    def ranges(self) -> Sequence[marked_text.MarkedRange]:
        """All matches."""
        return self.text.matches

    @property
    def html(self) -> str:
        """Safe to put into a page."""
        return self.text.html(self.mark)

    @property
    def fragment(self) -> MarkedFragment:
        """The part with the best matches."""
        return MarkedFragment(fragment=self.text.fragment(self.length), mark=self.mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedArticle:
    """An article of a page. A field is marked when it is read."""

    article: Article
    highlighter: Highlighter
    mark: str
    length: int

    @property
    def title(self) -> MarkedField | None:
        """The title with its matches."""
        return self._marked(self.article.title, TextField.TITLE)

    @property
    def excerpt(self) -> MarkedField | None:
        """The excerpt, or the paragraph that stands in for it, with its matches."""
        return self._marked(self.article.summary, TextField.EXCERPT)

    @property
    def body(self) -> MarkedField | None:
        """The text of the body, where it is searched, with the matches of the stretch that shows them best."""
        text = self.article.text
        marked = self.highlighter.mark_stretch(text, TextField.BODY) if text else None
        return MarkedField(text=marked, mark=self.mark, length=self.length) if marked else None

    def _marked(self, text: str | None, field: TextField) -> MarkedField | None:
        marked = self.highlighter.mark(text, field) if text else None
        return MarkedField(text=marked, mark=self.mark, length=self.length) if marked else None
