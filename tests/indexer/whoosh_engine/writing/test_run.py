"""Articles put aside on disk, against the same ones in memory."""

from dataclasses import replace
from tempfile import TemporaryFile

import numpy as np

from indexer.whoosh_engine.writing.run import Run
from tests.indexer.whoosh_engine.gathered import assert_same
from tests.indexer.whoosh_engine.segments import taken
from tests.library import LIBRARY


def test_runs_in_one_file_give_back_what_was_put_aside_however_often() -> None:
    builders = [taken(LIBRARY[:9]), taken([]), taken(LIBRARY[9:20])]
    with TemporaryFile() as file:
        runs = [Run(file, builder.contents(), builder.addresses()) for builder in builders]
        for _ in range(2):
            for run, builder in zip(runs, builders, strict=True):
                contents = run.source(np.ones(len(run), dtype=bool)).contents
                assert len(run) == len(contents.articles) == len(builder)
                assert_same(replace(contents, articles=[*contents.articles]), builder.contents())
