"""The merge policy: segments that a commit merges into its own, so that they stay few and are seldom rewritten."""

from collections.abc import Sequence

# A segment is merged when it is at most so many times as large as all that is being written.
_RATIO = 3
# More segments than this are not kept, however large.
_MOST = 10


def absorbed(sizes: Sequence[int], added: int) -> list[int]:
    """The indexes of the segments to merge, from the sizes of all and the number of articles to be written.

    From the smallest on, each that is not much larger than all before it together: over many small commits an article
    is rewritten a logarithmic number of times.
    """
    by_size = sorted(range(len(sizes)), key=sizes.__getitem__)
    chosen: list[int] = []
    total = added
    for index in by_size:
        is_small = sizes[index] <= _RATIO * total
        is_too_many = len(sizes) - len(chosen) >= _MOST
        if not (is_small or is_too_many):
            break
        chosen.append(index)
        total += sizes[index]
    return chosen
