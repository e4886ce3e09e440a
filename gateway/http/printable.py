"""Text from files and clients, safe to look at on a terminal."""


def shown(text: str) -> str:
    r"""The text with escapes in place of characters that cannot be seen: `\x1b`, `\n`, `\u202e`.

    Titles, topics and file names may hold anything, also codes that move a terminal's cursor or forge a line.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else _escape(sign) for sign in text)


def _escape(sign: str) -> str:
    return sign.encode("unicode_escape").decode()
