"""The arrays of a segment, by name."""

from indexer.whoosh_engine.storage.derived_arrays import derived
from tests.indexer.whoosh_engine.gathered import contents_of
from tests.indexer.whoosh_engine.segments import STEMS, taken
from tests.replacing import replace
from tests.samples import full

_VALUES = ("author", "category", "extra", "provider", "related_url", "topic", "type")
_ARTICLES = [replace(full("a"), text="Two paragraphs")]


def test_the_names_of_arrays_change_with_their_version_only() -> None:
    # A new field or ranking needs arrays that older files lack. So raise the version in `arrays_file.py`, and that in
    # `index_format.py` where the fields of the Whoosh index change, before adding a name here.
    columns = ("body_length", "excerpt_length", "has_image", "heat", "published_at", "quality", "title_length")
    orders = ("heat", "key", "newest", "oldest", "quality", "trending")
    tables = {"text": ("title", "excerpt", "body"), "topic": ("topic",), "provider": ("provider",)}
    parts = ("frequencies", "positions", "starts")
    values = [f"values.{name}" for name in _VALUES]
    values += [f"values.phrases.{kind}{part}" for kind in ("title", "topic", "provider") for part in ("", ".words")]
    assert derived(contents_of(_ARTICLES), taken(_ARTICLES).addresses(), STEMS).keys() == {
        *("keys", "addresses.hashes", "addresses.documents", "articles.starts", "articles.checksums"),
        *(f"number.{name}" for name in columns),
        *(f"order.{name}" for name in orders),
        *(f"{name}.{part}" for name in tables for part in ("terms", "offsets", "documents")),
        *(f"{name}.{part}" for name in tables for part in ("stems", "stem_offsets", "stem_terms")),
        *(f"{name}.{field}.{part}" for name, fields in tables.items() for field in fields for part in parts),
        *(f"{name}{part}" for name in values for part in ("", ".offsets", ".documents")),
    }


def test_a_field_that_no_article_has_takes_no_arrays() -> None:
    articles = [full("a"), full("b")]
    names = derived(contents_of(articles), taken(articles).addresses(), STEMS).keys()
    assert [name for name in names if ".body." in name] == []
    assert "text.excerpt.positions" in names
