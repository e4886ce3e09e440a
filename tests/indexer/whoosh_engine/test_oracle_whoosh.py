"""Matches, against Whoosh's own search on the same folder; and so that plain Whoosh can read it."""

import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from sysconfig import get_path

import pytest
import Stemmer
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query as stock
from whoosh.index import open_dir
from whoosh.searching import Searcher

from indexer.article import Article
from indexer.query.parser import parse
from indexer.query.tree import SEARCHED, Every, Phrase, Prefix, Query, Some, TextField, Without, Word, within
from indexer.whoosh_engine.engine import WhooshEngine
from tests.asking import found
from tests.indexer.whoosh_engine.segments import ENGLISH, WITH_BODIES, split, write_segments
from tests.indexer.whoosh_engine.typed import searches
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.strategies import corpora


def by_stock_whoosh(folder: Path, text: str, searched: tuple[TextField, ...] = SEARCHED) -> set[str]:
    """The keys that Whoosh itself finds."""
    with open_dir(folder).searcher() as searcher:
        documents = searcher.docs_for_query(in_stock_terms(within(parse(text), searched), searcher))
        return {searcher.stored_fields(document)["key"] for document in documents}


def in_stock_terms(query: Query, searcher: Searcher) -> stock.Query:
    """The query as Whoosh's own, with the forms of every word spelled out."""
    match query:
        case Word(term, fields):
            return stock.Or([stock.Term(field, form) for field in fields for form in forms(searcher, field, term)])
        case Prefix(prefix, fields):
            return stock.Or([stock.Prefix(field, prefix) for field in fields])
        case Phrase(fields=fields):
            return stock.Or(
                [
                    stock.Phrase(field, list(spelling))
                    for field in fields
                    for spelling in product(*(spellings(searcher, field, word) for word in query.words()))
                ]
            )
        case Some(queries):
            return stock.Or([in_stock_terms(part, searcher) for part in queries])
        case Every(queries):
            return stock.And([stock.Every(), *(in_stock_terms(part, searcher) for part in queries)])
        case Without(part):
            return stock.And([stock.Every(), stock.Not(in_stock_terms(part, searcher))])


def spellings(searcher: Searcher, field: str, word: Word | Prefix) -> list[str]:
    """The words of the field that are forms of a word, or begin so."""
    if isinstance(word, Word):
        return forms(searcher, field, word.term)
    return [name.decode() for name in searcher.reader().lexicon(field) if name.decode().startswith(word.prefix)]


def forms(searcher: Searcher, field: str, term: str) -> list[str]:
    """The words of the field that have the term's stem."""
    stem = Stemmer.Stemmer("english").stemWord
    known = [name.decode() for name in searcher.reader().lexicon(field)]
    return [word for word in known if word == term or (word.isalpha() and term.isalpha() and stem(word) == stem(term))]


def visible(articles: Sequence[Article]) -> list[Article]:
    return [replace(article, published=True, published_date_time=NOW - DAY) for article in articles]


@settings(max_examples=60)
@given(st.data())
async def test_the_same_articles_match_in_any_number_of_segments(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    articles = visible(data.draw(corpora()))
    gone = {article.key for article in articles if data.draw(st.sampled_from((True, False, False)))}
    batches = split(articles, data.draw(st.integers(1, 3)))
    texts = data.draw(searches(articles))
    built = data.draw(st.sampled_from((ENGLISH, WITH_BODIES)))
    folder = write_segments(tmp_path_factory.mktemp("index"), batches, without=gone, built=built)
    engine = await WhooshEngine.open(folder)
    for text in texts:
        assert set(await found(engine, text)) == by_stock_whoosh(folder, text, built.searched)
    await engine.close()


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("owl", {"a", "b"}),
        ("owls mill", {"b"}),
        ("owl OR bat", {"a", "b", "c"}),
        ("-owl", {"c"}),
        ('"the mill"', {"b", "c"}),
        ('"owl in the mill"', {"b"}),
        ('"in mill the"', set()),
        ("mi*", {"b", "c", "d"}),
        ("nobody", set()),
    ],
)
async def test_words_or_not_phrases_and_prefixes_find_what_they_say(tmp_path: Path, text: str, keys: set[str]) -> None:
    # Two engines that never found anything would agree, too.
    titles = {"a": "An owl", "b": "Owls in the mill", "c": "Bats leave the mill", "d": "A mighty owl's mile"}
    articles = [replace(plain(key), title=title) for key, title in titles.items()]
    folder = write_segments(tmp_path / "index", split(articles, 2))
    engine = await WhooshEngine.open(folder)
    expected = keys | ({"d"} if text in ("owl", "owl OR bat") else set())
    assert set(await found(engine, text)) == by_stock_whoosh(folder, text) == expected
    await engine.close()


def test_plain_whoosh_reads_keys_and_counts_words(tmp_path: Path) -> None:
    folder = write_segments(tmp_path / "index", split([plain("a"), plain("b"), plain("c")], 2), without=["b"])
    with open_dir(folder).searcher() as searcher:
        assert sorted(fields["key"] for fields in searcher.all_stored_fields()) == ["a", "c"]
        assert [hit["key"] for hit in searcher.search(stock.Term("title", "harvest"))] in (["a", "c"], ["c", "a"])
        assert searcher.reader().doc_count_all() == 3
        assert searcher.reader().doc_count() == 2


BARE = """
import json, sys
sys.path.append(sys.argv[1])  # whoosh, and no `.pth` file of an installed Newsstand
from whoosh.index import open_dir
from whoosh.query import Term
with open_dir(sys.argv[2]).searcher() as searcher:
    keys = sorted(hit["key"] for hit in searcher.search(Term("title", "harvest")))
print(json.dumps([keys, sorted({name.partition(".")[0] for name in sys.modules} & {"indexer", "schema", "gateway"})]))
"""


def test_plain_whoosh_opens_and_searches_where_newsstand_is_not_installed(tmp_path: Path) -> None:
    # An index that pickled a class of ours could be read only here, and its modules could never be moved.
    folder = write_segments(tmp_path / "index", split([plain("a"), plain("b"), plain("c")], 2), without=["b"])
    command = [sys.executable, "-S", "-I", "-c", BARE, get_path("purelib"), folder]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [["a", "c"], []]
