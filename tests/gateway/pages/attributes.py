"""The attributes of the elements of a page."""

from html.parser import HTMLParser


class _Attributes(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.all: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all |= {f"{tag}.{name}": value for name, value in attrs}


def attributes_of(html: str) -> dict[str, str | None]:
    """All attributes by `element.name`; of several, the last."""
    parser = _Attributes()
    parser.feed(html)
    return parser.all
