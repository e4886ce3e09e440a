"""The peers' indexes of a corpus, each built once."""

import subprocess
import sys
from pathlib import Path

from corpora.corpus import Corpus, made


def peer_index(name: str, corpus: Corpus) -> Path:
    """The folder of a peer's index, which is made where it is missing."""

    def build(folder: Path) -> None:
        command = [sys.executable, Path(__file__).parents[1] / "build_peer.py", name, corpus.documents, folder]
        subprocess.run(command, check=True)

    return made(corpus.folder / name, build)
