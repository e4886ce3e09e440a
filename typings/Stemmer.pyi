# What Newsstand uses of PyStemmer, which ships no types.
class Stemmer:
    def __init__(self, algorithm: str) -> None: ...
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # the library's name
    def stemWords(self, words: list[str]) -> list[str]: ...  # noqa: N802  # the library's name

def algorithms() -> list[str]: ...
