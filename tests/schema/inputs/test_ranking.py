"""Clients can ask for every order that an engine knows, and for no other."""

from indexer.search import ranking as seam
from schema.inputs.ranking import Ranking


def test_rankings_have_the_names_that_engines_know() -> None:
    assert [ranking.name for ranking in Ranking] == [ranking.name for ranking in seam.Ranking]
