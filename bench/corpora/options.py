"""Options on the command line of comparisons on one corpus."""

import tempfile
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path


def corpus_options(description: str | None) -> ArgumentParser:
    """A parser of where the articles are, the seed of what is drawn, and the folder for what is made of them."""
    parser = ArgumentParser(description=description, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="an index, or a content folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "newsstand-bench")
    return parser
