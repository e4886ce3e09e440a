"""Articles put aside on disk, against the same ones in memory."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from indexer.whoosh_engine.writing.run import Run
from tests.indexer.whoosh_engine.gathered import assert_same
from tests.indexer.whoosh_engine.segments import taken
from tests.library import LIBRARY


def test_a_run_gives_back_what_was_put_aside_however_often(tmp_path: Path) -> None:
    builder = taken(LIBRARY[:9])
    run = Run(tmp_path, builder.contents(), builder.addresses())
    source = run.source(np.ones(9, dtype=bool))
    for _ in range(2):
        in_memory = replace(source.contents, articles=[*source.contents.articles])
        assert_same(in_memory, builder.contents())
    assert len(run) == len(source.contents.articles) == 9
    run.close()


def test_a_run_has_no_name_that_a_killed_build_could_leave(tmp_path: Path) -> None:
    run = Run(tmp_path, taken(LIBRARY[:3]).contents(), taken(LIBRARY[:3]).addresses())
    assert [*tmp_path.iterdir()] == []
    run.close()
