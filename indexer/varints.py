"""Whole numbers in few bytes: seven bits in each, the highest bit set where more follow (LEB128, as in DWARF)."""

from collections.abc import Iterable

_MORE = 0x80
_LARGEST = 2**64


def packed(numbers: Iterable[int]) -> bytes:
    """The numbers, each from 0 to 2**64 - 1, one after another."""
    data = bytearray()
    for number in numbers:
        rest = number
        while rest >= _MORE:
            data.append(rest & 0x7F | _MORE)
            rest >>= 7
        data.append(rest)
    return bytes(data)


def unpacked(data: bytes) -> list[int]:
    """The numbers that were packed. Raises ValueError where the last is cut off or one is too large."""
    numbers, number, shift = [], 0, 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if number >= _LARGEST:
            raise ValueError("a number of more than 64 bits")
        if byte < _MORE:
            numbers.append(number)
            number = shift = 0
    if shift:
        raise ValueError("a number is cut off")
    return numbers
