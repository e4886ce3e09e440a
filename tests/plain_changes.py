"""Changes of a search, plainly: all that it found before, compared with all that it finds afterwards."""

from collections.abc import Mapping

from indexer.article import Article
from indexer.search.changes import Change, ChangeKind


def plain_changes(before: Mapping[str, Article], after: Mapping[str, Article]) -> list[Change]:
    """The changes from the articles before to those afterwards, by key."""
    changes = []
    for key in sorted({*before, *after}):
        if key not in before:
            changes.append(Change(kind=ChangeKind.ENTERED, key=key, article=after[key]))
        elif key not in after:
            changes.append(Change(kind=ChangeKind.LEFT, key=key, article=None))
        elif before[key] != after[key]:
            changes.append(Change(kind=ChangeKind.CHANGED, key=key, article=after[key]))
    return changes
