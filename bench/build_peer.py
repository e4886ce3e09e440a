"""Builds one peer's index from a file of documents.

python bench/build_peer.py PEER DOCUMENTS FOLDER
"""

import sys
from pathlib import Path

from corpora.documents import read_documents
from peers.registry import peer

if __name__ == "__main__":
    name, documents, folder = sys.argv[1:]
    peer(name).build(read_documents(Path(documents)), Path(folder))
