"""The peers' indexes of a corpus, each built once."""

import shutil
import subprocess
import sys
from pathlib import Path

from corpora.corpus import Corpus


def peer_index(name: str, corpus: Corpus) -> Path:
    """The folder of a peer's index, which is made where it is missing."""
    folder = corpus.folder / name
    if not folder.exists():
        draft = folder.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)  # left by a run that was stopped
        command = [sys.executable, Path(__file__).parents[1] / "build_peer.py", name, corpus.documents, draft]
        subprocess.run(command, check=True)
        draft.rename(folder)
    return folder
