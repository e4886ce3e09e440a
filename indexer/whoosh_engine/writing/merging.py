"""Which segments a commit takes up into its own, so that there are never many and none is rewritten often."""

from collections.abc import Sequence

# A segment is taken up when it is at most so many times as large as all that is being written.
_RATIO = 3
# More segments than this are not kept, however large.
_MOST = 10


def absorbed(sizes: Sequence[int], added: int) -> list[int]:
    """The places of the segments to take up, given their sizes and the number of articles to be written.

    From the smallest on, each that is not much larger than all before it together: over many small commits an article
    is rewritten a logarithmic number of times.
    """
    places = sorted(range(len(sizes)), key=sizes.__getitem__)
    chosen: list[int] = []
    total = added
    for place in places:
        is_small = sizes[place] <= _RATIO * total
        is_too_many = len(sizes) - len(chosen) >= _MOST
        if not (is_small or is_too_many):
            break
        chosen.append(place)
        total += sizes[place]
    return chosen
